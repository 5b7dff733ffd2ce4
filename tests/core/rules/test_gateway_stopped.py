from bot.core.rules.gateway_stopped import RULE
from tests.core.asking import matches, quiet
from tests.core.make import case, document


def test_matches_a_stopped_gateway() -> None:
    stopped = case(document(operationalState="Stopped"))
    assert matches(RULE, stopped) == ["The gateway is stopped, so it serves nobody."]


def test_is_quiet_on_a_running_gateway_and_where_the_state_is_not_told() -> None:
    assert quiet(RULE, case(document()))
    assert quiet(RULE, case(document(operationalState=None)))
