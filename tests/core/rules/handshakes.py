"""Failed handshakes as our probe reports them, and the gateways that meet them."""

from typing import Any

from bot.core.model.observation import Answered, HandshakeFailed, NoResponse
from tests.core.make import APP, SERVER, document, handshake, probe, v2_settings

HTTP_INSTEAD = HandshakeFailed("not_tls", SERVER, None, 'it answered without TLS: "HTTP/1.1 400"')
NO_NAME = HandshakeFailed("alert", SERVER, 112, "it said alert 112 (unrecognized_name)")
NOTHING_IN_COMMON = HandshakeFailed("alert", SERVER, 40, "it said alert 40 (handshake_failure)")
OLD_VERSION = HandshakeFailed("alert", SERVER, 70, "it said alert 70 (protocol_version)")
OLD_HELLO = HandshakeFailed("alert", SERVER, None, "no agreement: unsupported protocol")
NO_CERTIFICATE = HandshakeFailed("alert", SERVER, 40, "it said alert 40", True)
HUNG_UP = HandshakeFailed("closed", SERVER, None, "it reset the connection during the handshake")
SILENT = HandshakeFailed("timeout", SERVER, None, "the handshake was not answered within 5.0 s")
INTERNAL = HandshakeFailed("alert", SERVER, 80, "it said alert 80 (internal_error)")
NO_PROTOCOL = HandshakeFailed("alert", SERVER, 120, "it sent alert 120 (no_application_protocol)")
TURNED_DOWN = Answered(
    SERVER, handshake(APP), NoResponse("client_certificate", "it said alert 116")
)


def v2(host: str | None = "a.example", **changes: Any) -> Any:
    """A v2 gateway whose probe asks for `host`."""
    return document(
        tier="Standard_v2",
        backendHttpSettingsCollection=[v2_settings(**changes)],
        probes=[probe(host=host)],
    )
