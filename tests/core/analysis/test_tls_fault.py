"""Each failed handshake has exactly one name, and exactly one rule says it."""

from typing import Any

import pytest

from bot.core.analysis.tls_fault import TlsFaultKind, tls_fault
from bot.core.case.finding import Match
from bot.core.case.view import BackendView
from bot.core.model.observation import Answered, HandshakeFailed, Outcome
from bot.core.rules import RULES
from tests.core.make import APP, HOST, answered, case
from tests.core.rules.handshakes import (
    HTTP_INSTEAD,
    HUNG_UP,
    INTERNAL,
    NO_CERTIFICATE,
    NO_NAME,
    NO_PROTOCOL,
    NOTHING_IN_COMMON,
    OLD_HELLO,
    OLD_VERSION,
    SILENT,
    TURNED_DOWN,
    v2,
)

SAID_BY: dict[TlsFaultKind, str] = {
    "not_tls": "not_tls_on_https_port",
    "client_certificate": "client_certificate_demanded",
    "sni_required": "sni_required",
    "sni_refused": "sni_refused",
    "version_or_cipher": "tls_version_refused",
    "application_protocol": "http2_only",
    "other": "tls_handshake_failed",
}


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        (HTTP_INSTEAD, "not_tls"),
        (NO_CERTIFICATE, "client_certificate"),
        (TURNED_DOWN, "client_certificate"),
        (NOTHING_IN_COMMON, "version_or_cipher"),
        (OLD_VERSION, "version_or_cipher"),
        (OLD_HELLO, "version_or_cipher"),
        (NO_NAME, "sni_required"),
        (HUNG_UP, "other"),
        (SILENT, "other"),
        (INTERNAL, "other"),
        (NO_PROTOCOL, "application_protocol"),
        (HandshakeFailed("timeout", "a", None, "silence", True), "other"),
        (HandshakeFailed("alert", "a", None, "no agreement: bad signature"), "other"),
    ],
)
def test_every_failure_has_one_kind_and_one_rule(outcome: Outcome, kind: TlsFaultKind) -> None:
    made = case(None, outcome, message="could not connect to the backend")
    (backend,) = made.backends
    fault = tls_fault(BackendView(made, backend))
    assert fault is not None
    assert fault.kind == kind
    said = [rule.id for rule in RULES for it in rule.check(made) if isinstance(it, Match)]
    assert [it for it in said if it in SAID_BY.values()] == [SAID_BY[kind]]
    assert "port_silent" not in said


@pytest.mark.parametrize("outcome", [NO_NAME, NOTHING_IN_COMMON, HUNG_UP, SILENT, INTERNAL])
@pytest.mark.parametrize(
    ("base", "by_sni", "kind"),
    [
        (None, {HOST: answered(APP)}, "sni_required"),
        (v2(), {None: answered(APP)}, "sni_refused"),
        (v2(), {HOST: answered(APP)}, "sni_refused"),
    ],
)
def test_the_name_is_at_fault_where_another_one_succeeds(
    outcome: Outcome, base: Any, by_sni: dict[str | None, Outcome], kind: TlsFaultKind
) -> None:
    own = None if base is None else "a.example"
    made = case(base, by_sni={own: outcome, **by_sni})
    (backend,) = made.backends
    fault = tls_fault(BackendView(made, backend))
    assert fault is not None
    assert fault.kind == kind


def test_no_fault_where_the_handshake_is_agreed_and_less_sure_where_the_gateway_is_content() -> (
    None
):
    agreed = answered(APP)
    assert isinstance(agreed, Answered)
    made = case(None, agreed)
    assert tls_fault(BackendView(made, made.backends[0])) is None
    content = case(None, SILENT, state="healthy")
    fault = tls_fault(BackendView(content, content.backends[0]))
    assert fault is not None
    assert fault.confidence == "medium"
