"""A certificate stored on the gateway for its backends expires soon, or already has."""

from collections.abc import Iterator
from datetime import timedelta

from bot.core.analysis import commands
from bot.core.analysis.certificate_validity import checked_certificates
from bot.core.case.case import Case
from bot.core.case.certificates_in_use import certificates_in_use
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.case.view import view_of
from bot.core.model.certificate import Certificate
from bot.core.model.marked import mark

SOON = timedelta(days=30)


def check(case: Case) -> Iterator[Match]:
    """Only certificates that HTTP settings of a live route refer to.

    Of those out of date, the ones that no error speaks of: the gateway is never shown them, or has another root in
    date, or checks no dates.
    """
    late = [
        (stored.name, found)
        for stored in certificates_in_use(case)
        if isinstance(found := stored.certificate, Certificate)
        and found.not_after - SOON <= case.now
    ]
    spoken_of = set(_at_fault(case)) if late else set()
    for name, found in late:
        if found.valid_at(case.now) or found not in spoken_of:
            yield _seen(case, name, found)


def _at_fault(case: Case) -> Iterator[Certificate]:
    """What makes the gateway reject a backend by its dates: an error says so."""
    for backend in case.backends:
        view = view_of(case, backend)
        seen = view.of_probe.handshake
        if seen is not None and seen.chain:
            checked = checked_certificates(view, seen)
            yield from (*checked.late_sent, *checked.late_roots)


def _seen(case: Case, name: str, certificate: Certificate) -> Match:
    days = (certificate.not_after - case.now).days
    when = f"expires in {days} days" if days >= 0 else f"expired {-days} days ago"
    return Match(
        f"The certificate {mark(name)} stored on the gateway {when}.",
        (
            Evidence(
                f"{mark(certificate.subject)} is valid to {certificate.not_after:%Y-%m-%d %H:%M} UTC"
                f" (SHA-256 {certificate.sha256})",
                commands.show_gateway(
                    case.gateway,
                    "[authenticationCertificates, trustedRootCertificates]",
                ),
            ),
        ),
    )


RULE = Rule(
    id="stored_certificate_expiring",
    severity="warning",
    symptom="A backend certificate stored on the gateway has expired or soon will.",
    cause="The backend is about to get, or already has, a new one that the gateway does not know.",
    remedy="Upload the new certificate before the old one is replaced; remove the old one afterwards.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/certificates-for-backend-authentication",
    ),
    check=check,
)
