"""Where the gateway itself redirects clients: a listener or a path rule may have a redirect instead of a pool.

https://learn.microsoft.com/azure/application-gateway/redirect-overview
"""

from urllib.parse import urlsplit

from bot.core.model.gateway import Gateway, Listener, Redirect
from bot.core.model.hostname import fits
from bot.core.routing.paths import taking_rule
from bot.core.routing.rule_order import rules_matching_host
from bot.core.routing.serving_route import Site

_USUAL = {"http": 80, "https": 443}


def redirected_on(gateway: Gateway, own: Listener, asked: Site) -> Site | None:
    """Where the gateway sends who asks for this page on the frontend of a listener of theirs.

    None where it does not redirect them, or nobody can say where to.
    """
    found = _redirect_of(gateway, own, asked)
    if found is None:
        return None
    if found.listener is None:
        return _by_url(found, asked)
    target = next((it for it in gateway.listeners if it.id == found.listener), None)
    if target is None or target.port is None:
        return None
    taken = not target.hosts or any(fits(it, asked.host) for it in target.hosts)
    host = asked.host if taken else target.hosts[0].lower()
    return Site(host, asked.path if found.keeps_path else "/", target.protocol, target.port)


def _redirect_of(gateway: Gateway, own: Listener, asked: Site) -> Redirect | None:
    """The redirect that the page has; None if clients get to a pool there, or nobody knows."""
    for rule, listener in rules_matching_host(gateway, asked.host):
        if (listener.frontend, listener.port) == (own.frontend, asked.port):
            entry = taking_rule(gateway.path_rules(rule), asked.path)
            wanted = (entry or rule).redirect
            return next((it for it in gateway.redirects if it.id == wanted), None)
    return None


def _by_url(found: Redirect, asked: Site) -> Site | None:
    try:
        parts = urlsplit(found.url or "")
        port = parts.port or _USUAL.get(parts.scheme)
    except ValueError:
        return None
    if not parts.hostname or port is None:
        return None
    path = f"{parts.path.rstrip('/')}{asked.path}" if found.keeps_path else parts.path
    return Site(parts.hostname, path or "/", parts.scheme, port)
