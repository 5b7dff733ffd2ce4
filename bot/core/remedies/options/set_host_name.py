"""Let the health probe, or clients' requests, ask for a host name that the backend knows.

On v2 that name is also sent as SNI; on v1 it is the Host header only (ssl-overview, "For probe traffic").
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.core.analysis.client_requests import client_requests, probe_is_answered
from bot.core.analysis.own_names import misfit, own_names, same_page, under
from bot.core.analysis.probe_answer import NOT_KNOWN, healthy_under
from bot.core.arm.document import Document
from bot.core.arm.edit import Edit
from bot.core.case.attempts import candidate_names
from bot.core.case.case import Case
from bot.core.case.view import BackendView, view_of
from bot.core.model.gateway import is_ip
from bot.core.model.hostname import covers
from bot.core.model.marked import mark, mark_all
from bot.core.model.observation import Answered, Attempt, Handshake, HandshakeFailed, Response
from bot.core.model.status_ranges import in_ranges
from bot.core.remedies import edit_builder
from bot.core.remedies.edit_builder import SETTINGS
from bot.core.remedies.option import NotApplicable, Option, Proposal
from bot.core.routing.client_request import ClientRequest
from bot.core.routing.gateway_request import fixed_sni, name_or_none
from bot.core.routing.routes import Backend

# learn.microsoft.com/azure/architecture/best-practices/host-name-preservation
_CARRIED = "; redirects and cookies of the application may then carry that name"
_FROM_CERTIFICATE = ", a name of the certificate that is served"
_KEPT = "; clients' requests then keep their own host name"
PROBE_PICKS = "pickHostNameFromBackendHttpSettings"
SETTINGS_PICK = "pickHostNameFromBackendAddress"


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """Give the probe a fitting host, and the settings too where clients are rejected like the probe."""
    clients_fail = _clients_fail(view)
    shared = _is_shared(view)
    own = tuple(it for it in _own_names(view) if _has_same_page(view, it))
    well = probe_is_answered(view) and misfit(view.of_probe) is None
    if well and clients_fail:
        return _for_clients(view, document, own)
    name = _fitting_name(view, own)
    if name is None:
        return NotApplicable(_nothing_fits(view))
    sent = view.probe_request
    is_sni = (
        view.gateway.traits.sends_host_as_sni and fixed_sni(view.gateway, view.settings) is None
    )
    if sent.host == name and (sent.sni == name or not is_sni):
        return NotApplicable(f"the probe already asks for {mark(name)}")
    also = " and SNI" if is_sni and sent.protocol == "https" else ""
    # Clients whose requests carry an IP get their own name back without the pick: nothing else has to be set.
    over_address = view.settings.pick_host_from_address and is_ip(view.server)
    rejected = (clients_fail or _may_fail(view)) and not over_address
    # A name that only the certificate has is tried where no other fits, so no client's own does.
    both = shared or name in own or (rejected and not _is_one_of_many(view.backend, name))
    who = "the health probe and clients' requests" if both else "the health probe"
    return Proposal(
        summary=f"let {who} of {mark(view.settings.name)} ask for {mark(name)}"
        f"{f' instead of {mark(view.settings.host_name)}' if shared and view.settings.host_name else ''}"
        f" (Host header{also})"
        + (_FROM_CERTIFICATE if name in own else "")
        + (_CARRIED if both and not shared else _KEPT if over_address else ""),
        edits=(
            *(() if shared else _in_probe(view, document, name)),
            *(_in_settings if both else _without_address)(document, view.backend, name),
        ),
    )


def _own_names(view: BackendView) -> Iterator[str]:
    """Those of the served certificate that nobody asks for; first those under which the server answers."""
    known = candidate_names(view.gateway, view.backend)
    names = (name for it in _requests(view) for name in own_names(it) if name not in known)
    unique = dict.fromkeys(names)
    yield from sorted(unique, key=lambda name: not _answers_under(view.of_probe, name))


def _requests(view: BackendView) -> Iterator[BackendView]:
    """The health probe, and every request of clients."""
    yield view.of_probe
    yield from (view_of(view.case, view.backend, it) for it in client_requests(view))


def _has_same_page(view: BackendView, name: str) -> bool:
    return all(same_page(it, name) for it in _requests(view))


def _answers_under(view: BackendView, name: str) -> bool:
    response = view.case.response(under(view.attempt, name))
    return response is not None and in_ranges(response.status, view.request.match.status_codes)


def _fitting_name(view: BackendView, own: Sequence[str]) -> str | None:
    answered = None if probe_is_answered(view) else healthy_under(view)
    if not view.gateway.traits.sends_host_as_sni:
        return answered
    sent = view.probe_request
    known = candidate_names(view.gateway, view.backend)
    names = dict.fromkeys(filter(None, (answered, *known, *own)))
    if sent.protocol == "http":
        return next(iter(names), None)
    for name in names:
        sni = fixed_sni(view.gateway, view.settings) or name
        attempt = Attempt(view.server, sent.port, True, sni, name, sent.path)
        handshake = view.case.handshake(attempt)
        if handshake is not None and handshake.leaf is not None and covers(handshake.leaf, sni):
            return name
    return None


def _nothing_fits(view: BackendView) -> str:
    if not view.gateway.traits.sends_host_as_sni:
        return (
            "on v1 the host name is never sent as SNI, and no name is known for which the backend gives a"
            " healthy answer"
        )
    others = tuple(_own_names(view))
    if others:
        return (
            f"under {mark_all(others)}, for which its certificate is, the backend has another page"
        )
    return "the backend was not seen to serve a matching certificate for any known host name"


def _is_shared(view: BackendView) -> bool:
    """Whether the probe and clients' requests both go out under the settings' host name, so that it is set once.

    The default probe has it as SNI only, and a Host header of its own, which has to be answered all the same.
    """
    probe, settings = view.gateway.probe_of(view.settings), view.settings
    if settings.host_name is None or settings.pick_host_from_address:
        return False
    if probe is None:
        sent = view.probe_request
        in_tls = sent.protocol == "https" and sent.sni == settings.host_name
        return in_tls and probe_is_answered(view)
    return probe.pick_host_from_settings


def _in_probe(view: BackendView, document: Document, name: str) -> tuple[Edit, ...]:
    probe = view.gateway.probe_of(view.settings)
    picks = {PROBE_PICKS: False} if probe is not None and probe.pick_host_from_settings else {}
    return edit_builder.changed_probe(view, document, {**picks, "host": name})


def _in_settings(document: Document, backend: Backend, name: str) -> tuple[Edit, ...]:
    named = edit_builder.set_value(document, SETTINGS, backend.settings.name, "hostName", name)
    return (
        *(() if backend.settings.host_name == name else (named,)),
        *_without_pick(document, backend),
    )


def _without_address(document: Document, backend: Backend, name: str) -> tuple[Edit, ...]:
    # A member's name may stay picked for clients; an address gives a Host that no server knows.
    return _without_pick(document, backend) if is_ip(backend.server) else ()


def _without_pick(document: Document, backend: Backend) -> tuple[Edit, ...]:
    if not backend.settings.pick_host_from_address:
        return ()
    return (
        edit_builder.set_value(document, SETTINGS, backend.settings.name, SETTINGS_PICK, False),
    )


def _clients_fail(view: BackendView) -> bool:
    """Only for the probe's own page: with the probe's name it is the very request that was answered.

    That page may be meant and its path overridden; the request without the override is then what to compare.
    """
    sent = view.probe_request
    meant = (replace(it.attempt, path=path) for it in client_requests(view) for path in _paths(it))
    return any(
        _turned_down(view.case, it)
        for it in meant
        if (it.tls, it.port, it.path) == (sent.protocol == "https", sent.port, sent.path)
        and it != view.probe_attempt
    )


def _paths(client: ClientRequest) -> Iterator[str]:
    yield client.request.path
    if client.request.path != client.path:
        yield client.path


def _may_fail(view: BackendView) -> bool:
    """Whether they fail by the other reading of Microsoft's pages; a host name in the settings leaves only one."""
    return any(
        _turned_down(view.case, other)
        for it in client_requests(view)
        for other in it.other_attempts
    )


def _turned_down(case: Case, live: Attempt) -> bool:
    match case.outcome(live):
        case Answered(http=Response(status=status)) if status in NOT_KNOWN or status >= 500:
            return True
        case Answered(handshake=Handshake(chain=(leaf, *_))):
            return live.sni is not None and not covers(leaf, live.sni)
        case HandshakeFailed():
            return True
    return False


def _for_clients(
    view: BackendView, document: Document, own: Sequence[str]
) -> Proposal | NotApplicable:
    settings = view.settings
    probed = name_or_none(view.probe_request.host)
    name = probed or next(iter(own), None)
    if name is None:
        return NotApplicable(
            "the host that the health probe asks for is not a name that clients' requests could carry"
        )
    if _is_one_of_many(view.backend, name):
        return NotApplicable(
            f"{mark(name)} is a site of its own here: clients of the others would get that one"
        )
    return Proposal(
        summary=f"let {mark(settings.name)} forward clients' requests with the host name {mark(name)}"
        f"{', which the health probe asks for' if probed else _FROM_CERTIFICATE}{_CARRIED}",
        edits=_in_settings(document, view.backend, name),
    )


def _is_one_of_many(backend: Backend, name: str) -> bool:
    """Whether it is the site of some clients, while others come for another one."""
    return name in backend.hosts and len(backend.hosts) > 1


OPTION = Option(
    id="set_host_name",
    title="Set the right host name",
    automated=True,
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/ssl-overview",
        "https://learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview",
        "https://learn.microsoft.com/azure/application-gateway/configuration-http-settings",
    ),
    propose=propose,
)
