"""What a backend's chain would be with its certificates in order: which go up from its own, and where they end."""

from dataclasses import dataclass

from bot.core.analysis.certificate_validity import own_certificate
from bot.core.analysis.chain_order import path_up
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate
from bot.core.model.observation import Handshake
from bot.core.remedies.new_certificate import accepted_anchors


@dataclass(frozen=True, slots=True)
class OrderedChain:
    """The server's own certificate and its issuers, upwards.

    `proven` are the roots (SHA-256, or `PUBLIC`) in which OpenSSL saw it end, listed in the settings or not.
    """

    path: tuple[Certificate, ...]
    proven: tuple[str, ...]

    @property
    def lacks_issuer(self) -> bool:
        """Whether the way up breaks off, as far as anyone has seen."""
        return not self.path[-1].self_issued and not self.proven


def ordered_chain(
    view: BackendView, handshake: Handshake, without: Certificate | None = None
) -> OrderedChain:
    """The certificates that are sent, as far as they lead up from the server's own; the others are left out.

    `without`: one that has only the name of an issuer.
    """
    own = own_certificate(handshake.chain, view.request.sni)
    path = path_up((own, *(it for it in handshake.chain if it not in (own, without))))
    # OpenSSL was asked about the first one: that says something if the way up leads over it.
    good = handshake.anchors
    return OrderedChain(path, good if handshake.chain[0] in path else ())


def ends_in(view: BackendView, handshake: Handshake, chain: OrderedChain) -> tuple[str, ...]:
    """The roots in which it ends: as proven, else by its names; where an issuer lacks, below one that counts."""
    if chain.proven:
        return chain.proven
    if chain.lacks_issuer:
        return accepted_anchors(view)
    return () if handshake.chain[0] in chain.path else (chain.path[-1].sha256,)


def untrusted_root(view: BackendView, chain: OrderedChain) -> Certificate | None:
    """The root that is sent, that really stands behind the chain, and that the settings do not trust yet."""
    top = chain.path[-1]
    counts = set(chain.proven) & set(accepted_anchors(view))
    return top if not counts and top.is_root and top.sha256 in chain.proven else None
