"""A certificate that the gateway shows to its own clients runs out soon, already has, or is not valid yet."""

from collections.abc import Iterator
from datetime import timedelta

from bot.core.analysis import commands
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.model.certificate import Certificate

SOON = timedelta(days=30)


def check(case: Case) -> Iterator[Match]:
    """Only certificates that a listener uses; what Azure does not show, or shows unreadably, cannot be told."""
    for stored in case.gateway.listener_certificates:
        found = stored.certificate
        if isinstance(found, Certificate) and not _lasts(case, found):
            yield _seen(case, stored.id, stored.name, found)


def _lasts(case: Case, certificate: Certificate) -> bool:
    return certificate.valid_at(case.now) and certificate.not_after - SOON > case.now


def _seen(case: Case, stored: str, name: str, certificate: Certificate) -> Match:
    users = [it.name for it in case.gateway.listeners if it.certificate == stored]
    return Match(
        f"The certificate {name}, which {', '.join(users)} shows to clients, {_when(case, certificate)}.",
        (
            Evidence(
                f"{certificate.subject} is valid from {certificate.not_before:%Y-%m-%d %H:%M} to"
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
    symptom="A certificate that a listener shows to clients has expired, soon will, or is not valid yet.",
    cause="It is due to be renewed. Clients then refuse the site themselves; that is no 502, but it is down as well.",
    remedy="Renew it, and upload it to the gateway (or to the Key Vault that the gateway takes it from).",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/renew-certificates",
        "https://learn.microsoft.com/azure/application-gateway/ssl-overview",
    ),
    check=check,
)
