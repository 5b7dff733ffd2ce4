"""A certificate that the backend serves expires within days."""

from collections.abc import Iterator
from datetime import timedelta

from bot.core.analysis import commands
from bot.core.analysis.certificate_validity import checked_certificates
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate
from bot.core.model.marked import mark

SOON = timedelta(days=14)


def check(view: BackendView) -> Iterator[Match]:
    """Those whose dates the gateway checks: v1 the leaf, v2 the chain, unless told not to."""
    seen = view.of_probe.handshake
    if seen is None or not seen.chain:
        return
    for it in _soon(view, checked_certificates(view, seen).sent):
        days = (it.not_after - view.case.now).days
        when = f"in {days} day{'s' * (days != 1)}" if days else "today"
        yield Match(
            f"{mark(view.server)} serves a certificate that expires {when}: {mark(it.subject)}.",
            (
                Evidence(
                    f"{mark(it.subject)} is valid to {it.not_after:%Y-%m-%d %H:%M} UTC (SHA-256 {it.sha256})",
                    commands.openssl(view.probe_attempt),
                ),
            ),
            view.backend,
        )


def _soon(view: BackendView, chain: tuple[Certificate, ...]) -> Iterator[Certificate]:
    # What is stored on the gateway as well has a warning of its own, and an earlier one.
    settings = view.settings
    stored = {
        it.certificate for it in (*view.gateway.allow_list(settings), *view.gateway.roots(settings))
    }
    for it in chain:
        if it.valid_at(view.case.now) and it.not_after - SOON <= view.case.now and it not in stored:
            yield it


RULE = Rule(
    id="served_certificate_expiring",
    severity="warning",
    symptom="A certificate that the backend serves expires within 14 days.",
    cause="It is due for renewal; once it has expired, the gateway calls the backend unhealthy.",
    remedy="Renew it on the backend. On v1, upload the new one to the HTTP settings before it is put into use.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_backend(check),
)
