"""Routes through a gateway and the backends at their ends.

A pool and HTTP settings are live together only where a routing rule or a path map ties them to a listener;
a pair that no listener reaches is not probed by the gateway
(learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.model.gateway import Gateway, HttpSettings, Listener, Pool, RoutingRule
from bot.core.model.health import BackendHealth, Health
from bot.core.model.marked import mark

NicMembers = tuple[tuple[str, str], ...]
"""Members that join through their network interface: pool id and address."""


@dataclass(frozen=True, slots=True)
class Route:
    """One way from a listener to a pool: which rule, which paths, which HTTP settings."""

    listener: Listener
    rule: RoutingRule
    paths: tuple[str, ...]
    pool: Pool
    settings: HttpSettings


@dataclass(frozen=True, slots=True)
class Backend:
    """One server under one pool and one HTTP settings, as the gateway probes it, and the routes to it."""

    pool: Pool
    settings: HttpSettings
    server: str
    routes: tuple[Route, ...]

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every listener host name that leads here, in order, without repeats."""
        return tuple(dict.fromkeys(host for route in self.routes for host in route.listener.hosts))

    @property
    def label(self) -> str:
        """How a sentence points at it."""
        return f"{mark(f'{self.server}:{self.settings.port}')} ({mark(self.pool.name)} / {mark(self.settings.name)})"


def routes(gateway: Gateway) -> tuple[Route, ...]:
    """Every live way from a listener to a pool, in the document's order; redirects lead nowhere."""
    return tuple(_routes(gateway))


def _routes(gateway: Gateway) -> Iterator[Route]:
    pools = {pool.id: pool for pool in gateway.pools}
    settings = {item.id: item for item in gateway.http_settings}
    listeners = {listener.id: listener for listener in gateway.listeners}
    for rule, paths, pool_id, settings_id in _ends(gateway):
        listener = listeners.get(rule.listener)
        pool = pools.get(pool_id or "")
        setting = settings.get(settings_id or "")
        if listener and pool and setting:
            yield Route(listener, rule, paths, pool, setting)


def _ends(
    gateway: Gateway,
) -> Iterator[tuple[RoutingRule, tuple[str, ...], str | None, str | None]]:
    maps = {path_map.id: path_map for path_map in gateway.path_maps}
    for rule in gateway.rules:
        yield rule, ("/*",), rule.pool, rule.settings
        path_map = maps.get(rule.path_map or "")
        for path_rule in path_map.rules if path_map else ():
            yield rule, path_rule.paths, path_rule.pool, path_rule.settings


def nic_members(gateway: Gateway, health: Health) -> NicMembers:
    """Who joins pools through network interfaces, as virtual machines and scale sets do.

    The gateway's document refers to their interfaces only; backend health tells their addresses
    (azure-mgmt-network, ApplicationGatewayBackendHealthServer.address beside ip_configuration).
    """
    if not isinstance(health, BackendHealth):
        return ()
    pools = {pool.id: pool for pool in gateway.pools if pool.attached}
    found = (
        (it.pool, it.server)
        for it in health.servers
        if it.pool in pools and it.server not in pools[it.pool].servers
    )
    return tuple(dict.fromkeys(found))


def backends(gateway: Gateway, joined: NicMembers = ()) -> tuple[Backend, ...]:
    """Every server that the gateway probes: one entry for each pool, HTTP settings and member."""
    grouped: dict[tuple[str, str], list[Route]] = {}
    for route in routes(gateway):
        grouped.setdefault((route.pool.id, route.settings.id), []).append(route)
    return tuple(
        Backend(found[0].pool, found[0].settings, server, tuple(found))
        for found in grouped.values()
        for server in (*found[0].pool.servers, *_nic_members_of(joined, found[0].pool))
    )


def _nic_members_of(joined: NicMembers, pool: Pool) -> Iterator[str]:
    return (server for pool_id, server in joined if pool_id == pool.id)
