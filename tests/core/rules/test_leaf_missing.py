import pytest

from bot.core.model.observation import Outcome
from bot.core.rules.leaf_missing import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import NOT_SEEN, ROOT, answered, blind, case, document
from tests.core.rules.chains import CA_AS_SERVER, IN_ROOT, ISSUING, LEAF, LISTED, v2


def test_matches_when_only_cas_are_sent() -> None:
    (summary,) = matches(RULE, case(v2(**LISTED), answered(ISSUING, trust=IN_ROOT)))
    assert "only that of a CA (CN=issuing CA)" in summary
    assert matches(RULE, case(v2(**LISTED), answered(ISSUING, ROOT, trust=IN_ROOT)))


def test_is_quiet_when_a_ca_serves_as_the_leaf() -> None:
    assert quiet(RULE, case(v2(**LISTED), answered(CA_AS_SERVER, trust=IN_ROOT)))
    assert quiet(RULE, case(v2(**LISTED), answered(ROOT, trust=IN_ROOT)))


def test_is_quiet_with_a_leaf_and_on_v1() -> None:
    assert quiet(RULE, case(v2(**LISTED), answered(LEAF, ISSUING, trust=IN_ROOT)))
    assert quiet(RULE, case(v2(**LISTED), answered(ISSUING, LEAF, trust=IN_ROOT)))
    assert quiet(RULE, case(document(), answered(ISSUING)))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_handshake_is_left_open(outcome: Outcome) -> None:
    assert "root_not_trusted" in left_open(RULE, blind(v2(), outcome))
