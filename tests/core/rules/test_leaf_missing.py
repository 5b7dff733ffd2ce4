from bot.core.observation import NotTried
from bot.core.rules.leaf_missing import RULE
from tests.core.asking import matches, quiet
from tests.core.make import ROOT, answered, case, document
from tests.core.rules.chains import CA_AS_SERVER, IN_ROOT, ISSUING, LEAF, LISTED, v2


def test_matches_when_only_cas_are_sent() -> None:
    (summary,) = matches(RULE, case(v2(**LISTED), answered(ISSUING, trust=IN_ROOT)))
    assert "only that of a CA (CN=issuing CA)" in summary
    assert matches(RULE, case(v2(**LISTED), answered(ISSUING, ROOT, trust=IN_ROOT)))


def test_is_quiet_when_a_ca_serves_as_the_leaf() -> None:
    assert quiet(RULE, case(v2(**LISTED), answered(CA_AS_SERVER, trust=IN_ROOT)))
    assert quiet(RULE, case(v2(**LISTED), answered(ROOT, trust=IN_ROOT)))


def test_is_quiet_with_a_leaf_on_v1_and_when_not_seen() -> None:
    assert quiet(RULE, case(v2(**LISTED), answered(LEAF, ISSUING, trust=IN_ROOT)))
    assert quiet(RULE, case(v2(**LISTED), answered(ISSUING, LEAF, trust=IN_ROOT)))
    assert quiet(RULE, case(document(), answered(ISSUING)))
    assert quiet(RULE, case(v2(), NotTried("outside")))
