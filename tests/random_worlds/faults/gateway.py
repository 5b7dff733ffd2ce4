"""Faults of the gateway's own configuration and state."""

from dataclasses import replace
from random import Random

from bot.lab.azure.build import PathTo, pool
from bot.lab.azure.targets import is_ip
from bot.lab.backends import ANY_HOST, Refusing
from tests.random_worlds.faults.registry import fault
from tests.random_worlds.sketch import App, Sketch


@fault("gateway_stopped", weight=3.5)
def gateway_was_stopped(sketch: Sketch, app: App, rng: Random) -> bool:
    sketch.state["operationalState"] = "Stopped"
    return True


@fault("pool_empty", weight=3.5)
def pool_is_empty(sketch: Sketch, app: App, rng: Random) -> bool:
    sketch.pools[app.name] = pool(app.name)
    return True


@fault("rule_without_backend", weight=5)
def rule_without_pool(sketch: Sketch, app: App, rng: Random) -> bool:
    mine = [it for it in sketch.sites if it.pool == app.name and not it.paths]
    if not mine:
        return False
    changed = rng.choice(mine)
    sketch.sites[sketch.sites.index(changed)] = replace(changed, pool="")
    return True


@fault("path_map_gap", weight=3.8)
def path_without_pool(sketch: Sketch, app: App, rng: Random) -> bool:
    mine = [it for it in sketch.sites if it.pool == app.name and not it.redirect_to]
    if not mine:
        return False
    changed = rng.choice(mine)
    paths = (PathTo("/lost/*", "", f"{app.name}-settings"), *changed.paths)
    sketch.sites[sketch.sites.index(changed)] = replace(changed, paths=paths)
    return True


@fault("rule_to_wrong_pool", weight=150)
def pools_mixed_up(sketch: Sketch, app: App, rng: Random) -> bool:
    """Two sites whose rules have each the pool of the other.

    Not where one app answers to whatever host: which site is meant for it cannot be told from outside.
    """
    others = [
        it
        for it in sketch.apps
        if it is not app and not it.secure and not it.sent and it.check and it.port == app.port
    ]
    if not others or app.sent or app.secure or not app.check:
        return False
    other = rng.choice(others)
    served = (sketch.servers[it] for each in (app, other) for it in sketch.served_by(each))
    if any(route.host == ANY_HOST and route.path == "/" for it in served for route in it.routes):
        return False
    swapped = {app.name: other.name, other.name: app.name}
    sketch.sites[:] = [
        replace(
            it,
            pool=swapped.get(it.pool, it.pool),
            paths=tuple(replace(p, pool=swapped.get(p.pool, p.pool)) for p in it.paths),
        )
        for it in sketch.sites
    ]
    return True


@fault("min_servers_hides_failures", "port_refused", weight=3.6)
def kept_healthy(sketch: Sketch, app: App, rng: Random) -> bool:
    """The first servers count as healthy whatever they say."""
    if not app.check:
        return False
    app.check["minServers"] = 1
    for endpoint in sketch.served_by(app):
        sketch.change(endpoint, behaviour=Refusing())
    return True


@fault("probe_host_or_path_unknown|backend_failing", "host_is_ip", weight=5.5)
def use_for_app_service(sketch: Sketch, app: App, rng: Random) -> bool:
    """Host names are picked from the addresses of members that have none."""
    if app.secure or app.sent or not app.check or not all(map(is_ip, app.members)):
        return False
    app.settings["pickHostNameFromBackendAddress"] = True
    app.check = {**app.check, "host": None, "pickHostNameFromBackendHttpSettings": True}
    return True
