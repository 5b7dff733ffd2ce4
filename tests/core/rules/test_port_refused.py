import pytest

from bot.core.case.finding import Match
from bot.core.model.health import HealthNotKnown
from bot.core.model.marked import plain
from bot.core.model.observation import NotConnected
from bot.core.rules.port_refused import RULE
from tests.core.asking import doubts, matches, quiet
from tests.core.make import APP, NOT_ALLOW_LISTED, SERVER, answered, case

REFUSED = NotConnected("refused", SERVER, "connection refused")
NO_CONNECTION = "Application Gateway could not connect to the backend."


def test_matches_with_high_confidence_when_the_gateway_cannot_connect_either() -> None:
    (seen,) = RULE.check(case(None, REFUSED, message=NO_CONNECTION))
    assert isinstance(seen, Match)
    assert (seen.confidence, plain(seen.summary)) == (
        "high",
        "Nothing accepts connections on 10.1.5.11 port 443.",
    )


@pytest.mark.parametrize("health", [HealthNotKnown("no permission"), None])
def test_matches_with_less_confidence_when_the_gateway_is_silent(
    health: HealthNotKnown | None,
) -> None:
    (seen,) = RULE.check(case(None, REFUSED, health=health))
    assert isinstance(seen, Match)
    assert seen.confidence == "medium"


def test_is_quiet_when_the_gateway_reaches_it_or_we_do() -> None:
    assert quiet(RULE, case(None, REFUSED, state="healthy"))
    assert quiet(RULE, case(None, answered(APP)))


def test_is_undecided_when_the_gateway_gets_further_than_we_do() -> None:
    assert "gets further" in doubts(RULE, case(None, REFUSED, message=NOT_ALLOW_LISTED))[0]
    assert matches(RULE, case(None, REFUSED, message="something new"))
