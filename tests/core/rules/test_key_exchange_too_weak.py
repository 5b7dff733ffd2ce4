import pytest

from bot.core.model.observation import HandshakeFailed, Outcome
from bot.core.rules.key_exchange_too_weak import RULE
from bot.core.rules.tls_handshake_failed import RULE as HANDSHAKE_FAILED
from tests.core.asking import left_open, matches, quiet
from tests.core.make import APP, NOT_SEEN, SERVER, answered, blind, case
from tests.core.rules.handshakes import INTERNAL, OLD_HELLO, v2

TOO_SMALL, BAD = (
    HandshakeFailed("alert", SERVER, None, f"no agreement: {it}")
    for it in ("dh key too small", "bad dh value")
)
SAID = HandshakeFailed("alert", SERVER, 80, "it sent alert 80: dh key too small")


@pytest.mark.parametrize("outcome", [TOO_SMALL, BAD])
def test_matches_a_group_that_our_own_openssl_refuses(outcome: Outcome) -> None:
    made = case(v2(), outcome)
    (summary,) = matches(RULE, made)
    assert summary.startswith("10.1.5.11 uses a Diffie-Hellman group (DHE)")
    assert quiet(HANDSHAKE_FAILED, made)


@pytest.mark.parametrize("outcome", [INTERNAL, OLD_HELLO, SAID, answered(APP)])
def test_is_quiet_on_other_failures_and_on_none(outcome: Outcome) -> None:
    assert quiet(RULE, case(v2(), outcome))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_handshake_is_left_open(outcome: Outcome) -> None:
    assert "tls_handshake_failed" in left_open(RULE, blind(v2(), outcome))
