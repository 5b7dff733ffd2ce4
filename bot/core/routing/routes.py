"""Routes through a gateway and the backends at their ends.

A pool and HTTP settings are live together only where a routing rule or a path map ties them to a listener;
a pair that no listener reaches is not probed by the gateway
(learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from bot.core.model.asked_once import asked_once
from bot.core.model.gateway import Gateway, HttpSettings, Listener, PathRule, Pool, RoutingRule
from bot.core.model.health import BackendHealth, Health
from bot.core.model.marked import mark

NicMembers = tuple[tuple[str, str], ...]
"""Members that join through their network interface: pool id and address."""


Place = tuple[str, str]
"""Pool id and HTTP settings id: what the gateway probes, and what stays the same when a member is exchanged."""


@dataclass(frozen=True, slots=True)
class Route:
    """One way from a listener to a pool: which rule, which paths, which HTTP settings.

    `policy` is the load distribution policy that the rule leads to as well; `spread` the pools among which it chooses,
    this one included. A pool that a rule names only beside a policy has none: whether it gets requests is open.
    `condition`: see `PathRule`.
    """

    listener: Listener
    rule: RoutingRule
    paths: tuple[str, ...]
    pool: Pool
    settings: HttpSettings
    policy: str | None = None
    spread: tuple[str, ...] = ()
    condition: str | None = None

    @property
    def place(self) -> Place:
        """Where it ends."""
        return (self.pool.id, self.settings.id)

    @property
    def places(self) -> tuple[Place, ...]:
        """Where requests may end that take this route's rule and paths: those of all pools of its policy."""
        return tuple((pool, self.settings.id) for pool in self.spread or (self.pool.id,))


@dataclass(frozen=True, slots=True)
class Backend:
    """One server under one pool and one HTTP settings, as the gateway probes it, and the routes to it.

    `place`: where it stands; every member of one pool under the same HTTP settings has the same.
    """

    pool: Pool
    settings: HttpSettings
    server: str
    routes: tuple[Route, ...]
    place: Place = field(init=False, repr=False, compare=False)
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Made once: a pool may have 1,200 members, and each of them is looked up often.
        object.__setattr__(self, "place", (self.pool.id, self.settings.id))
        object.__setattr__(self, "_hash", hash((*self.place, self.server)))

    def __hash__(self) -> int:
        return self._hash

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every listener host name that leads here, in order, without repeats."""
        return tuple(dict.fromkeys(host for route in self.routes for host in route.listener.hosts))

    @property
    def served(self) -> tuple[str, ...]:
        """What every listener that leads here serves: its host names, or its own name where it takes every host."""
        every = (host for it in self.routes for host in it.listener.hosts or (it.listener.name,))
        return tuple(dict.fromkeys(every))

    @property
    def label(self) -> str:
        """How a sentence points at it."""
        return f"{mark(f'{self.server}:{self.settings.port}')} ({mark(self.pool.name)} / {mark(self.settings.name)})"


@asked_once
def routes(gateway: Gateway) -> tuple[Route, ...]:
    """Every live way from a listener to a pool, in the document's order; redirects lead nowhere.

    What could not be read whole is not followed: `Gateway.unfollowed` tells of it.
    """
    return tuple(_routes(gateway))


def _routes(gateway: Gateway) -> Iterator[Route]:
    pools = {pool.id: pool for pool in gateway.pools}
    every = (*gateway.http_settings, *gateway.proxy_settings)
    settings = {it.id: it for it in every if not _is_unread(gateway, it)}
    doors = (*gateway.listeners, *gateway.proxy_listeners)
    listeners = {listener.id: listener for listener in doors if not listener.unread}
    for rule, end in _ends(gateway):
        listener = listeners.get(rule.listener)
        setting = settings.get(end.settings or "")
        if listener is None or setting is None or rule.unread or end.unread:
            continue
        policy = gateway.policy(end.policy)
        spread = policy.pools if policy and not policy.unread else ()
        for pool_id in dict.fromkeys((end.pool or "", *spread)):
            if pool_id in pools:
                among = spread if pool_id in spread else ()
                route = Route(listener, rule, end.paths, pools[pool_id], setting, end.policy, among)
                yield replace(route, condition=end.condition)


def _is_unread(gateway: Gateway, settings: HttpSettings) -> bool:
    probe = gateway.probe_of(settings)
    return settings.unread or settings.proxy_header or (probe is not None and probe.unread)


def _ends(gateway: Gateway) -> Iterator[tuple[RoutingRule, PathRule]]:
    """Each rule with every place it may lead to; a basic rule is like a path rule for all paths."""
    for rule in (*gateway.rules, *gateway.proxy_rules):
        yield (
            rule,
            PathRule(rule.name, ("/*",), rule.pool, rule.settings, rule.redirect, rule.policy),
        )
        for path_rule in gateway.path_rules(rule):
            yield rule, path_rule


def routes_by_path(
    ends: Iterable[Route], rule: RoutingRule, chosen: PathRule | None
) -> tuple[Route, ...]:
    """The rule's routes for requests that this path rule takes (None: no path map), none where that leads to no pool.

    There are several where a load distribution policy chooses among pools.
    """
    paths = chosen.paths if chosen else ("/*",)
    target = chosen or rule
    fitting = [it for it in ends if it.rule.id == rule.id and it.paths == paths]
    if target.policy is not None:
        return tuple(it for it in fitting if it.spread and it.policy == target.policy)
    return tuple(it for it in fitting if it.pool.id == target.pool)[:1]


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
        grouped.setdefault(route.place, []).append(route)
    return tuple(
        Backend(found[0].pool, found[0].settings, server, tuple(found))
        for found in grouped.values()
        for server in (*found[0].pool.servers, *_nic_members_of(joined, found[0].pool))
    )


def _nic_members_of(joined: NicMembers, pool: Pool) -> Iterator[str]:
    return (server for pool_id, server in joined if pool_id == pool.id)
