import pytest

from bot.core.model.observation import Outcome
from bot.core.rules.tls_version_refused import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import APP, HOST, NOT_SEEN, answered, blind, case
from tests.core.rules.handshakes import (
    HUNG_UP,
    INTERNAL,
    NO_CERTIFICATE,
    NOTHING_IN_COMMON,
    OLD_HELLO,
    OLD_VERSION,
    v2,
)


def test_matches_and_says_what_the_gateway_speaks() -> None:
    (summary,) = matches(RULE, case(None, OLD_VERSION))
    assert summary.endswith("the gateway, which speaks TLS 1.2.")
    (summary,) = matches(RULE, case(v2(), NOTHING_IN_COMMON))
    assert summary.endswith("the gateway, which speaks TLS 1.2 or 1.3.")


def test_matches_a_server_that_answers_with_an_old_version() -> None:
    assert matches(RULE, case(None, OLD_HELLO))


def test_is_quiet_when_the_name_or_a_client_certificate_explains_the_same_alert() -> None:
    assert quiet(RULE, case(None, by_sni={None: NOTHING_IN_COMMON, HOST: answered(APP)}))
    assert quiet(RULE, case(None, NO_CERTIFICATE))


def test_is_quiet_on_other_failures() -> None:
    assert quiet(RULE, case(None, INTERNAL))
    assert quiet(RULE, case(None, HUNG_UP))
    assert quiet(RULE, case(None, answered(APP)))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_handshake_is_left_open(outcome: Outcome) -> None:
    assert "tls_handshake_failed" in left_open(RULE, blind(v2(), outcome))
