"""A gateway and its servers while they are still being made up; `finishing` turns them into a scenario.

A world is first healthy, then faults change it. Everything follows from the seed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from bot.lab.azure import GatewayId, Options
from bot.lab.azure.build import PathTo, Site
from bot.lab.azure.faults import Fault
from bot.lab.azure.targets import is_ip
from bot.lab.backends import BackendSpec, Route
from bot.lab.pki import Issued
from bot.lab.scenarios.common import OPTIONS
from bot.lab.values import Endpoint, Json
from tests.random_worlds.certificates import for_listener

SUBSCRIPTION = "0d3a7c52-5c1e-4b0f-9a6d-6f1b2c3d4e5f"
GROUP = "rg-random"

# Waiting costs nothing here (tests.eventloop), so every second is a whole one, and a timeout is what it says.
_REAL_TIME = replace(OPTIONS, clock_scale=1.0, least_timeout=0.0)


@dataclass
class App:
    """One pool under HTTP settings and a probe of its own, and the servers behind it.

    `hosts` are those that clients ask it for; `sent` the one that the gateway sends instead, if the settings have one.
    `members` as they stand in the pool; `settings` and `check` are properties by their ARM names, `check` None: the
    default probe. `trusts`: certificates that the settings refer to.
    """

    name: str
    hosts: list[str]
    members: list[str]
    secure: bool
    port: int
    issued: Issued | None = None
    sent: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    check: dict[str, Any] | None = field(default_factory=dict)
    trusts: list[Issued] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The hosts that its servers have to know."""
        return [self.sent] if self.sent else self.hosts

    @property
    def asked(self) -> str:
        """The host that its probe asks for."""
        return str((self.check or {}).get("host") or self.sent or "127.0.0.1")


@dataclass
class Proxy:
    """What passes connections on beside the sites: a listener, a rule, a pool and backend settings, all named alike.

    `asks`: the protocol of its probe, if it is not that of the settings. `settings` are properties of these by their
    ARM names.
    """

    name: str
    members: list[str]
    protocol: str
    port: int
    trusts: list[Issued] = field(default_factory=list)
    asks: str = ""
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass
class Sketch:
    """A whole world; `done` are the changes that were made to a healthy one.

    `more_pools` belong to no app; `edits` change the document once it is complete.
    """

    seed: int
    rng: Random
    v1: bool
    apps: list[App] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    servers: dict[Endpoint, BackendSpec] = field(default_factory=dict)
    dns: dict[str, list[str]] = field(default_factory=dict)
    bot_dns: dict[str, list[str]] | None = None
    dns_servers: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    options: Options = _REAL_TIME
    state: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    pools: dict[str, Json] = field(default_factory=dict)
    azure_faults: list[Fault] = field(default_factory=list)
    unnamed_hosts: list[str] = field(default_factory=list)
    more_trust: list[tuple[str, Json]] = field(default_factory=list)
    only_for_the_gateway: set[Endpoint] = field(default_factory=set)
    proxies: list[Proxy] = field(default_factory=list)
    policies: list[Json] = field(default_factory=list)
    more_pools: list[Json] = field(default_factory=list)
    edits: list[Callable[[Json], None]] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"agw-{self.seed}"

    @property
    def id(self) -> GatewayId:
        return GatewayId(SUBSCRIPTION, GROUP, self.name)

    def addresses(self, app: App) -> list[str]:
        """Where the members of an app are."""
        return [
            it if is_ip(it) else self.dns[it][0]
            for it in app.members
            if is_ip(it) or self.dns.get(it)
        ]

    def served_by(self, app: App) -> list[Endpoint]:
        """The servers of an app, at whatever port."""
        there = self.addresses(app)
        return [it for it in self.servers if it[0] in there]

    def change(self, endpoint: Endpoint, **changes: Any) -> None:
        """Change a server."""
        self.servers[endpoint] = replace(self.servers[endpoint], **changes)

    def change_all(self, app: App, **changes: Any) -> None:
        """Change every server of an app."""
        for endpoint in self.served_by(app):
            self.change(endpoint, **changes)


def site(
    name: str,
    host: str,
    app: App,
    *,
    secure: bool = True,
    paths: Sequence[tuple[str, App]] = (),
    shown: str = "",
) -> Site:
    """A listener that leads to an app, and by its paths to others; `shown`: its certificate's name, if not `host`."""
    return Site(
        name,
        host,
        app.name,
        f"{app.name}-settings",
        for_listener(shown or host or app.hosts[0]) if secure else None,
        paths=tuple(PathTo(path, it.name, f"{it.name}-settings") for path, it in paths),
    )


def routes(hosts: Sequence[str], *first: Route) -> tuple[Route, ...]:
    """Answers 200 for every page of these hosts, but for what comes first."""
    return (*first, *(Route(host) for host in hosts))
