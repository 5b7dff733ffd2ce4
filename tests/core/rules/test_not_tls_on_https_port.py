import pytest

from bot.core.model.observation import Outcome
from bot.core.rules.not_tls_on_https_port import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import APP, NOT_SEEN, answered, blind, case, document, probe, settings
from tests.core.rules.handshakes import HTTP_INSTEAD, HUNG_UP, v2


def test_matches_and_names_the_port() -> None:
    base = document(backendHttpSettingsCollection=[settings(port=8080)])
    (summary,) = matches(RULE, case(base, HTTP_INSTEAD))
    assert summary == "10.1.5.11 does not speak TLS on port 8080, but the gateway does."
    assert matches(RULE, case(v2(), HTTP_INSTEAD))


def test_is_quiet_when_tls_is_spoken_or_another_thing_fails() -> None:
    assert quiet(RULE, case(None, answered(APP)))
    assert quiet(RULE, case(None, HUNG_UP))


def test_is_quiet_where_the_gateway_speaks_plain_http() -> None:
    plain = document(
        backendHttpSettingsCollection=[settings(protocol="Http", port=80)],
        probes=[probe(protocol="Http")],
    )
    assert quiet(RULE, case(plain, answered(tls=False)))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_handshake_is_left_open(outcome: Outcome) -> None:
    assert "tls_handshake_failed" in left_open(RULE, blind(None, outcome))
