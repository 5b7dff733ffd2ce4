"""Where a redirect sends a client: on to another page of the gateway, past the gateway, or round and round.

An application that takes HTTPS only, behind HTTP settings that speak plain HTTP, redirects to its own https address,
whatever the client did
(learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-app-service-redirection-app-service-url).
"""

from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urljoin, urlsplit

from bot.core.case.view import BackendView
from bot.core.model.asked_once import asked_once
from bot.core.model.gateway import Gateway, Protocol, is_ip
from bot.core.model.marked import mark
from bot.core.model.observation import Attempt, Response
from bot.core.routing.client_request import ClientRequest
from bot.core.routing.gateway_redirects import redirected_on
from bot.core.routing.rewrite_conditions import KnownText
from bot.core.routing.rewrites import location_after, rules_in_words
from bot.core.routing.rewritten_way import asked_url
from bot.core.routing.rule_order import rules_matching_host
from bot.core.routing.serving_route import Site, serving_route

_PORTS: dict[str, int] = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Astray:
    """A redirect that no client gets an answer by.

    `past`: to the server's own name or to a private address, which the gateway does not serve; `loop`: to the page that
    was asked for; `unserved`: to the client's own host, which leads to the gateway, at a port where no listener takes
    it; `sent_back`: to where the gateway's own redirect sends them back.
    """

    kind: Literal["past", "loop", "unserved", "sent_back"]
    status: int
    location: str
    protocol: Protocol
    port: int


@asked_once
def redirected_astray(view: BackendView) -> Astray | None:
    """How the answer leads clients astray; None if it does not, or cannot be told."""
    found = _redirect(view)
    return _judge(view, *found) if found else None


@asked_once
def redirected_to_itself(view: BackendView) -> bool:
    """Whether the answer sends a client to the same page in the same way; it may count on a cookie, which we lack."""
    found, client = _redirect(view), view.client
    if found is None or client is None or "?" in found[1]:
        return False
    return _own_page(view, client) == client.way.path


@asked_once
def redirected_in_circles(view: BackendView) -> bool:
    """Whether the answer sends a client to the very address that it asked for, or to one that sends it there again.

    That is asked of the server itself, whatever listener of the gateway takes such requests now.
    """
    assert view.client is not None, "a view of a client's request"
    path = _own_page(view, view.client) or _sent_on_home(view, view.client)
    if path is None or path == view.client.way.path:
        return path is not None
    here, there = view.response, view.case.response(replace(view.attempt, path=path))
    return here is not None and there is not None and here.location == there.location


def _own_page(view: BackendView, client: ClientRequest) -> str | None:
    """The path of the page of the same site to which the answer sends the client by the protocol that it came by."""
    found = _redirect(view)
    listener, host = client.way.listener, client.client_host.lower()
    try:
        parts = urlsplit(urljoin(client.way.path, found[1] if found else ""))
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
    same = (parts.scheme, parts.hostname, port) == (listener.protocol, host, listener.port)
    relative = not parts.scheme and not parts.netloc
    return (parts.path or "/") if found and (same or relative) else None


def _sent_on_home(view: BackendView, client: ClientRequest) -> str | None:
    """The same where the answer sends the client to another port, and the gateway's own redirect back from there."""
    page, listener = _page(view), client.way.listener
    onward = redirected_on(view.gateway, listener, page) if page is not None else None
    home = (listener.protocol, client.client_host.lower(), listener.port)
    if onward is None or (onward.scheme, onward.host, onward.port) != home:
        return None
    return onward.path


def _page(view: BackendView) -> Site | None:
    """The page that the answer names in full; None if it names none."""
    found = _redirect(view)
    try:
        parts = urlsplit(found[1] if found else "")
        host, port = parts.hostname, parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
    if host is None or port is None:
        return None
    return Site(host, parts.path or "/", "https" if parts.scheme == "https" else "http", port)


@asked_once
def own_page_attempt(view: BackendView) -> Attempt | None:
    """The page of the same site to which the answer sends the client, as it is asked of the same server.

    None where it sends nobody to one; also where rewrite rules or a path override make another request of it, or
    another pool has it.
    """
    client, found = view.client, _redirect(view)
    if client is None or found is None or view.settings.path or client.way.rewrites is not None:
        return None
    path = _own_page(view, client)
    if path is None or path == client.way.path:
        return None
    route = serving_route(view.gateway, replace(_asked_page(client), path=path))
    if route is None or view.backend.place not in route.places:
        return None
    query = urlsplit(urljoin(client.way.path, found[1])).query
    return replace(view.attempt, path=f"{path}?{query}" if query else path)


@asked_once
def redirected_to(view: BackendView) -> Site | None:
    """The page of another site to which the answer sends clients; None if it does not, or if that cannot be told."""
    page = _page(view)
    if page is None or view.client is None or page.host == view.client.client_host.lower():
        return None
    return redirected_on(view.gateway, view.client.way.listener, page) or page


def leaves_gateway(view: BackendView, location: str | None) -> bool:
    """Whether a redirect leads to a name or port that the gateway does not serve, whatever is there."""
    try:
        parts = urlsplit(location or "")
        host, port = parts.hostname, parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return True
    return host is not None and (port is None or not _names(view.gateway, host, port))


@asked_once
def location_for_clients(view: BackendView) -> KnownText | None:
    """Where the answer sends a client; None if nowhere. Rewrite rules may change the server's own Location.

    https://learn.microsoft.com/azure/application-gateway/rewrite-http-headers-url, "Modify a redirection URL"
    """
    match view.response:
        case Response(status=status, location=str(location)) if 300 <= status < 400:
            return _relayed(view, status, location)[0] or None
    return None


@asked_once
def location_changed_by(view: BackendView) -> str | None:
    """The rewrite rules that have changed the Location that the server sent, in words; None where none did."""
    match view.response, view.client:
        case Response(status=status, location=str(location)), ClientRequest() as client:
            now, rules = _relayed(view, status, location)
            rewrites = client.way.rewrites
            if rewrites is not None and rules and now != location:
                verb = "change" if len(rules) > 1 else "changes"
                then = mark(now) if isinstance(now, str) else now.what
                named = rules_in_words(rewrites, rules)
                return f"{named} {verb} its Location {mark(location)} to {then}"
    return None


def _relayed(view: BackendView, status: int, location: str) -> tuple[KnownText, tuple[str, ...]]:
    client = view.client
    if client is None or client.way.rewrites is None:
        return location, ()
    way = client.way
    asked = asked_url(way.listener, way.host, way.path)
    return location_after(client.way.rewrites, asked, status, location)


def _redirect(view: BackendView) -> tuple[int, str] | None:
    """The status and the address that the answer sends to; None if it is no redirect, or nobody knows where to."""
    match view.response, location_for_clients(view):
        case Response(status=status), str(location):
            return status, location
    return None


def _judge(view: BackendView, status: int, location: str) -> Astray | None:
    try:
        parts = urlsplit(location)
        host, port = parts.hostname, parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
    scheme: Protocol = "https" if parts.scheme == "https" else "http"
    if host is None or port is None or parts.scheme not in _PORTS or view.client is None:
        return None
    asked = view.client.client_host.lower()
    sent = view.request
    if host != asked:
        # Of several servers in one place each may know the name of another. A wildcard may fit such a name as well;
        # what resolves to the server does not lead to the gateway.
        members = {it.server.lower() for it in view.case.backends_at(view.backend.place)}
        # Of another name that the server is asked for nothing says where it leads: the gateway, if a listener takes it.
        own = {sent.host.lower(), view.probe_request.host.lower()} - members
        past = (
            (host in members or _is_private(host))
            and not _names(view.gateway, host, port, exactly=True)
        ) or (host in own and not _names(view.gateway, host, port))
        return Astray("past", status, location, scheme, port) if past else None
    page = Site(host, parts.path or "/", scheme, port)
    if _nobody_takes(view.gateway, host, port):
        return Astray("unserved", status, location, scheme, port)
    if redirected_on(view.gateway, view.client.way.listener, page) == _asked_page(view.client):
        return Astray("sent_back", status, location, scheme, port)
    route = serving_route(view.gateway, page)
    if route is None or scheme == sent.protocol:
        return None
    same_page = (parts.path or "/") == view.client.way.path
    again = route.place == view.backend.place and same_page
    return Astray("loop", status, location, scheme, port) if again else None


def _asked_page(client: ClientRequest) -> Site:
    listener = client.way.listener
    return Site(client.client_host.lower(), client.way.path, listener.protocol, listener.port)


def _nobody_takes(gateway: Gateway, host: str, port: int) -> bool:
    """Whether no listener takes the host at that port; what could not be read, or passes connections on, might."""
    doors = (*gateway.listeners, *gateway.proxy_listeners)
    unknown = any(it.unread or it.port is None for it in doors)
    if unknown or any(it.port == port for it in gateway.proxy_listeners):
        return False
    return all(it.port != port for _, it in rules_matching_host(gateway, host))


def _is_private(host: str) -> bool:
    """Whether it is a private address: no client of a named site is meant to ask for that.

    No public CA may issue a certificate for one (Baseline Requirements, 4.2.2,
    https://cabforum.org/working-groups/server/baseline-requirements/requirements/).
    """
    return is_ip(host) and ip_address(host).is_private


def _names(gateway: Gateway, host: str, port: int, *, exactly: bool = False) -> bool:
    """Whether it is a site of the gateway; of a listener for every host nobody knows which names lead to it."""
    taking = (listener for _, listener in rules_matching_host(gateway, host))
    return any(
        (host in map(str.lower, it.hosts) if exactly else it.hosts) and it.port == port
        for it in taking
    )
