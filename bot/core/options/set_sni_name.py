"""v2: an explicit SNI for live traffic (`sniName`, since API version 2024-10-01)."""

from dataclasses import replace

from bot.core import making
from bot.core.backend import Backend
from bot.core.case import Case
from bot.core.hostname import covers
from bot.core.live import Live, live_requests
from bot.core.making import SETTINGS
from bot.core.observation import Answered, Handshake, HandshakeFailed
from bot.core.option import NotApplicable, Option, Proposal
from bot.core.reading import Document


def propose(case: Case, document: Document, backend: Backend) -> Proposal | NotApplicable:
    """Send clients' requests with the SNI of the health probe, where theirs meets no fitting certificate.

    The Host header stays the client's, so the application notices nothing. Only the probe's name is taken: the
    chain that is served for it is the one that the rules have judged.
    """
    settings = backend.settings
    if case.gateway.generation != "v2":
        return NotApplicable("a v1 gateway knows no sniName")
    if settings.protocol != "https":
        return NotApplicable("the backend is not spoken to over TLS")
    live = tuple(live_requests(case, backend))
    if all(_fits(case, it) for it in live):
        return NotApplicable("no request of clients was seen to fail for its SNI")
    name = case.sent(backend).sni
    handshake = case.handshake(case.probe_attempt(backend))
    leaf = handshake.leaf if handshake is not None else None
    if name is None or leaf is None or not covers(leaf, name):
        return NotApplicable("the health probe sends no SNI that the backend has a certificate for")
    return Proposal(
        summary=f"send SNI {name} on live traffic of {settings.name}, as the health probe does; the Host"
        " header stays the client's",
        edits=(making.set_value(document, SETTINGS, settings.name, "sniName", name),),
        asks=tuple(replace(it.attempt, sni=name) for it in live),
    )


def _fits(case: Case, live: Live) -> bool:
    match case.connection(live.attempt):
        case Answered(handshake=Handshake(chain=(leaf, *_))):
            return live.sent.sni is None or covers(leaf, live.sent.sni)
        case HandshakeFailed():
            return False
    return True


OPTION = Option(
    id="set_sni_name",
    title="Set an explicit SNI in HTTP settings",
    button="Set SNI name",
    automated=True,
    sources=("https://learn.microsoft.com/azure/application-gateway/configuration-http-settings",),
    propose=propose,
)
