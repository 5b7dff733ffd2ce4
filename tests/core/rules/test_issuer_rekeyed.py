from dataclasses import replace

import pytest

from bot.core.model.certificate import Certificate
from bot.core.model.observation import Outcome
from bot.core.rules.issuer_rekeyed import RULE
from bot.core.rules.root_not_trusted import RULE as ROOT_NOT_TRUSTED
from bot.core.rules.signature_invalid import RULE as SIGNATURE_INVALID
from tests.core.asking import left_open, matches, quiet
from tests.core.make import NOT_SEEN, ROOT, answered, blind, case
from tests.core.rules.chains import ISSUING, LEAF, LISTED, empty_v2, refused, v2

STORED = replace(ROOT, public_key="new", key_id="02")
"""The root of the settings; what the server sends was issued with another key."""
BELOW = replace(ISSUING, public_key="i", key_id="03", issuer_key_id="01")
OLD_ROOT = replace(ROOT, public_key="old", key_id="01", sha256="0" * 64, der=b"old root")


def seen_by(*chain: Certificate, code: int, about: Certificate, depth: int) -> list[str]:
    """What the rule says where the settings trust `STORED`."""
    made = case(v2(**LISTED), answered(*chain, trust=refused(code, about, depth)), known=(STORED,))
    return matches(RULE, made)


def test_matches_a_root_with_another_key_that_is_not_sent() -> None:
    (summary,) = seen_by(LEAF, BELOW, code=20, about=BELOW, depth=1)
    assert summary == (
        "CN=issuing CA, which 10.1.5.11 sends, was not issued with the key of the CN=private CA that https trusts:"
        " that one has the issuer's name, but another key (OpenSSL error 20,"
        " X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY)."
    )


def test_matches_a_root_with_another_key_that_is_sent() -> None:
    (summary,) = seen_by(LEAF, BELOW, OLD_ROOT, code=19, about=OLD_ROOT, depth=2)
    assert (
        "sends the root CN=private CA; the CN=private CA that https trusts has the same name"
        in (summary)
    )


def test_matches_an_old_intermediate_that_is_still_sent() -> None:
    leaf = replace(LEAF, issuer_key_id="99")
    (summary,) = seen_by(leaf, BELOW, code=20, about=leaf, depth=0)
    assert "was not issued with the key of the CN=issuing CA that it sends" in summary


def test_matches_a_signature_that_does_not_fit_where_no_key_is_named() -> None:
    bare = replace(BELOW, issuer_key_id=None)
    assert seen_by(LEAF, bare, code=7, about=bare, depth=1)


def test_is_quiet_where_the_key_is_the_right_one_or_the_root_has_another_name() -> None:
    fitting = replace(BELOW, issuer_key_id="02")
    damaged = case(
        v2(**LISTED), answered(LEAF, fitting, trust=refused(7, fitting, 1)), known=(STORED,)
    )
    assert quiet(RULE, damaged)
    assert matches(SIGNATURE_INVALID, damaged)
    other = replace(BELOW, issuer="CN=other CA")
    stranger = case(
        v2(**LISTED), answered(LEAF, other, trust=refused(20, other, 1)), known=(STORED,)
    )
    assert quiet(RULE, stranger)
    assert matches(ROOT_NOT_TRUSTED, stranger)


def test_is_quiet_about_a_cross_signed_root_of_the_same_key() -> None:
    same_key = replace(OLD_ROOT, public_key="new")
    made = case(
        v2(**LISTED),
        answered(LEAF, BELOW, same_key, trust=refused(19, same_key, 2)),
        known=(STORED,),
    )
    assert quiet(RULE, made)


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_handshake_is_left_open(outcome: Outcome) -> None:
    assert "root_not_trusted" in left_open(RULE, blind(empty_v2(), outcome))
