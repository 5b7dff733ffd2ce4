"""Let the health probe wait longer for a page that is slow but answers."""

from math import ceil

from bot.core.arm.document import Document
from bot.core.case.view import BackendView
from bot.core.model.marked import mark
from bot.core.model.observation import Answered, Response
from bot.core.remedies import edit_builder
from bot.core.remedies.option import NotApplicable, Option, Proposal

MOST = 120
"""Seconds: a page that needs longer is broken, and the probe would find a dead server too late."""


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """Twice what the answer took, so at least twice what is allowed now, and no more than `MOST`."""
    sent = view.probe_request
    attempt = view.probe_attempt
    took = view.case.seconds(attempt)
    if took <= sent.timeout:
        return NotApplicable("from here no answer took longer than the health probe waits")
    match view.case.outcome(attempt):
        case Answered(http=Response()):
            pass
        case _:
            return NotApplicable(
                f"no answer came within {took:.1f} s, so no sufficient time-out is known"
            )
    if took >= MOST:
        return NotApplicable(f"the answer took {took:.1f} s: the page has to become faster")
    wanted = min(MOST, 2 * ceil(took))
    return Proposal(
        summary=f"let the health probe of {mark(view.settings.name)} wait {wanted} s instead of {sent.timeout} s"
        f" (the answer took {took:.1f} s); a dead server is then noticed later",
        edits=edit_builder.changed_probe(view, document, {"timeout": wanted}),
    )


OPTION = Option(
    id="raise_probe_timeout",
    title="Let the health probe wait longer",
    automated=True,
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview",
    ),
    propose=propose,
)
