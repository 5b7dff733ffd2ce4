from dataclasses import replace

import pytest

from bot.core.model.certificate import Certificate
from bot.core.model.observation import Outcome
from bot.core.rules.weak_certificate import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import NOT_SEEN, ROOT, answered, blind, case, document
from tests.core.rules.chains import IN_ROOT, ISSUING, LEAF, LISTED, empty_v2, v2


@pytest.mark.parametrize(
    ("weak", "what"),
    [
        (replace(LEAF, signature_hash="sha1"), "is signed with SHA-1"),
        (replace(LEAF, key_kind="RSA", key_bits=1024), "has a key of RSA 1024 bits"),
        (replace(LEAF, key_kind="EC", key_bits=192), "has a key of EC 192 bits"),
    ],
)
def test_matches_what_newer_clients_refuse(weak: Certificate, what: str) -> None:
    seen = answered(weak, ISSUING, trust=IN_ROOT)
    for state in ("healthy", "unhealthy"):
        (summary,) = matches(RULE, case(v2(**LISTED), seen, state=state))
        assert f"serves {LEAF.subject}, which {what}: newer clients refuse that" in summary


def test_is_quiet_about_a_roots_own_signature_strong_certificates_and_v1() -> None:
    sha1 = replace(ROOT, signature_hash="sha1")
    assert quiet(RULE, case(v2(**LISTED), answered(LEAF, ISSUING, sha1, trust=IN_ROOT)))
    strong = replace(LEAF, key_kind="RSA", key_bits=2048, signature_hash="sha256")
    assert quiet(RULE, case(v2(**LISTED), answered(strong, ISSUING, trust=IN_ROOT)))
    weak = answered(replace(LEAF, signature_hash="sha1"), trust=IN_ROOT)
    assert quiet(RULE, case(document(), weak))
    assert quiet(RULE, case(v2(**LISTED, validateCertChainAndExpiry=False), weak))


def test_is_quiet_where_it_is_an_error() -> None:
    md5 = answered(replace(LEAF, signature_hash="md5"), ISSUING, trust=IN_ROOT)
    assert quiet(RULE, case(v2(**LISTED), md5))
    assert matches(RULE, case(v2(**LISTED), md5, state="healthy"))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_handshake_is_left_open(outcome: Outcome) -> None:
    assert "root_not_trusted" in left_open(RULE, blind(empty_v2(), outcome))
