"""Which of the certificates that a gateway checks in a backend's chain are out of date, or not valid yet."""

from dataclasses import dataclass

from bot.core.analysis.chain_fault import anchors_in_use
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate
from bot.core.model.hostname import covers
from bot.core.model.observation import Handshake


@dataclass(frozen=True, slots=True)
class OutOfDate:
    """`sent` by the backend, whose own certificate is `own`; `root`: the stored one in which the chain ends."""

    own: Certificate
    sent: tuple[Certificate, ...]
    root: Certificate | None

    @property
    def all(self) -> tuple[Certificate, ...]:
        """Each once."""
        return tuple(dict.fromkeys((*self.sent, *((self.root,) if self.root else ()))))


def out_of_date(view: BackendView, handshake: Handshake) -> OutOfDate:
    """v1 checks the certificate that comes first, v2 all of them, unless it was told not to."""
    chain = handshake.chain
    if view.gateway.generation == "v1":
        first = chain[0]
        return OutOfDate(first, () if first.valid_at(view.case.now) else (first,), None)
    own = own_certificate(chain, view.probe_request.sni)
    if not view.settings.validate_chain:
        return OutOfDate(own, (), None)
    anchors = anchors_in_use(view)
    in_date = any(it.valid_at(view.case.now) for it in anchors)
    return OutOfDate(
        own,
        tuple(it for it in chain if not it.valid_at(view.case.now)),
        None if in_date or not anchors else anchors[0],
    )


def own_certificate(chain: tuple[Certificate, ...], name: str | None) -> Certificate:
    """The server's own certificate, wherever in the chain it is; the first one if none stands out."""
    leaves = [it for it in chain if not it.is_ca]
    fitting = (it for it in leaves if name is None or covers(it, name))
    return next(fitting, leaves[0] if leaves and chain[0].is_ca else chain[0])
