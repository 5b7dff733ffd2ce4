import pytest

from bot.core.model.observation import Outcome
from bot.core.rules.path_length_exceeded import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import NOT_SEEN, ROOT, answered, blind, case, document
from tests.core.rules.chains import IN_ROOT, ISSUING, LEAF, LISTED, empty_v2, refused, v2


@pytest.mark.parametrize("code", [22, 25, 38])
def test_matches_its_codes_and_names_the_certificate(code: int) -> None:
    seen = answered(LEAF, ISSUING, ROOT, trust=refused(code, ISSUING, 1))
    (summary,) = matches(RULE, case(v2(**LISTED), seen))
    assert f"the certificate {ISSUING.subject} " in summary
    assert f"(OpenSSL error {code}, X509_V_ERR_" in summary


def test_is_quiet_where_the_chain_is_accepted_not_checked_or_refused_for_another_reason() -> None:
    assert quiet(RULE, case(v2(**LISTED), answered(LEAF, ISSUING, trust=IN_ROOT)))
    bad = answered(LEAF, ISSUING, trust=refused(22, ISSUING, 1))
    assert quiet(RULE, case(document(), bad))
    assert quiet(RULE, case(v2(**LISTED, validateCertChainAndExpiry=False), bad))
    other = answered(LEAF, ISSUING, trust=refused(47, ISSUING, 1))
    assert quiet(RULE, case(v2(**LISTED), other))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_handshake_is_left_open(outcome: Outcome) -> None:
    assert "root_not_trusted" in left_open(RULE, blind(empty_v2(), outcome))
