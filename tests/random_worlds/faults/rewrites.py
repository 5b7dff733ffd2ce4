"""Rewrite rule sets (v2): those that break what clients get, and those that servers are made for."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

from bot.lab.azure.build import Site, part
from bot.lab.backends import ANY_HOST, Answer, Route
from bot.lab.values import Json
from tests.random_worlds.faults.answers import knows_every_host, own_page
from tests.random_worlds.faults.registry import fault
from tests.random_worlds.sketch import App, Sketch

_SETS = "rewriteRuleSets"
_NAME = "rewrites"
_GONE = Answer(404)


def _fits(sketch: Sketch, app: App) -> bool:
    """There is none yet, the app has a site of its own, and what is sent is the client's."""
    return not sketch.v1 and _SETS not in sketch.state and not app.sent and any(_sites(sketch, app))


def _sites(sketch: Sketch, app: App) -> Iterator[tuple[int, Site]]:
    return (
        (at, it) for at, it in enumerate(sketch.sites) if it.pool == app.name and not it.redirect_to
    )


def _rewrite(sketch: Sketch, app: App, *conditions: Json, **actions: Any) -> bool:
    """All sites of the app get a set with this one rule."""
    _add(sketch, *conditions, **actions)
    for at, it in list(_sites(sketch, app)):
        sketch.sites[at] = replace(it, rewrites=_NAME)
    return True


def _add(sketch: Sketch, *conditions: Json, **actions: Any) -> None:
    made = {"name": "only", "ruleSequence": 100, "conditions": conditions, "actionSet": actions}
    whole = part(_NAME, rewriteRules=[made])
    sketch.state[_SETS] = [{**whole, "id": f"{sketch.id}/{_SETS}/{_NAME}"}]


def _host(name: str) -> list[Json]:
    return [{"headerName": "Host", "headerValue": name}]


@fault("rewrite_breaks_request", clients_only=True, weight=6)
def host_rewritten_to_one_that_is_unknown(sketch: Sketch, app: App, rng: Random) -> bool:
    if not _fits(sketch, app) or knows_every_host(sketch, app):
        return False
    return _rewrite(sketch, app, requestHeaderConfigurations=_host(f"typo-{app.hosts[0]}"))


@fault("rewrite_breaks_request", clients_only=True, weight=14)
def path_rewritten_to_one_that_is_not_there(sketch: Sketch, app: App, rng: Random) -> bool:
    """Every page below it, or only the one to which all requests are sent."""
    if not _fits(sketch, app):
        return False
    for endpoint in sketch.served_by(app):
        gone = Route(ANY_HOST, "/v0/", _GONE)
        sketch.change(endpoint, routes=(gone, *sketch.servers[endpoint].routes))
    path = rng.choice(("/v0{var_uri_path}", "/v0/start"))
    return _rewrite(sketch, app, urlConfiguration={"modifiedPath": path})


@fault("rewrite_loop", clients_only=True, weight=41)
def path_map_asked_for_ever(sketch: Sketch, app: App, rng: Random) -> bool:
    if sketch.v1 or _SETS in sketch.state:
        return False
    for at, it in enumerate(sketch.sites):
        if it.paths and not it.redirect_to:
            first = it.paths[0]
            before = first.path.rstrip("*").rstrip("/")
            _add(
                sketch,
                urlConfiguration={"modifiedPath": f"{before}{{var_uri_path}}", "reroute": True},
            )
            sketch.sites[at] = replace(it, paths=(replace(first, rewrites=_NAME), *it.paths[1:]))
            return True
    return False


@fault(harmless=True, weight=10)
def path_map_asked_again(sketch: Sketch, app: App, rng: Random) -> bool:
    """The start page is on the servers of a path."""
    if sketch.v1 or _SETS in sketch.state:
        return False
    for at, it in enumerate(sketch.sites):
        if it.paths and not it.redirect_to:
            below = f"{it.paths[0].path.rstrip('*').rstrip('/')}/start"
            start = {"variable": "var_uri_path", "pattern": "^/$"}
            _add(sketch, start, urlConfiguration={"modifiedPath": below, "reroute": True})
            sketch.sites[at] = replace(it, rewrites=_NAME)
            return True
    return False


@fault(harmless=True, weight=6)
def host_rewritten_to_one_that_is_known(sketch: Sketch, app: App, rng: Random) -> bool:
    if not _fits(sketch, app):
        return False
    return _rewrite(sketch, app, requestHeaderConfigurations=_host(rng.choice(app.hosts)))


@fault(harmless=True, weight=4)
def path_rewritten_to_a_folder(sketch: Sketch, app: App, rng: Random) -> bool:
    if not _fits(sketch, app):
        return False
    return _rewrite(sketch, app, urlConfiguration={"modifiedPath": "/v2{var_uri_path}"})


@fault(harmless=True, weight=4)
def rewrite_that_depends_on_a_header(sketch: Sketch, app: App, rng: Random) -> bool:
    """Only clients know whether they are sent to a page that is not there, or one that is."""
    if not _fits(sketch, app):
        return False
    page = rng.choice(("/members/", "/gone/"))
    for endpoint in sketch.served_by(app):
        gone = Route(ANY_HOST, "/gone/", _GONE)
        sketch.change(endpoint, routes=(gone, *sketch.servers[endpoint].routes))
    signed_in = {"variable": "http_req_Authorization", "pattern": "^Bearer"}
    return _rewrite(sketch, app, signed_in, urlConfiguration={"modifiedPath": page})


@fault(harmless=True, weight=13)
def redirect_corrected_on_its_way(sketch: Sketch, app: App, rng: Random) -> bool:
    """The application redirects to its own address, and clients get that of the site."""
    # Whoever is taken by a wider rule would miss that redirect.
    if not _fits(sketch, app) or app.secure or "wider_rule_first" in sketch.done:
        return False
    page = own_page(app)
    if page is None:
        return False
    moved = Answer(302, b"", (("Location", f"https://{app.members[0]}/home"),))
    for endpoint in sketch.served_by(app):
        kept = sketch.servers[endpoint].routes
        sketch.change(
            endpoint,
            routes=(
                Route(ANY_HOST, page),
                Route(ANY_HOST, "/home"),
                Route(ANY_HOST, "/", moved),
                *kept,
            ),
        )
    back = "{var_request_scheme}://{var_host}{http_resp_Location_1}"
    own = {"variable": "http_resp_Location", "pattern": "https://[^/]+(/.*)$"}
    return _rewrite(
        sketch,
        app,
        own,
        responseHeaderConfigurations=[{"headerName": "Location", "headerValue": back}],
    )
