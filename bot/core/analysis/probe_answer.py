"""How the answer to the health probe fails: exactly one kind each, so that no two rules claim the same answer.

The request is the very one that the gateway's probe makes; its match and time-out decide
(learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from bot.core.analysis import commands
from bot.core.analysis.reported_health import reported_class, reported_health
from bot.core.analysis.tls_error_pages import lacks_client_certificate, wants_tls
from bot.core.analysis.tls_instead import BAD_REQUEST, spoken_tls
from bot.core.case.finding import Confidence, Evidence, Match, Undecided
from bot.core.case.one_kind import OfKind
from bot.core.case.view import BackendView
from bot.core.model.asked_once import asked_once
from bot.core.model.gateway import is_ip
from bot.core.model.marked import mark, mark_all
from bot.core.model.observation import BODY_KEPT, Answered, NoResponse, Response
from bot.core.model.status_ranges import in_ranges
from bot.core.routing.gateway_request import DEFAULT_PROBE_HOST, GatewayRequest
from bot.core.routing.routes import Backend

AnswerKind = Literal[
    "tls_wanted",
    "default_host",
    "redirect",
    "sign_in",
    "host_or_path",
    "failing",
    "status",
    "body",
    "time",
    "http2",
    "broken",
]

SIGN_IN = frozenset({401, 403, 407})
NOT_KNOWN = frozenset({400, 404, 410, 421})
"""What servers answer for a host or path that is not theirs; http.sys and others reject a Host with 400."""


@dataclass(frozen=True, slots=True)
class AnswerFault:
    """An answer that the gateway does not accept as healthy; `response` None: there was none."""

    kind: AnswerKind
    sent: GatewayRequest
    response: Response | None
    evidence: tuple[Evidence, ...]
    confidence: Confidence

    @property
    def status(self) -> str:
        """The status as it reads in a sentence."""
        return str(self.response.status) if self.response else "nothing"

    def seen(self, backend: Backend, summary: str) -> Match:
        """The finding of the rule that this kind belongs to."""
        return Match(summary, self.evidence, backend, self.confidence)


@dataclass(frozen=True, slots=True)
class AnswerDoubt:
    """What cannot be told about the answer; the rule of this `kind` says so, and no other."""

    kind: AnswerKind
    undecided: Undecided


@asked_once
def answer_fault(view: BackendView) -> AnswerFault | AnswerDoubt | None:
    """What is wrong with the answer to the gateway's probe; None if it is healthy, or there is none."""
    if view.request.bare:
        return None
    match view.outcome:
        case Answered(http=Response() as response):
            return _judge(view, response)
        case Answered(
            http=NoResponse("timeout" | "closed" | "malformed" | "tls" | "http2") as none
        ):
            return _judge_silence(view, none)
    return None


def answer_fault_of(
    kind: AnswerKind, say: Callable[[BackendView, AnswerFault], Iterable[Match]]
) -> OfKind[AnswerFault]:
    """The check of a rule that one kind belongs to, and that has no doubts of it."""
    return OfKind(answer_fault, AnswerFault, kind, say)


@asked_once
def healthy_under(view: BackendView) -> str | None:
    """Another host name for which the same path gets a healthy answer; None if we know of none."""
    sent = view.request
    found = (
        host
        for host, answer in view.case.answers(view.attempt)
        if host != sent.host
        and not is_ip(host)
        and in_ranges(answer.status, sent.match.status_codes)
    )
    return next(found, None)


def _judge(view: BackendView, response: Response) -> AnswerFault | AnswerDoubt | None:
    sent = view.request
    took = view.case.seconds(view.attempt)
    if took > sent.timeout and reported_health(view) != "healthy":
        evidence = Evidence(
            f"from here the answer took {took:.1f} s; the probe waits {sent.timeout} s"
        )
        return _fault(view, "time", response, evidence)
    if not in_ranges(response.status, sent.match.status_codes):
        return _judge_status(view, response)
    if reported_class(view) == "timeout":
        evidence = Evidence(f"from here the answer took only {took:.1f} s")
        slow_there = _fault(view, "time", response, evidence)
        return replace(slow_there, confidence="medium")
    return _judge_body(view, response)


def _judge_status(view: BackendView, response: Response) -> AnswerFault | None:
    handshake = view.handshake
    if handshake is not None and lacks_client_certificate(handshake, response):
        return None  # A fault of TLS, although HTTP reports it: see `bot.core.analysis.tls_fault`.
    kind = _kind(view, response)
    if kind == "sign_in" and reported_health(view) == "healthy":
        # A server may well reject our address and accept the gateway's.
        return None
    expected = mark_all(view.request.match.status_codes)
    answer = f"status {response.status}, expected {expected}"
    where = f"; Location: {mark(response.location)}" if response.location else ""
    return _fault(view, kind, response, Evidence(answer + where))


def _kind(view: BackendView, response: Response) -> AnswerKind:
    status = response.status
    if _expects_tls(view, response):
        return "tls_wanted"
    if view.request.host == DEFAULT_PROBE_HOST and _host_is_why(view, status):
        return "default_host"
    if 300 <= status < 400:
        return "redirect"
    if status in SIGN_IN:
        return "sign_in"
    if status in NOT_KNOWN:
        return "host_or_path"
    return "failing" if status >= 500 else "status"


def _expects_tls(view: BackendView, response: Response) -> bool:
    """It says so, to plain HTTP or behind a proxy that ends TLS; or a hello shows it."""
    bare = response.status == BAD_REQUEST and spoken_tls(view) is not None
    return bare or wants_tls(response)


def _host_is_why(view: BackendView, status: int) -> bool:
    if healthy_under(view) is not None:
        return True
    named = [host for host, _ in view.case.answers(view.attempt) if not is_ip(host)]
    # With a name it fails as well: then 127.0.0.1 is not the reason.
    return not named and status in NOT_KNOWN


def _judge_body(view: BackendView, response: Response) -> AnswerFault | AnswerDoubt | None:
    wanted = view.request.match.body
    if wanted is None or wanted in response.body:
        return None
    if len(response.body.encode("utf-8", "replace")) < BODY_KEPT or _says(view, "body"):
        return _fault(view, "body", response, Evidence(f"the body lacks {mark(repr(wanted))}"))
    if reported_health(view) == "healthy":
        return None
    because = f"only the first {BODY_KEPT} bytes of the body were read, and {mark(repr(wanted))} is not in them"
    return AnswerDoubt("body", Undecided(because, view.backend))


def _judge_silence(view: BackendView, none: NoResponse) -> AnswerFault | AnswerDoubt | None:
    if reported_health(view) == "healthy":
        return None
    sent = view.request
    waited = view.case.seconds(view.attempt)
    # What ends later than the probe waits ends for the probe in silence, however it does.
    if none.kind != "timeout" and waited <= sent.timeout:
        return _fault(view, _kind_of_none(view, none), None, Evidence(none.reason))
    if waited >= sent.timeout or _says(view, "timeout"):
        return _fault(view, "time", None, Evidence(f"from here: {none.reason}"))
    if reported_health(view) == "unhealthy":
        return None
    because = f"from here: {none.reason}; the health probe waits {sent.timeout} s"
    return AnswerDoubt("time", Undecided(because, view.backend))


def _kind_of_none(view: BackendView, none: NoResponse) -> AnswerKind:
    if none.kind == "http2":
        return "http2"
    return "tls_wanted" if none.kind == "tls" or spoken_tls(view) is not None else "broken"


def _says(view: BackendView, message: str) -> bool:
    return reported_class(view) == message


def _fault(
    view: BackendView, kind: AnswerKind, response: Response | None, first: Evidence
) -> AnswerFault:
    # The gateway's position is what counts, and it may get a different answer from ours.
    proven = kind != "default_host" or healthy_under(view) is not None
    sure = proven and reported_health(view) != "healthy"
    shown = replace(first, command=commands.curl(view.attempt))
    evidence = (shown, *_further(view))
    return AnswerFault(kind, view.request, response, evidence, "high" if sure else "medium")


def _further(view: BackendView) -> Iterator[Evidence]:
    sent = view.request
    yield Evidence(
        f"the probe sends Host {mark(sent.host)} and path {mark(sent.path)}, and waits {sent.timeout} s",
        commands.show_probe(view.gateway, view.backend),
    )
    spoken = spoken_tls(view)
    if spoken is not None:
        yield spoken
    other = healthy_under(view)
    if other is not None:
        attempt = view.attempt
        named = replace(attempt, host=other, sni=other if attempt.tls else None)
        yield Evidence(
            f"asked for Host {mark(other)}, it answers as the probe expects", commands.curl(named)
        )
    health = view.server_health
    if health is not None and health.message:
        yield Evidence(f"the gateway says: {health.message}", commands.show_health(view.gateway))
