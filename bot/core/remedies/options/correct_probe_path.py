"""Let the health probe ask for a page that exists."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from bot.core.analysis.probe_answer import AnswerFault, AnswerKind, answer_fault
from bot.core.arm.document import Document
from bot.core.case.case import NOT_MADE
from bot.core.case.view import BackendView
from bot.core.model.marked import mark
from bot.core.model.observation import Answered, Response
from bot.core.model.status_ranges import in_ranges
from bot.core.remedies import edit_builder
from bot.core.remedies.option import NotApplicable, Option, Proposal
from bot.core.routing.routes import Backend

API_MANAGEMENT = ".azure-api.net"
API_MANAGEMENT_PATH = "/status-0123456789abcdef"
"""The page by which API Management shows that it is alive; it has no page at `/`
(learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-http-502-bad-gateway)."""

ABOUT_THE_PAGE: frozenset[AnswerKind] = frozenset({"host_or_path", "redirect", "sign_in", "status"})
"""Not `failing`: a page that answers 5xx exists, and does its job of saying so."""


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """The first path that is answered as the probe expects, or that has not been tried yet."""
    fault = answer_fault(view)
    if not isinstance(fault, AnswerFault) or fault.kind not in ABOUT_THE_PAGE:
        return NotApplicable("the path that the health probe asks for is not what is wrong")
    if view.gateway.probe_of(view.settings) is None:
        return NotApplicable("the default probe always asks for /")
    path = next(_better_paths(view, fault), None)
    if path is None:
        return NotApplicable(
            f"no path is known that gets a better answer than {mark(fault.sent.path)}"
        )
    return Proposal(
        summary=f"let the health probe of {mark(view.settings.name)} ask for {mark(path)} instead of"
        f" {mark(fault.sent.path)}",
        edits=edit_builder.changed_probe(view, document, {"path": path}),
    )


def _better_paths(view: BackendView, fault: AnswerFault) -> Iterator[str]:
    for path in _known_paths(view.backend, fault):
        match view.case.outcome(replace(view.probe_attempt, path=path)):
            case Answered(http=Response(status=status)):
                if in_ranges(status, fault.sent.match.status_codes):
                    yield path
            case outcome if outcome == NOT_MADE:
                yield path


def _known_paths(backend: Backend, fault: AnswerFault) -> Iterator[str]:
    """Where a redirect leads on the same site, where clients are sent, the site's first page, API Management's own."""
    is_management = fault.sent.host.lower().endswith(API_MANAGEMENT)
    own = API_MANAGEMENT_PATH if is_management else None
    known = (_redirected_to(fault), backend.settings.path, own, "/")
    yield from dict.fromkeys(path for path in known if path and path != fault.sent.path)


def _redirected_to(fault: AnswerFault) -> str | None:
    location = urlsplit((fault.response.location if fault.response else None) or "")
    same_site = location.hostname in (None, fault.sent.host)
    same_protocol = location.scheme in ("", fault.sent.protocol)
    absolute = location.path.startswith("/")
    return location.path if same_site and same_protocol and absolute else None


OPTION = Option(
    id="correct_probe_path",
    title="Correct the probe's path",
    automated=True,
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview",
    ),
    propose=propose,
)
