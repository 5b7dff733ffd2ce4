"""Add the status of a server that is alive to what the health probe counts as healthy."""

from dataclasses import replace

from bot.core.analysis.probe_answer import SIGN_IN, AnswerFault, answer_fault
from bot.core.analysis.redirects import redirected_astray
from bot.core.arm.document import Document
from bot.core.case.view import BackendView
from bot.core.model.marked import mark, mark_all
from bot.core.model.observation import Answered, Response
from bot.core.remedies import edit_builder
from bot.core.remedies.option import NotApplicable, Option, Proposal

FORBIDDEN = 403


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """Only where clients are answered: a probe must not be made to overlook what they suffer from."""
    fault = answer_fault(view)
    if not isinstance(fault, AnswerFault) or not _is_alive(fault):
        return NotApplicable(
            "the backend does not answer with a success, a redirect or a request to sign in"
        )
    status = fault.response.status if fault.response else 0
    live = _live_statuses(view)
    if status == FORBIDDEN and FORBIDDEN in live:
        # It may well be an access restriction that excludes the gateway, and clients with it.
        return NotApplicable("clients get 403 as well, so the probe is not the problem")
    if not any(it < 400 or it in SIGN_IN - {FORBIDDEN} for it in live):
        return NotApplicable("no request like those of clients was seen to be answered")
    codes = [*fault.sent.match.status_codes, str(status)]
    body = {} if fault.sent.match.body is None else {"body": fault.sent.match.body}
    return Proposal(
        summary=f"count {status} as healthy in the health probe of {mark(view.settings.name)}, in addition to"
        f" {mark_all(fault.sent.match.status_codes)}; it then proves only that the server answers",
        edits=edit_builder.changed_probe(view, document, {"match": {"statusCodes": codes, **body}}),
    )


def _is_alive(fault: AnswerFault) -> bool:
    """Whether only the probe's match objects to the answer."""
    success = fault.response is not None and 200 <= fault.response.status < 300
    return fault.kind in ("redirect", "sign_in") or (fault.kind == "status" and success)


def _live_statuses(view: BackendView) -> tuple[int, ...]:
    """What the requests of clients were answered, as far as they were made; a redirect astray is no answer.

    The probe's very own request says something of clients only where no other one of theirs was answered.
    """
    views = (replace(view, client=it) for it in view.case.clients_of(view.backend))
    found = [
        (it.attempt, it.outcome.http.status)
        for it in views
        if isinstance(it.outcome, Answered)
        and isinstance(it.outcome.http, Response)
        and redirected_astray(it) is None
    ]
    others = [status for attempt, status in found if attempt != view.probe_attempt]
    return tuple(others or (status for _, status in found))


OPTION = Option(
    id="correct_probe_match",
    title="Count the answer as healthy",
    button="Widen healthy statuses",
    automated=True,
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview",
    ),
    propose=propose,
)
