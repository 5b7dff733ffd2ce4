"""Which certificates are sent, and in which order: by their names alone, whatever the roots are."""

from typing import Literal

from bot.core.model.certificate import Certificate
from bot.core.model.hostname import certificate_names, covers

Misplaced = Literal["self_signed_not_ca", "leaf_not_first", "leaf_missing"]


def misplaced_leaf(chain: tuple[Certificate, ...], wanted: str | None) -> Misplaced | None:
    """What is wrong with the position of the server's own certificate; `wanted` is the name that was asked for."""
    first, *rest = chain
    if first.self_signed and not first.is_ca:
        # Treated as a leaf whose issuer is missing, whether uploaded or not (the note on self-signed
        # certificates in application-gateway-backend-health-troubleshooting).
        return "self_signed_not_ca"
    others = [it for it in rest if not it.is_ca]
    if first.is_ca and others:
        return "leaf_not_first"
    if wanted and not covers(first, wanted) and any(covers(it, wanted) for it in others):
        return "leaf_not_first"
    return "leaf_missing" if first.is_ca and not _serves_as_leaf(first, rest) else None


def _serves_as_leaf(first: Certificate, rest: list[Certificate]) -> bool:
    """A self-signed CA may be the server's own certificate, and so may one that carries host names."""
    named = any("." in name and " " not in name for name in certificate_names(first))
    return named or (first.self_signed and not rest)


def path_up(chain: tuple[Certificate, ...]) -> tuple[Certificate, ...]:
    """From the first certificate up, issuer by issuer, as far as they were sent."""
    path, rest = [chain[0]], list(chain[1:])
    while not path[-1].self_issued:
        issuer = next((it for it in rest if it.subject == path[-1].issuer), None)
        if issuer is None:
            break
        rest.remove(issuer)
        path.append(issuer)
    return tuple(path)


def in_order(chain: tuple[Certificate, ...], path: tuple[Certificate, ...]) -> bool:
    """Whether the certificates of the path are sent one after the other, upwards."""
    places = [chain.index(it) for it in path]
    return places == sorted(places)
