from dataclasses import replace

import pytest

from bot.core.model.certificate import Certificate
from bot.core.model.observation import Outcome
from bot.core.rules.certificate_too_weak import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import NOT_SEEN, answered, blind, case, document
from tests.core.rules.chains import (
    IN_ROOT,
    ISSUING,
    LEAF,
    LISTED,
    NOT_VERIFIED,
    empty_v2,
    path,
    v2,
)

SHORT = replace(LEAF, key_kind="RSA", key_bits=512)
MD5 = replace(LEAF, signature_hash="md5")
SHA1 = replace(LEAF, signature_hash="sha1")
CURVE = replace(LEAF, key_kind="EC", key_bits=112)
SHORT_CA = replace(ISSUING, key_kind="DSA", key_bits=512)


@pytest.mark.parametrize(
    ("chain", "subject", "label"),
    [
        ((SHORT, ISSUING), LEAF.subject, "66, X509_V_ERR_EE_KEY_TOO_SMALL"),
        ((CURVE, ISSUING), LEAF.subject, "66, X509_V_ERR_EE_KEY_TOO_SMALL"),
        ((LEAF, SHORT_CA), ISSUING.subject, "67, X509_V_ERR_CA_KEY_TOO_SMALL"),
        ((MD5, ISSUING), LEAF.subject, "68, X509_V_ERR_CA_MD_TOO_WEAK"),
    ],
)
def test_matches_what_every_openssl_forbids(
    chain: tuple[Certificate, ...], subject: str, label: str
) -> None:
    (summary,) = matches(RULE, case(v2(**LISTED), answered(*chain, trust=IN_ROOT)))
    assert summary.startswith("OpenSSL's default settings forbid what 10.1.5.11 serves")
    assert f"the certificate {subject} " in summary
    assert label in summary


def test_matches_what_the_gateway_forbids_and_finds_the_certificate() -> None:
    seen = answered(SHA1, ISSUING, trust=IN_ROOT)
    (summary,) = matches(RULE, case(v2(**LISTED), seen, message=NOT_VERIFIED.format(68)))
    assert summary == (
        f"The gateway does not accept what 10.1.5.11 serves: the certificate {LEAF.subject} is signed with too weak a"
        " hash (OpenSSL error 68, X509_V_ERR_CA_MD_TOO_WEAK)."
    )


def test_matches_what_the_gateway_forbids_though_nothing_weak_is_seen() -> None:
    seen = answered(LEAF, ISSUING, trust=IN_ROOT)
    (summary,) = matches(RULE, case(v2(**LISTED), seen, message=NOT_VERIFIED.format(66)))
    assert "a certificate of its chain has too short a key" in summary


def test_is_quiet_where_the_gateway_is_content_nothing_is_weak_or_nobody_checks() -> None:
    md5 = answered(MD5, ISSUING, trust=IN_ROOT)
    assert quiet(RULE, case(v2(**LISTED), md5, state="healthy"))
    assert quiet(RULE, case(v2(**LISTED, validateCertChainAndExpiry=False), md5))
    assert quiet(RULE, case(document(), md5))
    for weak in (SHA1, replace(LEAF, key_kind="RSA", key_bits=1024), LEAF):
        assert quiet(RULE, case(v2(**LISTED), answered(weak, ISSUING, trust=IN_ROOT)))


def test_is_quiet_about_what_does_not_lead_to_the_root() -> None:
    stray = replace(ISSUING, subject="CN=stray CA", sha256="5" * 64, signature_hash="md5")
    seen = answered(LEAF, ISSUING, stray, trust=path(LEAF, ISSUING))
    assert quiet(RULE, case(v2(**LISTED), seen))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_handshake_is_left_open(outcome: Outcome) -> None:
    assert "root_not_trusted" in left_open(RULE, blind(empty_v2(), outcome))
