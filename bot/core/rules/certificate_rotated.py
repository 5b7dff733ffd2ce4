"""v1: the backend's certificate was renewed since it was uploaded to the gateway."""

from collections.abc import Iterator

from bot.core.analysis.allow_list import NotListed, not_listed
from bot.core.analysis.guides import tls
from bot.core.case.finding import Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView) -> Iterator[Match]:
    """The served leaf has the same subject or names as a listed one, but is a different certificate."""
    fault = not_listed(view)
    if isinstance(fault, NotListed) and fault.predecessor is not None:
        newer = fault.leaf.not_before > fault.predecessor.not_before
        yield Match(
            f"{mark(view.server)} serves {'a newer' if newer else 'a different'} certificate for"
            f" {mark(fault.leaf.subject)} than the one that {mark(view.settings.name)} allow-lists.",
            fault.evidence,
            view.backend,
        )


RULE = Rule(
    id="certificate_rotated",
    severity="error",
    symptom="The backend serves a different certificate for the same name than the allow-listed one (v1).",
    cause="The certificate was renewed on the backend or the ILB, and the new one was not uploaded. A v1"
    " gateway compares certificates byte for byte, so a renewal makes the backend unhealthy at once.",
    remedy="Upload the new certificate to the HTTP settings; remove the old one once every server has the new one.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/ssl-overview",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_backend(check),
    guide=tls.ALLOW_CERTIFICATE,
)
