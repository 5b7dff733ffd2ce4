import pytest

from bot.core.model.observation import Outcome
from bot.core.rules.self_signed_not_ca import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import NOT_SEEN, answered, blind, case, document
from tests.core.rules.chains import CA_AS_SERVER, IN_ROOT, LISTED, LONELY, SELF_SIGNED, empty_v2, v2


def test_matches_also_when_it_was_uploaded() -> None:
    (summary,) = matches(RULE, case(empty_v2(), answered(SELF_SIGNED)))
    assert "not marked as a CA" in summary
    assert matches(RULE, case(v2(**LISTED), answered(SELF_SIGNED, trust=IN_ROOT)))


def test_is_quiet_when_it_is_a_ca_or_issued_by_another_and_on_v1() -> None:
    assert quiet(RULE, case(empty_v2(), answered(CA_AS_SERVER)))
    assert quiet(RULE, case(empty_v2(), answered(LONELY)))
    assert quiet(RULE, case(document(), answered(SELF_SIGNED)))


def test_is_quiet_when_not_validated() -> None:
    assert quiet(RULE, case(empty_v2(validateCertChainAndExpiry=False), answered(SELF_SIGNED)))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_handshake_is_left_open(outcome: Outcome) -> None:
    assert "root_not_trusted" in left_open(RULE, blind(empty_v2(), outcome))
