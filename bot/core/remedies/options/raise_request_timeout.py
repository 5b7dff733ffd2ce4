"""Let clients wait longer for a page that is slow but answers."""

from collections.abc import Iterator
from math import ceil

from bot.core.analysis.client_requests import client_requests
from bot.core.arm.document import Document
from bot.core.case.view import BackendView
from bot.core.model.marked import mark
from bot.core.model.observation import Answered, NoResponse, Response
from bot.core.remedies import edit_builder
from bot.core.remedies.edit_builder import SETTINGS
from bot.core.remedies.option import NotApplicable, Option, Proposal

MOST = 240
"""Seconds: the limit for a backend on the internet; a private one may take a day, but no client waits that long
(azure-subscription-service-limits, "Application Gateway limits")."""


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """Twice what the slowest answer took, and no more than `MOST`; only where every slow request was answered."""
    settings = view.settings
    slow = [took for took in _answered_after(view) if took > settings.request_timeout]
    if not slow:
        return NotApplicable(
            "no answer to a client's request took longer than the HTTP settings allow"
        )
    if any(_unanswered(view)):
        return NotApplicable(
            "another request was not answered at all, so no sufficient time-out is known"
        )
    took = max(slow)
    if took >= MOST:
        return NotApplicable(f"the answer took {took:.1f} s: the page has to become faster")
    wanted = min(MOST, 2 * ceil(took))
    return Proposal(
        summary=f"let {mark(settings.name)} wait {wanted} s for the backend's answer to clients instead of"
        f" {settings.request_timeout} s (it took {took:.1f} s); a request to a dead server then hangs as long",
        edits=(
            edit_builder.set_value(document, SETTINGS, settings.name, "requestTimeout", wanted),
        ),
    )


def _answered_after(view: BackendView) -> Iterator[float]:
    for live in client_requests(view):
        match view.case.outcome(live.attempt):
            case Answered(http=Response()):
                yield view.case.seconds(live.attempt)


def _unanswered(view: BackendView) -> Iterator[bool]:
    for live in client_requests(view):
        match view.case.outcome(live.attempt):
            case Answered(http=NoResponse("timeout")):
                yield True


OPTION = Option(
    id="raise_request_timeout",
    title="Let clients wait longer",
    automated=True,
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/configuration-http-settings",
        "https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/http-response-codes",
    ),
    propose=propose,
)
