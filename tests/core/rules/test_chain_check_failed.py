import pytest

from bot.core.model.observation import Outcome
from bot.core.rules.chain_check_failed import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import NOT_SEEN, ROOT, answered, blind, case, document
from tests.core.rules.chains import (
    IN_ROOT,
    ISSUING,
    LEAF,
    LISTED,
    NOT_VERIFIED,
    empty_v2,
    refused,
    v2,
)


@pytest.mark.parametrize("code", [1, 34, 41, 80, 94])
def test_matches_its_codes_and_names_the_certificate(code: int) -> None:
    seen = answered(LEAF, ISSUING, ROOT, trust=refused(code, LEAF, 0))
    (summary,) = matches(RULE, case(v2(**LISTED), seen))
    assert f"the certificate {LEAF.subject} " in summary
    assert f"(OpenSSL error {code}, X509_V_ERR_" in summary


def test_is_quiet_where_the_chain_is_accepted_not_checked_or_refused_for_another_reason() -> None:
    assert quiet(RULE, case(v2(**LISTED), answered(LEAF, ISSUING, trust=IN_ROOT)))
    bad = answered(LEAF, ISSUING, trust=refused(1, LEAF, 0))
    assert quiet(RULE, case(document(), bad))
    assert quiet(RULE, case(v2(**LISTED, validateCertChainAndExpiry=False), bad))
    other = answered(LEAF, ISSUING, trust=refused(26, LEAF, 0))
    assert quiet(RULE, case(v2(**LISTED), other))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_handshake_is_left_open(outcome: Outcome) -> None:
    assert "root_not_trusted" in left_open(RULE, blind(empty_v2(), outcome))


def test_matches_a_code_that_nobody_documents_and_quotes_its_number() -> None:
    seen = answered(LEAF, ISSUING, trust=refused(123))
    (summary,) = matches(RULE, case(v2(**LISTED), seen))
    assert summary.endswith(
        "a certificate of its chain is not accepted, for a reason that OpenSSL's documentation does not"
        " list (OpenSSL error 123)."
    )


def test_matches_a_revocation_list_that_only_the_gateway_misses() -> None:
    seen = answered(LEAF, ISSUING, trust=IN_ROOT)
    (summary,) = matches(RULE, case(v2(**LISTED), seen, message=NOT_VERIFIED.format(3)))
    assert "its revocation list was not to be had (OpenSSL error 3, " in summary
