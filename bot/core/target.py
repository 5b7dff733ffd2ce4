"""How a person names a gateway -> which gateways may be meant. Pure: it looks only at what was listed.

Understood: a name, `resource-group/name`, `subscription/resource-group/name`, a resource id, a portal URL (which holds
a resource id), the URL of a site, or a host name that one of the listeners serves.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from urllib.parse import unquote, urlsplit

from bot.core.hostname import matches
from bot.core.reading import Document, items
from bot.core.serving import Site

_RESOURCE_ID = re.compile(
    r"/subscriptions/(?P<subscription>[^/\s]+)/resourceGroups/(?P<group>[^/\s]+)"
    r"/providers/Microsoft\.Network/applicationGateways/(?P<name>[^/\s?#]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Known:
    """One gateway that was listed: its id, and the host names that its listeners serve."""

    id: str
    name: str
    resource_group: str
    subscription: str
    hosts: tuple[str, ...]


def known(document: Document) -> Known | None:
    """What finding needs of a listed document; None if it is no gateway."""
    found = _RESOURCE_ID.search(str(document.get("id") or ""))
    if found is None:
        return None
    hosts = dict.fromkeys(
        host for item in items(document, "httpListeners") for host in _hosts(item)
    )
    return Known(
        found.group(0),
        found["name"],
        found["group"],
        found["subscription"],
        tuple(hosts),
    )


def resource_id(said: str) -> str | None:
    """The resource id that a text is or holds (a portal URL does), so that nothing need be listed."""
    found = _RESOURCE_ID.search(unquote(said))
    return found.group(0) if found else None


def find(said: str, gateways: Iterable[Known]) -> tuple[tuple[Known, ...], str | None]:
    """The gateways that may be meant; with the host name, if it was a listener's that matched."""
    text = said.strip().strip("<>`'\"").strip()
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


def nearest(said: str, gateways: Iterable[Known], most: int = 3) -> tuple[str, ...]:
    """Names that look like what was said, best first."""
    names = {it.name.lower(): it.name for it in gateways}
    wanted = said.strip().rpartition("/")[2].lower()
    close = get_close_matches(wanted, names, n=most, cutoff=0.5)
    inside = [name for name in names if wanted and (wanted in name or name in wanted)]
    return tuple(names[name] for name in dict.fromkeys([*close, *inside]))[:most]


def site_of(said: str) -> Site | None:
    """The site in a text, if it is a URL or a host name: which host, which path."""
    text = said.strip().strip("<>`'\"").strip()
    host = host_of(text)
    if host is None:
        return None
    url = text if "://" in text else f"//{text}"
    return Site(host, urlsplit(url).path or "/")


def host_of(text: str) -> str | None:
    """The host name in a URL or a bare name with a dot, in lower case."""
    url = text if "://" in text else f"//{text}"
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return host if host and "." in host else None


def _is_named(text: str, gateway: Known) -> bool:
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
    if "*" not in pattern and "?" not in pattern:
        return False
    glob = re.escape(pattern.lower()).replace(r"\*", ".*").replace(r"\?", ".")
    return matches(pattern, host) or re.fullmatch(glob, host) is not None


def _hosts(item: Document) -> Iterator[str]:
    properties = item.get("properties")
    if not isinstance(properties, dict):
        return
    single, several = properties.get("hostName"), properties.get("hostNames")
    if isinstance(single, str) and single:
        yield single
    yield from (str(host) for host in several or () if host)
