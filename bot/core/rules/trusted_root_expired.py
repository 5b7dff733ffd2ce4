"""v2: the chain ends in a root stored on the gateway, and that root is out of date."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.certificate_validity import checked_certificates
from bot.core.analysis.guides import tls
from bot.core.case.audiences import each_request
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView) -> Iterator[Match]:
    """No root in use is in date, and the backend sends none of them (else the rule about served dates says so)."""
    handshake = view.handshake
    if handshake is None or not handshake.chain:
        return
    anchors = checked_certificates(view, handshake).late_roots
    if not anchors or any(it in handshake.chain for it in anchors):
        return
    yield Match(
        f"The certificate of {mark(view.server)} ends in {mark(anchors[0].subject)}, a root that"
        f" {mark(view.settings.name)} trusts, but the root is out of date.",
        tuple(
            Evidence(
                f"the stored root {mark(it.subject)} is valid from {it.not_before:%Y-%m-%d %H:%M} to"
                f" {it.not_after:%Y-%m-%d %H:%M} UTC (SHA-256 {it.sha256})",
                commands.show_settings(view.gateway, view.backend),
            )
            for it in anchors
        ),
        view.backend,
    )


RULE = Rule(
    id="trusted_root_expired",
    severity="error",
    symptom="The trusted root that the backend's chain ends in has expired, or is not valid yet (v2).",
    cause="The root was not renewed, or its renewed certificate was not uploaded to the gateway.",
    remedy="Upload the renewed root certificate to the HTTP settings; renew the backend's certificate if the CA has"
    " a new key.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_request(check),
    guide=tls.TRUST_ROOT,
)
