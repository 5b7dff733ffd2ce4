"""How a person names a gateway -> which gateways may be meant. Pure: it looks only at what was listed.

Understood: a name, `resource-group/name`, `subscription/resource-group/name`, a resource id, a portal URL (which holds
a resource id), the URL of a site, or a host name that one of the listeners serves.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from urllib.parse import SplitResult, unquote, urlsplit

import idna

from bot.core.arm.document import printable
from bot.core.model.hostname import fits, is_wildcard
from bot.core.model.known_gateway import GATEWAY_ID, KnownGateway
from bot.core.routing.serving_route import Site

_LONGEST_HOST = 253
"""Characters: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4, without the dot at the end."""


def resource_id(said: str) -> str | None:
    """The resource id that a text is or holds (a portal URL does), so that nothing need be listed."""
    found = GATEWAY_ID.search(printable(unquote(said)))
    return found.group(0) if found else None


def find(
    said: str, gateways: Iterable[KnownGateway]
) -> tuple[tuple[KnownGateway, ...], str | None]:
    """The gateways that may be meant; with the host name, if it was a listener's that matched."""
    text = _bare(said)
    every = tuple(gateways)
    by_name = tuple(it for it in every if _is_named(text, it))
    if by_name:
        return by_name, None
    host = host_of(text)
    exact = tuple(it for it in every if host and host in map(str.lower, it.hosts))
    if exact:
        return exact, host
    wide = tuple(it for it in every if host and any(_serves(one, host) for one in it.hosts))
    return wide, host if wide else None


def nearest(said: str, gateways: Iterable[KnownGateway], most: int = 3) -> tuple[str, ...]:
    """Names that look like what was said, best first."""
    names = {it.name.lower(): it.name for it in gateways}
    wanted = said.strip().rpartition("/")[2].lower()
    close = get_close_matches(wanted, names, n=most, cutoff=0.5)
    inside = [name for name in names if wanted and (wanted in name or name in wanted)]
    return tuple(names[name] for name in dict.fromkeys([*close, *inside]))[:most]


def site_of(said: str) -> Site | None:
    """The site in a text, if it is a URL or a host name: which host, which path."""
    url = _url(_bare(said))
    host = _host(url) if url else None
    if url is None or host is None:
        return None
    try:
        port = url.port
    except ValueError:  # No number, or too great for a port.
        port = None
    return Site(host, url.path or "/", url.scheme or None, port)


def host_of(text: str) -> str | None:
    """The host name in a URL or a bare name with a dot, as DNS writes it: lower case, ASCII, no dot at the end."""
    url = _url(text)
    return _host(url) if url else None


def _bare(said: str) -> str:
    return said.strip().strip("<>`'\"").strip()


def _url(text: str) -> SplitResult | None:
    try:
        return urlsplit(text if "://" in text else f"//{text}")
    except ValueError:
        return None


def _host(url: SplitResult) -> str | None:
    host = (url.hostname or "").rstrip(".")
    if "." not in host or len(host) > _LONGEST_HOST:
        return None
    if host.isascii():
        return host
    # A listener's host name holds ASCII only; browsers turn other letters into it as UTS 46 says.
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        return None


def _is_named(text: str, gateway: KnownGateway) -> bool:
    wanted = text.lower().strip("/")
    name, group = gateway.name.lower(), gateway.resource_group.lower()
    return wanted in (
        name,
        f"{group}/{name}",
        f"{gateway.subscription.lower()}/{group}/{name}",
        gateway.id.lower().strip("/"),
    )


def _serves(pattern: str, host: str) -> bool:
    # A listener's wildcard may stand for part of a label too: `*` and `?`
    # (learn.microsoft.com/azure/application-gateway/multiple-site-overview).
    return is_wildcard(pattern) and fits(pattern, host)
