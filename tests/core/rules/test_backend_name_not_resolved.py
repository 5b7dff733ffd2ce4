from bot.core.finding import Seen
from bot.core.health import HealthNotKnown
from bot.core.observation import Unresolved
from bot.core.rules.backend_name_not_resolved import RULE
from tests.core.asking import doubts, matches, quiet
from tests.core.make import APP, answered, case, document

NAME = "app.internal.example"
MESSAGE = (
    "Application Gateway could not create a probe for this backend. This usually happens when the FQDN of"
    " the backend has not been entered correctly."
)
LOST = Unresolved(NAME, "no such name")


def test_matches_when_the_gateway_says_so() -> None:
    made = case(document(servers=(NAME,)), LOST, message=MESSAGE)
    assert matches(RULE, made) == [f"The gateway cannot resolve the name {NAME}."]


def test_matches_on_the_gateways_word_even_if_it_resolves_from_here() -> None:
    made = case(document(servers=(NAME,)), answered(APP), message=MESSAGE)
    (seen,) = RULE.check(made)
    assert isinstance(seen, Seen)
    assert len(seen.evidence) == 1


def test_is_quiet_when_the_gateway_reaches_it() -> None:
    assert quiet(RULE, case(document(servers=(NAME,)), LOST, state="healthy"))


def test_is_undecided_when_only_our_own_lookup_fails() -> None:
    made = case(document(servers=(NAME,)), LOST, health=HealthNotKnown("no permission"))
    assert "does not resolve from here" in doubts(RULE, made)[0]
