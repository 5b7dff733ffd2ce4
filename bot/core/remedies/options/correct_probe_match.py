"""Add the status of a server that is alive to what the health probe counts as healthy."""

from bot.core.analysis.client_outcome import ClientOutcome, answer_outcome
from bot.core.analysis.probe_answer import AnswerFault, answer_fault
from bot.core.analysis.redirects import leaves_gateway
from bot.core.arm.document import Document
from bot.core.case.probed_page import SIGN_IN_ASKED
from bot.core.case.view import BackendView, view_of
from bot.core.model.marked import mark, mark_all
from bot.core.remedies import edit_builder
from bot.core.remedies.option import NotApplicable, Option, Proposal
from bot.core.routing.client_request import ClientRequest


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """Only what a healthy page gives to clients: a probe must not be made to overlook what they suffer from."""
    fault = answer_fault(view)
    if not isinstance(fault, AnswerFault) or not _is_alive(fault):
        return NotApplicable(
            "the backend does not answer with a success, a redirect or a request to sign in"
        )
    response = fault.response
    status = response.status if response else 0
    if response is not None and 300 <= status < 400 and leaves_gateway(view, response.location):
        return NotApplicable(f"its redirect to {mark(response.location or '')} leaves the gateway")
    pages = _pages(view)
    if not pages or not (status < 300 or status in pages):
        return NotApplicable(f"no page of clients was seen to be answered with {status}")
    if status == SIGN_IN_ASKED and _others_let_in(view):
        return NotApplicable("other servers of the pool answer clients without a sign-in")
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


def _pages(view: BackendView) -> frozenset[int | None]:
    """The statuses of the pages that clients get; the probe's own page only where nothing is known of another one."""
    found = [(it.request.path, _answer(view, it)) for it in view.case.clients_of(view.backend)]
    seen = [(path, it) for path, it in found if it.word != "not_tried"]
    others = [it for path, it in seen if path != view.probe_request.path]
    return frozenset(it.status for it in others or [it for _, it in seen] if it.served)


def _others_let_in(view: BackendView) -> bool:
    """Whether another server of the pool gives clients a page where this one asks them to sign in."""
    alike = (it for it in view.case.clients if it.backend.place == view.backend.place)
    answers = [_answer(view, it) for it in alike]
    return any(it.served and it.status != SIGN_IN_ASKED for it in answers)


def _answer(view: BackendView, client: ClientRequest) -> ClientOutcome:
    return answer_outcome(view_of(view.case, client.backend, client))


OPTION = Option(
    id="correct_probe_match",
    title="Count the answer as healthy",
    automated=True,
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview",
    ),
    propose=propose,
)
