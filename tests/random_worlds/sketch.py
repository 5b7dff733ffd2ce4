"""A gateway and its servers while they are still being made up; `finished` turns them into a scenario.

A world is first healthy, then faults change it. Everything follows from the seed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from bot.lab.azure import GatewayId, Options
from bot.lab.azure.build import (
    PathTo,
    Site,
    certificate,
    gateway_document,
    http_settings,
    https_settings,
    pool,
    probe,
)
from bot.lab.azure.faults import Fault
from bot.lab.azure.targets import is_ip
from bot.lab.backends import BackendSpec, Route
from bot.lab.pki import Issued
from bot.lab.scenario import Expected, Scenario
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
class Sketch:
    """A whole world; `done` are the faults it has, `rules` for each the rules that may name it."""

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

    def finished(self) -> Scenario:
        """The world as a scenario; what it has to come to is the lab's word, so no label is set."""
        return Scenario(
            name=f"random-{self.seed}",
            title=f"A random world with {', '.join(self.done) or 'no fault'}",
            summary="Made up from a seed.",
            story=(),
            gateways=(self._document(),),
            backends=tuple(self.servers.values()),
            expected=Expected(self.name, None),
            dns=self.dns,
            bot_dns=self.bot_dns,
            dns_servers=self.dns_servers,
            options=self.options,
            faults=tuple(self.azure_faults),
        )

    def _document(self) -> Json:
        kind = "authentication_certificates" if self.v1 else "trusted_roots"
        parts: dict[str, Any] = {
            "pools": [self.pools.get(it.name) or self._pool(it) for it in self.apps],
            "settings": [self._settings(it) for it in self.apps],
            "probes": [
                probe(f"{it.name}-probe", **self._check(it))
                for it in self.apps
                if it.check is not None
            ],
            "sites": self.sites,
            kind: self._stored(),
        }
        tier = "Standard" if self.v1 else "Standard_v2"
        document = gateway_document(self.id, tier=tier, **parts)
        document["properties"] |= self.state
        return {**document, "tags": self.tags}

    def _stored(self) -> list[Json]:
        own = [
            certificate(f"{it.name}-trust-{n}", each)
            for it in self.apps
            for n, each in enumerate(it.trusts)
        ]
        return own + [node for _, node in self.more_trust]

    def _pool(self, app: App) -> Json:
        ips = [it for it in app.members if is_ip(it)]
        return pool(app.name, ips=ips, fqdns=[it for it in app.members if not is_ip(it)])

    def _settings(self, app: App) -> Json:
        check = None if app.check is None else f"{app.name}-probe"
        if not app.secure:
            return http_settings(f"{app.name}-settings", probe=check, port=app.port, **app.settings)
        referred = [f"{app.name}-trust-{n}" for n, _ in enumerate(app.trusts)]
        referred += [node["name"] for owner, node in self.more_trust if owner == app.name]
        return https_settings(
            f"{app.name}-settings",
            probe=check,
            port=app.port,
            authentication_certificates=referred if self.v1 else (),
            trusted_roots=() if self.v1 else referred,
            **app.settings,
        )

    def _check(self, app: App) -> dict[str, Any]:
        return {"protocol": "Https" if app.secure else "Http", **(app.check or {})}


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
