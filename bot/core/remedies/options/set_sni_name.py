"""v2: an explicit SNI for probes and live traffic (`sniName`, since API version 2024-10-01)."""

from collections.abc import Iterator
from dataclasses import replace

from bot.core.analysis.client_requests import client_requests
from bot.core.arm.document import Document
from bot.core.case.attempts import candidate_names
from bot.core.case.case import Case
from bot.core.case.view import BackendView
from bot.core.model.hostname import covers
from bot.core.model.marked import mark
from bot.core.model.observation import Answered, Attempt, Handshake, HandshakeFailed
from bot.core.remedies import edit_builder
from bot.core.remedies.edit_builder import SETTINGS
from bot.core.remedies.option import NotApplicable, Option, Proposal
from bot.core.routing.gateway_request import fixed_sni


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """Fix an SNI where that of clients' requests, or the one fixed now, gets no matching certificate.

    The Host header stays the client's, so the application notices nothing.
    """
    settings = view.settings
    if not view.gateway.traits.has_tls_settings:
        return NotApplicable("a v1 gateway has no sniName")
    if settings.protocol != "https":
        return NotApplicable("the gateway does not use TLS to this backend")
    asked = tuple(_asked(view))
    if all(_fits(view.case, it) for it in asked):
        return NotApplicable("no client request was seen to fail because of its SNI")
    name = _fitting_name(view)
    if name is None:
        return NotApplicable("no matching certificate was seen for any SNI that could be sent")
    return Proposal(
        summary=f"send SNI {mark(name)} from {mark(settings.name)}, with health probes and live traffic; the Host"
        " header stays the client's",
        edits=(edit_builder.set_value(document, SETTINGS, settings.name, "sniName", name),),
        asks=tuple(replace(it, sni=name) for it in asked),
    )


def _asked(view: BackendView) -> Iterator[Attempt]:
    """The requests that a fixed SNI would change: those of clients, and of the probe if one is fixed now."""
    yield from (it.attempt for it in client_requests(view))
    if fixed_sni(view.gateway, view.settings) is not None:
        yield view.probe_attempt


def _fits(case: Case, attempt: Attempt) -> bool:
    match case.connection(attempt):
        case Answered(handshake=Handshake(chain=(leaf, *_))):
            return attempt.sni is None or covers(leaf, attempt.sni)
        case HandshakeFailed():
            return False
    return True


def _fitting_name(view: BackendView) -> str | None:
    """The probe's own name, for the rules have judged what is served for it; another where that one is fixed."""
    probe = view.probe_attempt
    fixed = fixed_sni(view.gateway, view.settings) is not None
    for name in candidate_names(view.gateway, view.backend) if fixed else (probe.sni,):
        handshake = view.case.handshake(replace(probe, sni=name))
        leaf = handshake.leaf if handshake is not None else None
        if name is not None and leaf is not None and covers(leaf, name):
            return name
    return None


OPTION = Option(
    id="set_sni_name",
    title="Set an explicit SNI",
    automated=True,
    sources=("https://learn.microsoft.com/azure/application-gateway/configuration-http-settings",),
    propose=propose,
)
