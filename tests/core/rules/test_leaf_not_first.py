import pytest

from bot.core.model.observation import Outcome
from bot.core.rules.leaf_not_first import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import ILB, NOT_SEEN, answered, blind, case, document, root
from tests.core.rules.chains import CA_AS_SERVER, IN_ROOT, ISSUING, LEAF, LISTED, v2


def test_matches_a_ca_before_the_leaf() -> None:
    (summary,) = matches(RULE, case(v2(**LISTED), answered(ISSUING, LEAF, trust=IN_ROOT)))
    assert "CN=issuing CA comes before its own certificate" in summary
    assert matches(RULE, case(v2(**LISTED), answered(root(), LEAF, trust=IN_ROOT)))


def test_matches_a_certificate_for_another_name_before_the_right_one() -> None:
    assert matches(RULE, case(v2(**LISTED), answered(ILB, LEAF, trust=IN_ROOT)))


def test_is_quiet_when_the_leaf_is_first_whatever_follows() -> None:
    assert quiet(RULE, case(v2(**LISTED), answered(LEAF, ISSUING, trust=IN_ROOT)))
    assert quiet(RULE, case(v2(**LISTED), answered(LEAF, ILB, trust=IN_ROOT)))
    assert quiet(RULE, case(v2(**LISTED), answered(ILB, trust=IN_ROOT)))
    assert quiet(RULE, case(v2(**LISTED), answered(CA_AS_SERVER, trust=IN_ROOT)))


def test_is_quiet_on_v1() -> None:
    assert quiet(RULE, case(document(), answered(ISSUING, LEAF)))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_handshake_is_left_open(outcome: Outcome) -> None:
    assert "root_not_trusted" in left_open(RULE, blind(v2(), outcome))
