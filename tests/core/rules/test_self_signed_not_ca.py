from bot.core.observation import NotTried
from bot.core.rules.self_signed_not_ca import RULE
from tests.core.asking import matches, quiet
from tests.core.make import answered, case, document
from tests.core.rules.chains import CA_AS_SERVER, IN_ROOT, LISTED, LONELY, SELF_SIGNED, empty_v2, v2


def test_matches_also_when_it_was_uploaded() -> None:
    (summary,) = matches(RULE, case(empty_v2(), answered(SELF_SIGNED)))
    assert "not marked as a CA" in summary
    assert matches(RULE, case(v2(**LISTED), answered(SELF_SIGNED, trust=IN_ROOT)))


def test_is_quiet_when_it_is_a_ca_or_issued_by_another_and_on_v1() -> None:
    assert quiet(RULE, case(empty_v2(), answered(CA_AS_SERVER)))
    assert quiet(RULE, case(empty_v2(), answered(LONELY)))
    assert quiet(RULE, case(document(), answered(SELF_SIGNED)))


def test_is_quiet_when_not_validated_or_not_seen() -> None:
    assert quiet(RULE, case(empty_v2(validateCertChainAndExpiry=False), answered(SELF_SIGNED)))
    assert quiet(RULE, case(empty_v2(), NotTried("outside")))
