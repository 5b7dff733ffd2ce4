import pytest

from bot.core.case.finding import Match
from bot.core.model.marked import plain
from bot.core.model.observation import Outcome
from bot.core.rules.chain_out_of_order import RULE
from tests.core.asking import left_open, quiet
from tests.core.make import NOT_SEEN, ROOT, answered, blind, case
from tests.core.rules.chains import IN_ROOT, ISSUING, LEAF, LISTED, NOT_IN_ROOT, v2

SHUFFLED = answered(LEAF, ROOT, ISSUING, trust=IN_ROOT)


def test_matches_and_says_the_right_order() -> None:
    (seen,) = RULE.check(
        case(v2(**LISTED), SHUFFLED, message="Intermediate certificate is missing")
    )
    assert isinstance(seen, Match)
    assert seen.confidence == "high"
    assert "CN=test.appgwtestase.com, then CN=issuing CA, then CN=private CA" in plain(seen.summary)


def test_is_less_sure_when_the_gateway_complains_of_something_else() -> None:
    (seen,) = RULE.check(case(v2(**LISTED), SHUFFLED, message="new words"))
    assert isinstance(seen, Match)
    assert seen.confidence == "medium"


def test_is_quiet_when_the_gateway_is_content_in_order_and_untrusted() -> None:
    assert quiet(RULE, case(v2(**LISTED), SHUFFLED, state="healthy"))
    assert quiet(RULE, case(v2(**LISTED), answered(LEAF, ISSUING, ROOT, trust=IN_ROOT)))
    assert quiet(RULE, case(v2(**LISTED), answered(LEAF, ROOT, ISSUING, trust=NOT_IN_ROOT)))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_handshake_is_left_open(outcome: Outcome) -> None:
    assert "root_not_trusted" in left_open(RULE, blind(v2(**LISTED), outcome))
