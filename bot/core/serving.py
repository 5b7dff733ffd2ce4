"""Which route serves a URL? As the gateway chooses: listener by host name, then the rule's path map.

An exact host name wins over a wildcard, a wildcard over a basic listener
(learn.microsoft.com/azure/application-gateway/multiple-site-overview); in a path map the first path that fits
wins, else its default (learn.microsoft.com/azure/application-gateway/url-route-overview).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.backend import Backend, Route, routes
from bot.core.diagnosis import Diagnosis
from bot.core.gateway import Gateway


@dataclass(frozen=True, slots=True)
class Site:
    """What a person spoke of: a host name in lower case, and a path that begins with a slash."""

    host: str
    path: str = "/"


def serving_route(gateway: Gateway, site: Site) -> Route | None:
    """The route that a request for this site takes to a pool; None if it takes none."""
    every = routes(gateway)
    ranks = [(rank, it) for it in every if (rank := _host_rank(it.listener.hosts, site.host)) > 0]
    best = max((rank for rank, _ in ranks), default=0)
    candidates = [it for rank, it in ranks if rank == best]
    fitting = [it for it in candidates if any(_path_fits(path, site.path) for path in it.paths)]
    return fitting[0] if fitting else None


def serves(backend: Backend, route: Route) -> bool:
    """Whether the backend stands at the end of the route."""
    return (backend.pool.id, backend.settings.id) == (route.pool.id, route.settings.id)


def starting_with(diagnosis: Diagnosis, route: Route | None) -> Diagnosis:
    """The same diagnosis, what concerns the route first: somebody asked about that site."""
    if route is None:
        return diagnosis

    def elsewhere(backend: Backend | None) -> bool:
        return backend is None or not serves(backend, route)

    return Diagnosis(
        tuple(sorted(diagnosis.findings, key=lambda it: elsewhere(it.seen.backend))),
        tuple(sorted(diagnosis.undecided, key=lambda it: elsewhere(it.undecided.backend))),
    )


def _host_rank(hosts: Iterable[str], wanted: str) -> int:
    """3 exact, 2 wildcard, 1 basic listener, 0 not at all."""
    names = [host.lower() for host in hosts]
    if not names:
        return 1
    if wanted in names:
        return 3
    return 2 if any(_glob(name, wanted) for name in names if "*" in name or "?" in name) else 0


def _path_fits(pattern: str, path: str) -> bool:
    """Path patterns end in `*` or are exact; case does not matter."""
    return pattern == "/*" or _glob(pattern.lower(), path.lower())


def _glob(pattern: str, text: str) -> bool:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, text) is not None
