from typing import Literal

import pytest

from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Match
from bot.core.model.marked import plain
from bot.core.rules import RULES
from bot.core.rules.health_unknown_by_network import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import APP, answered, blind, case, document
from tests.core.networks import around

MESSAGE = (
    "The backend health status could not be retrieved. This happens when an NSG/UDR/Firewall on the"
    " application gateway subnet is blocking traffic on ports 65503-65534 in case of v1 SKU."
)


@pytest.mark.parametrize("state", ["unknown", "unhealthy"])
def test_matches_once_for_the_gateway(state: Literal["unknown", "unhealthy"]) -> None:
    two = document(servers=("10.1.5.11", "10.1.5.12"))
    assert len(matches(RULE, case(two, state=state, message=MESSAGE))) == 1


def test_says_why_the_network_is_not_known() -> None:
    (seen,) = RULE.check(case(state="unknown", message=MESSAGE))
    assert isinstance(seen, Match)
    assert "not checked" in plain(seen.evidence[1].text)
    (known,) = RULE.check(case(state="unknown", message=MESSAGE, network=around()))
    assert isinstance(known, Match)
    assert len(known.evidence) == 1


def test_what_could_not_be_fetched_is_not_called_unhealthy() -> None:
    made = diagnose(case(None, answered(APP), state="unhealthy", message=MESSAGE), RULES)
    assert made.verdict == "undecided"


def test_is_quiet_on_other_messages_and_on_none() -> None:
    assert quiet(RULE, case(state="unknown"))
    assert quiet(RULE, case(state=None))


def test_a_missing_permission_is_not_put_down_to_the_network() -> None:
    assert left_open(RULE, blind(None, answered(APP))) == {"gateway_reports_unhealthy"}
