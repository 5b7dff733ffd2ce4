"""How a person names a gateway -> which gateways may be meant. Pure: it looks only at what was listed.

Understood: a name, `resource-group/name`, `subscription/resource-group/name`, a resource id, a portal URL (which holds
a resource id), the URL of a site, or a host name that one of the listeners serves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from urllib.parse import SplitResult, unquote, urlsplit

from bot.core.arm.document import without_surrogates
from bot.core.model.hostname import ascii_name, fits, is_wildcard
from bot.core.model.known_gateway import GATEWAY_ID, KnownGateway
from bot.core.routing.serving_route import Site

_LONGEST_HOST = 253
"""Characters: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4, without the dot at the end."""


def resource_id_in(said: str) -> str | None:
    """The resource id that a text is or holds (a portal URL does), so that nothing need be listed."""
    found = GATEWAY_ID.search(without_surrogates(unquote(said)))
    return found.group(0) if found else None


@dataclass(frozen=True, slots=True)
class Target:
    """What a person `said`, as far as it can be understood without a list of gateways.

    `text` is the same without what chats and mails put around it. `gateway_id` is set if it is or holds a resource id,
    `site` if it is a URL or a host name and not that.
    """

    said: str
    text: str
    gateway_id: str | None
    site: Site | None

    @property
    def name(self) -> str:
        """The gateway's own name in lower case, if it is a name with or without its group."""
        return self.text.rpartition("/")[2].lower()


def parse_target(said: str) -> Target:
    """Understand what was said, once; no text is too odd."""
    text = said.strip().strip("<>`'\"").strip()
    gateway_id = resource_id_in(said)
    # A portal's address speaks of the gateway in it, not of a site.
    return Target(said, text, gateway_id, None if gateway_id else _site(text))


def find(
    target: Target, gateways: Iterable[KnownGateway]
) -> tuple[tuple[KnownGateway, ...], str | None]:
    """The gateways that may be meant; with the host name, if it was a listener's that matched."""
    every = tuple(gateways)
    by_name = tuple(it for it in every if _is_named(target.gateway_id or target.text, it))
    if by_name:
        return by_name, None
    host = target.site.host if target.site else None
    exact = tuple(
        it for it in every if host and host in (ascii_name(one).lower() for one in it.hosts)
    )
    if exact:
        return exact, host
    wide = tuple(it for it in every if host and any(_serves(one, host) for one in it.hosts))
    return wide, host if wide else None


def nearest(target: Target, gateways: Iterable[KnownGateway], most: int = 3) -> tuple[str, ...]:
    """Names that look like what was said, best first."""
    names = {it.name.lower(): it.name for it in gateways}
    wanted = target.name
    close = get_close_matches(wanted, names, n=most, cutoff=0.5)
    inside = [name for name in names if wanted and (wanted in name or name in wanted)]
    return tuple(names[name] for name in dict.fromkeys([*close, *inside]))[:most]


def _site(text: str) -> Site | None:
    """The site in a text, if it is a URL or a host name: which host, which path."""
    url = _url(text)
    host = _host(url) if url else None
    if url is None or host is None:
        return None
    try:
        port = url.port
    except ValueError:  # No number, or too great for a port.
        port = None
    return Site(host, url.path or "/", url.scheme or None, port)


def _url(text: str) -> SplitResult | None:
    try:
        return urlsplit(text if "://" in text else f"//{text}")
    except ValueError:
        return None


def _host(url: SplitResult) -> str | None:
    """The host name as DNS writes it: lower case, ASCII, no dot at the end; None for a name without a dot."""
    host = (url.hostname or "").rstrip(".")
    if "." not in host or len(host) > _LONGEST_HOST:
        return None
    # Browsers turn other letters into ASCII as UTS 46 says.
    written = ascii_name(host)
    return written if written.isascii() else None


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
