"""A certificate that the gateway presents to its own clients expires soon, already has, or is not valid yet."""

from collections.abc import Iterator
from datetime import timedelta

from bot.core.analysis import commands
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.model.certificate import Certificate
from bot.core.model.marked import mark, mark_all

SOON = timedelta(days=30)


def check(case: Case) -> Iterator[Match]:
    """Only certificates that a listener uses, and that Azure shows readably."""
    for stored in case.gateway.listener_certificates:
        found = stored.certificate
        if isinstance(found, Certificate) and not _lasts(case, found):
            yield _seen(case, stored.id, stored.name, found)


def _lasts(case: Case, certificate: Certificate) -> bool:
    return certificate.valid_at(case.now) and certificate.not_after - SOON > case.now


def _seen(case: Case, stored: str, name: str, certificate: Certificate) -> Match:
    users = [it.name for it in case.gateway.listeners if it.certificate == stored]
    return Match(
        f"The certificate {mark(name)}, which {mark_all(users)} presents to clients, {_when(case, certificate)}.",
        (
            Evidence(
                f"{mark(certificate.subject)} is valid from {certificate.not_before:%Y-%m-%d %H:%M} to"
                f" {certificate.not_after:%Y-%m-%d %H:%M} UTC (SHA-256 {certificate.sha256})",
                commands.show_gateway(case.gateway, "sslCertificates[].{name: name, id: id}"),
            ),
        ),
        part=name,
    )


def _when(case: Case, certificate: Certificate) -> str:
    if certificate.not_before > case.now:
        return f"is not valid before {certificate.not_before:%Y-%m-%d}"
    days = (certificate.not_after - case.now).days
    return f"expires in {days} days" if days >= 0 else f"expired {-days} days ago"


RULE = Rule(
    id="listener_certificate_expiring",
    severity="warning",
    symptom="A certificate that a listener presents to clients has expired, soon will, or is not valid yet.",
    cause="It is due for renewal. Clients then reject the site themselves; that is no 502, but the site is down too.",
    remedy="Renew it, and upload it to the gateway (or to the Key Vault that the gateway takes it from).",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/renew-certificates",
        "https://learn.microsoft.com/azure/application-gateway/ssl-overview",
    ),
    check=check,
)
