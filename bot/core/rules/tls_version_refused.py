"""Gateway and backend share no TLS version or cipher suite."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides import tls
from bot.core.analysis.old_tls import old_tls_accepted, old_tls_attempt
from bot.core.analysis.tls_fault import TlsFault, tls_fault_of
from bot.core.case.audiences import each_request
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView, fault: TlsFault) -> Iterator[Match]:
    """Our own hello offers what the gateway's does, and is rejected for having nothing in common."""
    speaks = "TLS 1.2" if view.gateway.traits.newest_tls == "TLSv1.2" else "TLS 1.2 or 1.3"
    yield fault.seen(
        view.backend,
        f"{mark(view.server)} shares no TLS version or cipher suite with the gateway, which speaks {speaks}.",
        *_older(view),
    )


def _older(view: BackendView) -> Iterator[Evidence]:
    agreed, attempt = old_tls_accepted(view), old_tls_attempt(view)
    if agreed is not None and attempt is not None:
        said = f"with nothing newer than TLS 1.1 the handshake succeeds ({agreed.tls})"
        yield Evidence(said, commands.shake_hands(attempt))


RULE = Rule(
    id="tls_version_refused",
    severity="error",
    symptom="The backend shares no TLS version or cipher suite with the gateway.",
    cause="The server allows only TLS 1.0 or 1.1, which the gateway no longer speaks to backends, or (v1) only TLS 1.3,"
    " or too few cipher suites. The gateway's message may wrongly blame the certificate's dates.",
    remedy="Allow TLS 1.2 with an ECDHE and AES-GCM cipher suite on the server. The gateway's own TLS policy does"
    " not apply to connections from a v2 gateway to its backends.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/application-gateway-tls-version-retirement",
        "https://github.com/MicrosoftDocs/azure-docs/issues/41492",
    ),
    check=each_request(tls_fault_of("version_or_cipher", check)),
    guide=tls.ALLOW_TLS_12,
)
