"""Let the health probe wait longer for a page that is slow, but answers."""

from math import ceil

from bot.core.arm.gateway_reader import Document
from bot.core.case.case import Case
from bot.core.model.observation import Answered, Response
from bot.core.remedies import edit_builder
from bot.core.remedies.option import NotApplicable, Option, Proposal
from bot.core.routing.routes import Backend

MOST = 120
"""Seconds: a page that needs longer is broken, and the probe would find a dead server too late."""


def propose(case: Case, document: Document, backend: Backend) -> Proposal | NotApplicable:
    """Twice what the answer took, so at least twice what is allowed now, and no more than `MOST`."""
    sent = case.probe_request(backend)
    attempt = case.probe_attempt(backend)
    took = case.seconds(attempt)
    if took <= sent.timeout:
        return NotApplicable("from here no answer came later than the health probe waits")
    match case.outcome(attempt):
        case Answered(http=Response()):
            pass
        case _:
            return NotApplicable(
                f"no answer came within {took:.1f} s, so no time-out is known that would do"
            )
    if took >= MOST:
        return NotApplicable(f"the answer took {took:.1f} s: the page has to become quicker")
    wanted = min(MOST, 2 * ceil(took))
    return Proposal(
        summary=f"let the health probe of {backend.settings.name} wait {wanted} s instead of {sent.timeout} s"
        f" (the answer took {took:.1f} s); a dead server is then noticed later",
        edits=edit_builder.changed_probe(case, document, backend, {"timeout": wanted}),
    )


OPTION = Option(
    id="raise_probe_timeout",
    title="Let the health probe wait longer",
    button="Raise probe time-out",
    automated=True,
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview",
    ),
    propose=propose,
)
