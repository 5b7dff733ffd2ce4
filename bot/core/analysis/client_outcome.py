"""What a client's request comes to at one server, as far as it was looked at.

Which codes a gateway answers by itself:
https://learn.microsoft.com/troubleshoot/azure/application-gateway/http-response-codes. That a failed handshake with
the backend gives a 502 stands in
https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-troubleshooting-502 ("Upstream
SSL certificate doesn't match"); no page has a table of them.
"""

from dataclasses import dataclass, replace
from typing import Literal

from bot.core.analysis.addresses import addresses_there
from bot.core.analysis.chain_fault import chain_fault, chain_weaknesses
from bot.core.analysis.contradiction import refused_us
from bot.core.analysis.hidden_site import differing_answer
from bot.core.analysis.known_host import host_may_be_why, known_host, stands_for_no_name
from bot.core.analysis.large_client_hello import refused, suspicion
from bot.core.analysis.lateness import longest_wait
from bot.core.analysis.probe_answer import NOT_KNOWN
from bot.core.analysis.probe_fault import certificate_at_fault, fault_seen
from bot.core.analysis.redirects import (
    location_changed_by,
    location_for_clients,
    own_page_attempt,
    redirected_astray,
    redirected_to,
    redirected_to_itself,
)
from bot.core.analysis.reported_health import (
    kept_in_rotation,
    reported_health,
    why_not_reached,
)
from bot.core.analysis.tls_error_pages import wants_tls
from bot.core.analysis.tls_fault import tls_fault
from bot.core.analysis.turned_away import turned_away
from bot.core.case.finding import Undecided
from bot.core.case.probed_page import SIGN_IN_ASKED, is_for_the_probe_alone, is_page
from bot.core.case.view import BackendView, view_of
from bot.core.model.asked_once import asked_once
from bot.core.model.health import SimulatedHealth
from bot.core.model.marked import mark
from bot.core.model.observation import (
    Answered,
    HandshakeFailed,
    NoResponse,
    NotConnected,
    Response,
)
from bot.core.routing.rewrite_conditions import Unknown

OutcomeWord = Literal[
    "answered",
    "gateway_502",
    "gateway_504",
    "application_error",
    "unknown_host",
    "other_site",
    "leaves_gateway",
    "unknown_path",
    "not_tried",
]
_CUT_OFF = "{}, and yet the gateway calls it healthy: it may admit the gateway and not us"

_OPEN: frozenset[OutcomeWord] = frozenset({"unknown_path", "not_tried"})


@dataclass(frozen=True, slots=True)
class ClientOutcome:
    """What clients get, and why; `status` is the one that they get, where it is known."""

    word: OutcomeWord
    because: str
    status: int | None = None

    @property
    def served(self) -> bool | None:
        """Whether clients get what they asked for; None where that is not known."""
        return None if self.word in _OPEN else self.word == "answered"


@asked_once
def client_outcome(view: BackendView) -> ClientOutcome:
    """What the client's request of this view comes to, if the gateway passes it on to this server."""
    client = view.client
    assert client is not None, "a view of a client's request"
    if not client.can_be_made:
        return ClientOutcome("not_tried", _why_not_made(view))
    found = _by_name(view) or _by_connection(view) or answer_outcome(view)
    found = _with_rewrites(found, view)
    if (found.word != "answered" or found.status == SIGN_IN_ASKED) and _refuses_only_us(view):
        because = f"it refuses us, and the gateway calls it healthy; to us {found.because}"
        return ClientOutcome("not_tried", because)
    for it in client.others:
        second = client_outcome(view_of(view.case, view.backend, client.read_as(it)))
        if second.word == found.word:
            continue
        because = f"{it.doubt}: {found.because}, or {second.because}"
        # Either way they are not served; only by what they are turned away is open.
        word = found.word if found.served is second.served is False else "not_tried"
        found = ClientOutcome(word, because)
    condition = client.way.condition
    if condition is None or found.served is not False:
        return found
    return ClientOutcome("not_tried", f"only requests come here where {condition}: {found.because}")


def _with_rewrites(found: ClientOutcome, view: BackendView) -> ClientOutcome:
    """The same, with the rewrite rules that have changed the request, or where its answer leads."""
    by = view.client.changed_by if view.client is not None else None
    told = "; ".join(filter(None, (by, location_changed_by(view))))
    return replace(found, because=f"{found.because} ({told})") if told else found


@asked_once
def probe_fails(view: BackendView) -> bool:
    """Whether the gateway sends this server no clients, because its health probe fails."""
    probe = view.of_probe
    if kept_in_rotation(probe):
        return False
    said = reported_health(probe)
    if said != "unknown":
        return said == "unhealthy"
    nowhere = addresses_there(view.case, view.server) == ()
    refused = isinstance(probe.connection, NotConnected) and probe.connection.kind == "refused"
    return nowhere or refused or fault_seen(probe)


def _refuses_only_us(view: BackendView) -> bool:
    """Whether the gateway gets through with a health probe on a connection like this one, and we do not."""
    probe = view.of_probe
    own, probed = view.attempt, view.probe_attempt
    alike = (own.handshake, own.tls) == (probed.handshake, probed.tls)
    if not alike or reported_health(probe) != "healthy":
        return False
    return refused_us(probe) is not None


def _why_not_made(view: BackendView) -> str:
    if view.client is not None and view.client.way.unknown is not None:
        return f"what becomes of the request is not known: {view.client.way.unknown}"
    if "/" in view.server:
        return f"the address of {mark(view.server)} is not known"
    return f"no host name is known that clients of {mark(view.request.host)} use"


def _by_name(view: BackendView) -> ClientOutcome | None:
    """Where the gateway's network has no address for the server, an answer to us is none to it.

    One that calls it healthy of itself, not only for `minServers`, uses the last address that it knew.
    """
    if reported_health(view.of_probe) != "unknown" or addresses_there(view.case, view.server) != ():
        return None
    return _by_gateway(
        f"the DNS servers of the gateway's network have no address for {mark(view.server)}"
    )


def _by_connection(view: BackendView) -> ClientOutcome | None:
    """What the connection alone decides; None where the answer does."""
    probe = view.of_probe
    outcome = view.connection
    match outcome:
        case HandshakeFailed("closed") if turned_away(view) is not None:
            return ClientOutcome("not_tried", _CUT_OFF.format(why_not_reached(outcome)))
        case HandshakeFailed():
            return _by_gateway(why_not_reached(outcome))
        case NotConnected("refused") if reported_health(probe) != "healthy":
            return _by_gateway(why_not_reached(outcome))
        case NotConnected() if _only_this_port(probe, view):
            return _by_gateway(why_not_reached(outcome))
        case Answered():
            if tls_fault(view) is not None:
                return _by_gateway("its TLS handshake fails")
            if certificate_at_fault(view):
                return _by_gateway("the gateway does not accept its certificate")
            if suspicion(probe) == "unsaid" and refused(probe) is not None:
                because = (
                    "it refuses a large ClientHello, and how long the gateway's is is not known"
                )
                return ClientOutcome("not_tried", because)
            open_chain = chain_fault(view)
            if isinstance(open_chain, Undecided):
                return ClientOutcome("not_tried", open_chain.because)
            return _by_weak_chain(view)
    return ClientOutcome("not_tried", why_not_reached(outcome))


def _by_weak_chain(view: BackendView) -> ClientOutcome | None:
    """What the gateway says nothing of, and its OpenSSL may refuse: an old signature or a short key; else None.

    On paper it is asked of the change as a whole (`bot.core.remedies.weak_chain`).
    """
    seen = view.handshake
    told = reported_health(view.of_probe) != "unknown"
    if seen is None or told or isinstance(view.case.health, SimulatedHealth):
        return None
    weak = next(iter(chain_weaknesses(view, seen)), None)
    if weak is None:
        return None
    served = f"it serves {mark(weak.certificate.subject)}, which {weak.what}"
    return ClientOutcome("not_tried", f"{served}: whether the gateway accepts that is not known")


def _only_this_port(probe: BackendView, view: BackendView) -> bool:
    reached = isinstance(probe.connection, Answered | HandshakeFailed)
    return reached and probe.attempt.port != view.attempt.port


def answer_outcome(view: BackendView) -> ClientOutcome:
    """The same as far as the answer alone decides it, whatever the certificate."""
    took, allowed = view.case.seconds(view.attempt), view.settings.request_timeout
    match view.outcome:
        case Answered(http=Response()) if took > allowed:
            return _late(view, f"the answer took {took:.1f} s, and {allowed} s are allowed")
        case Answered(http=Response() as response):
            return _by_status(view, response)
        case Answered(http=NoResponse("closed", reason)) if turned_away(view) is not None:
            return ClientOutcome("not_tried", _CUT_OFF.format(reason))
        case Answered(http=NoResponse("timeout", reason)) if longest_wait(view) >= allowed:
            return _late(view, reason)
        case Answered(http=NoResponse(reason=reason)) if took > allowed:
            return _late(view, f"{reason} after {took:.1f} s, and {allowed} s are allowed")
        case Answered(
            http=NoResponse("closed" | "malformed" | "tls" | "http2" | "client_certificate") as none
        ):
            return _by_gateway(none.reason)
        case Answered(http=NoResponse(reason=reason)):
            return ClientOutcome("not_tried", reason)
    return ClientOutcome("not_tried", why_not_reached(view.outcome))


def _by_status(view: BackendView, response: Response) -> ClientOutcome:
    status = response.status
    if wants_tls(response):
        return ClientOutcome("application_error", f"it answers {status}: it wants TLS", status)
    if view.client is not None and is_for_the_probe_alone(view.case, view.client):
        because = f"it answers {status}; it is the health probe's page, and other pages of the site are answered"
        return ClientOutcome("unknown_path", because, status)
    if stands_for_no_name(view) and host_may_be_why(status) and status < 500:
        because = f"for {mark(view.request.host)} it answers {status}, and no name is known that clients ask for"
        return ClientOutcome("not_tried", because)
    other = known_host(view)
    if other is not None:
        because = f"it answers {status} for {mark(view.request.host)}, and knows {mark(other.answered.host)}"
        return ClientOutcome("unknown_host", because, status)
    if status >= 500:
        return ClientOutcome("application_error", f"it answers {status}", status)
    if status in NOT_KNOWN:
        return ClientOutcome("unknown_path", f"it answers {status}", status)
    leads = location_for_clients(view)
    if isinstance(leads, Unknown):
        because = f"it answers {status}, and where that redirects to is not known: {leads.what}"
        return ClientOutcome("not_tried", because, status)
    astray = redirected_astray(view)
    if astray is not None:
        because = f"it redirects with {status} to {mark(astray.location)}"
        return ClientOutcome("leaves_gateway", because, status)
    if redirected_to_itself(view):
        because = f"it redirects with {status} to the very page that was asked for"
        return ClientOutcome("unknown_path", because, status)
    own = differing_answer(view)
    if own is not None:
        because = f"{mark(own.backend.server)} of its own pool answers it otherwise"
        return ClientOutcome("other_site", because, status)
    onward = _onward(view) or _onward_at_home(view)
    if onward is not None:
        because = f"it redirects with {status} to {mark(response.location or '')}: {onward.because}"
        return ClientOutcome(onward.word, because, onward.status)
    word: OutcomeWord = "answered" if is_page(status) else "unknown_path"
    return ClientOutcome(word, f"it answers {status}", status)


@asked_once
def _onward(view: BackendView) -> ClientOutcome | None:
    """How the page of another site fails to which it redirects; None if it does not, or nobody looked at that page."""
    page = redirected_to(view)
    if page is None:
        return None
    there = [
        view_of(view.case, it.backend, it)
        for it in view.case.clients
        if (it.way.host.lower(), it.way.path) == (page.host, page.path)
        and (it.way.listener.protocol, it.way.listener.port) == (page.scheme, page.port)
    ]
    # A server that gets no clients gives them nothing, good or bad.
    in_rotation = [it for it in there if not probe_fails(it)]
    if there and not in_rotation:
        return _by_gateway("no server passes its health probe there")
    ends = [_direct_outcome(it) for it in in_rotation]
    return ends[0] if ends and all(it.served is False for it in ends) else None


def _onward_at_home(view: BackendView) -> ClientOutcome | None:
    """How the page of the same site fails to which it redirects; None if it does not, or nobody looked at it."""
    attempt = own_page_attempt(view)
    answer = view.case.response(attempt) if attempt is not None else None
    if answer is None or not (answer.status >= 500 or answer.status in NOT_KNOWN):
        return None
    word: OutcomeWord = "application_error" if answer.status >= 500 else "unknown_path"
    return ClientOutcome(word, f"there it answers {answer.status}", answer.status)


def _direct_outcome(view: BackendView) -> ClientOutcome:
    """The same as `client_outcome` where a redirect decides by itself: it is followed once only."""
    astray = redirected_astray(view)
    if astray is None and redirected_to(view) is not None:
        return ClientOutcome("answered", "it redirects")
    return client_outcome(view)


def _by_gateway(because: str) -> ClientOutcome:
    return ClientOutcome("gateway_502", because, 502)


def _late(view: BackendView, because: str) -> ClientOutcome:
    if view.gateway.traits.late_answer == "504":
        return ClientOutcome("gateway_504", because, 504)
    return _by_gateway(because)
