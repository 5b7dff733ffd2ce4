"""v1 gateways speak TLS 1.2 to their backends and nothing newer, while our own hello offers TLS 1.3 as well.

Source: https://learn.microsoft.com/azure/application-gateway/application-gateway-tls-version-retirement
"""

from dataclasses import replace

from bot.core.case.view import BackendView
from bot.core.model.asked_once import asked_once
from bot.core.model.observation import Answered, Attempt, Handshake, HandshakeFailed

NEWER = "TLSv1.3"


@asked_once
def tls12_attempt(view: BackendView) -> Attempt | None:
    """The gateway's handshake without TLS 1.3, and no request; None where our own already showed TLS 1.2."""
    own = view.attempt
    match view.case.connection(own):
        case Answered(handshake=Handshake(tls=version)) if (
            version == NEWER != view.gateway.traits.newest_tls
        ):
            return replace(own, host=own.sni or own.server, path=None, hello="tls12")
    return None


@asked_once
def tls12_refused(view: BackendView) -> HandshakeFailed | None:
    """How TLS 1.2 was rejected, whatever the SNI; None if it was accepted, or there was no need to try."""
    wanted = tls12_attempt(view)
    if wanted is None:
        return None
    meant = view.case.resolve_alias(wanted)
    others = (
        it
        for it in view.case.observations_at(meant.server, meant.port)
        if it.attempt.hello == meant.hello
    )
    made = sorted(others, key=lambda it: it.attempt.sni != meant.sni)
    outcome = made[0].outcome if made else None
    return outcome if isinstance(outcome, HandshakeFailed) else None
