"""A certificate that the backend serves runs out within days."""

from collections.abc import Iterator
from datetime import timedelta

from bot.core.analysis import commands
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule, each_backend
from bot.core.model.certificate import Certificate
from bot.core.routing.routes import Backend

SOON = timedelta(days=14)


def check(case: Case, backend: Backend) -> Iterator[Match]:
    """Those whose dates the gateway looks at: v1 the leaf, v2 the chain, unless told not to."""
    v2 = case.gateway.generation == "v2"
    seen = case.handshake(case.probe_attempt(backend))
    if seen is None or (v2 and not backend.settings.validate_chain):
        return
    for it in _soon(case, backend, seen.chain if v2 else seen.chain[:1]):
        days = (it.not_after - case.now).days
        when = f"in {days} day{'s' * (days != 1)}" if days else "today"
        yield Match(
            f"{backend.server} serves a certificate that expires {when}: {it.subject}.",
            (
                Evidence(
                    f"{it.subject} is valid to {it.not_after:%Y-%m-%d %H:%M} UTC (SHA-256 {it.sha256})",
                    commands.openssl(case.probe_attempt(backend)),
                ),
            ),
            backend,
        )


def _soon(case: Case, backend: Backend, chain: tuple[Certificate, ...]) -> Iterator[Certificate]:
    # What is stored on the gateway as well has a warning of its own, and an earlier one.
    settings = backend.settings
    stored = {
        it.certificate for it in (*case.gateway.allow_list(settings), *case.gateway.roots(settings))
    }
    for it in chain:
        if it.valid_at(case.now) and it.not_after - SOON <= case.now and it not in stored:
            yield it


RULE = Rule(
    id="served_certificate_expiring",
    severity="warning",
    symptom="A certificate that the backend serves expires within 14 days.",
    cause="It is due to be renewed; once it is out of date, the gateway calls the backend unhealthy.",
    remedy="Renew it on the backend. On v1, upload the new one to the HTTP settings before it is put to use.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_backend(check),
)
