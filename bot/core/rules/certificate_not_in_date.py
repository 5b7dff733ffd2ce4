"""A served certificate has expired, or is not valid yet."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.certificate_validity import checked_certificates, checks_dates
from bot.core.analysis.guides import tls
from bot.core.analysis.reported_health import probe_handshake
from bot.core.case.audiences import each_request
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match, Undecided
from bot.core.case.rule import Rule, Said
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate
from bot.core.model.marked import mark


def check(view: BackendView) -> Iterator[Said]:
    """v1 checks the leaf, v2 the whole chain, unless it was told not to."""
    if not checks_dates(view):
        return
    seen = probe_handshake(view)
    if isinstance(seen, Undecided):
        yield seen
        return
    late = checked_certificates(view, seen).late_sent if seen is not None and seen.chain else ()
    if late:
        yield Match(
            f"{mark(view.server)} serves a certificate that {_how(late[0], view.case)}: {mark(late[0].subject)}.",
            tuple(
                Evidence(
                    f"{mark(it.subject)} is valid from {it.not_before:%Y-%m-%d %H:%M} to"
                    f" {it.not_after:%Y-%m-%d %H:%M} UTC",
                    commands.openssl(view.attempt),
                )
                for it in late
            ),
            view.backend,
        )


def _how(certificate: Certificate, case: Case) -> str:
    return "has expired" if certificate.not_after < case.now else "is not valid yet"


RULE = Rule(
    id="certificate_not_in_date",
    severity="error",
    symptom="A certificate of the backend has expired or is not valid yet.",
    cause="It was not renewed in time, or was installed before its first day.",
    remedy="Renew it on the backend; on v1, upload the new one as well; on v2, a new root only if the root changed.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_request(check),
    guide=tls.RENEW,
)
