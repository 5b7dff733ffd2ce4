from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Match
from bot.core.model.health import HealthNotKnown, SimulatedHealth
from bot.core.model.observation import NotConnected, NotTried
from bot.core.rules import RULES
from bot.core.rules.gateway_reports_unhealthy import RULE
from tests.core.asking import doubts, matches, quiet
from tests.core.make import APP, NOT_ALLOW_LISTED, SERVER, answered, case

OUTSIDE = NotTried("outside")


def test_matches_what_the_gateway_says_where_we_cannot_look() -> None:
    (seen,) = RULE.check(case(None, OUTSIDE, message=NOT_ALLOW_LISTED))
    assert isinstance(seen, Match)
    assert seen.confidence == "medium"
    assert "not among the allow-listed" in seen.summary
    assert NOT_ALLOW_LISTED in seen.evidence[0].text


def test_matches_with_high_confidence_where_we_looked_and_saw_nothing() -> None:
    (seen,) = RULE.check(case(None, answered(APP), message=None))
    assert isinstance(seen, Match)
    assert seen.confidence == "high"
    assert "no message" in seen.evidence[0].text


def test_is_quiet_when_healthy_on_paper_or_when_another_rule_speaks_of_the_connection() -> None:
    assert quiet(RULE, case(None, answered(APP), state="healthy"))
    assert quiet(RULE, case(None, answered(APP), health=SimulatedHealth()))
    cut = NotConnected("timeout", SERVER, "silence")
    assert quiet(RULE, case(None, cut, message="Cannot connect to server."))


def test_is_undecided_when_nobody_knows() -> None:
    blind = case(None, OUTSIDE, health=HealthNotKnown("no permission"))
    assert "no permission" in doubts(RULE, blind)[0]
    unknown = case(None, answered(APP), state="unknown", message="could not be retrieved")
    assert "could not be retrieved" in doubts(RULE, unknown)[0]


def test_is_undecided_where_only_our_own_look_is_content() -> None:
    for made in (
        case(None, answered(APP), health=HealthNotKnown("no permission")),
        case(None, answered(APP), state="unknown"),
        case(None, answered(APP), state=None),
    ):
        assert "from here the backend was reached" in doubts(RULE, made)[0]
        assert diagnose(made, RULES).verdict == "undecided"


def test_is_heard_only_where_nothing_else_explains() -> None:
    assert RULE.last_resort
    assert matches(RULE, case(None, OUTSIDE, message="new words"))
