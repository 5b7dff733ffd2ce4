"""One application gateway as Azure described it in one read: only what a diagnosis looks at.

The document itself (ARM's JSON) stays the truth for changes; this is its typed view, made by
`bot.core.arm.gateway_reader`. References are resource ids in lower case, because ARM's casing of ids varies
(Azure/azure-rest-api-specs, ApplicationGatewayBackendHealthTest.json shows `backendaddressPools`).

Whatever is `unread` was not read whole: some of its values are defaults that stand for what nobody could read, so
nothing is concluded from them, and no route leads through it.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from typing import Any, Literal

from bot.core.model.asked_once import asked_once
from bot.core.model.certificate import Certificate, Unreadable
from bot.core.model.generation import TRAITS, Generation, Traits
from bot.core.model.load_distribution import LoadDistributionPolicy
from bot.core.model.rewrites import RewriteSet

Protocol = Literal["http", "https"]

BUSY = frozenset({"updating", "creating", "migrating"})
"""Provisioning states that end by themselves, in lower case."""

FAILED = "failed"
"""The provisioning state after a change that Azure could not complete, in lower case."""


@dataclass(frozen=True, slots=True)
class StoredCertificate:
    """An authentication certificate (v1), a trusted root (v2), or the public part of a listener's own certificate.

    `bundled` are further certificates in the same file; the gateway takes the first one.
    """

    id: str
    name: str
    certificate: Certificate | Unreadable
    bundled: tuple[Certificate, ...] = ()


@dataclass(frozen=True, slots=True)
class Pool:
    """A backend pool; `servers` are IPs or names, in the document's order.

    `attached` counts members that join through their network interface, as those of a scale set do: Azure
    shows a reference to them (`backendIPConfigurations`), not their addresses. `unread` counts entries of the
    document that name no server in any form that is known.
    """

    id: str
    name: str
    servers: tuple[str, ...]
    attached: int = 0
    unread: int = 0

    def __hash__(self) -> int:
        """By its id alone: it may have 1,200 members."""
        return hash(self.id)


@dataclass(frozen=True, slots=True)
class ProbeMatch:
    """What a healthy answer looks like: status ranges as ARM writes them, and a body fragment."""

    status_codes: tuple[str, ...] = ("200-399",)
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Probe:
    """A custom health probe; times in seconds."""

    id: str
    name: str
    protocol: Protocol
    host: str | None
    path: str
    port: int | None
    interval: int
    timeout: int
    threshold: int
    pick_host_from_settings: bool
    min_servers: int
    match: ProbeMatch
    unread: bool = False


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """Backend HTTP settings; `request_timeout` in seconds, `sni_name` and the two switches are v2 only.

    `layer4`: they are backend settings of the TCP/TLS proxy, with `https` for TLS and `http` for TCP; `proxy_header`: a
    line of the PROXY protocol goes before everything else.
    """

    id: str
    name: str
    protocol: Protocol
    port: int
    host_name: str | None
    pick_host_from_address: bool
    path: str | None
    request_timeout: int
    probe: str | None
    authentication_certificates: tuple[str, ...]
    trusted_roots: tuple[str, ...]
    validate_chain: bool
    validate_sni: bool
    sni_name: str | None
    unread: bool = False
    layer4: bool = False
    proxy_header: bool = False


@dataclass(frozen=True, slots=True)
class Listener:
    """An HTTP listener; no `hosts` means a basic listener, which takes every name.

    `frontend` is the frontend IP configuration that it listens on, `certificate` the one that it shows.
    """

    id: str
    name: str
    protocol: Protocol
    port: int | None
    hosts: tuple[str, ...]
    frontend: str | None = None
    certificate: str | None = None
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Redirect:
    """A redirect configuration: where the gateway itself sends clients, to another `listener` of it or to a `url`.

    `keeps_path`: to the path that they asked for; else to the start page, or to the URL as it is.
    """

    id: str
    listener: str | None
    url: str | None
    keeps_path: bool


@dataclass(frozen=True, slots=True)
class PathRule:
    """One entry of a path map; the default of the map has the path `/*`.

    `condition` in words: it takes only requests of which nobody knows which they are, and so has no paths.

    `policy`: the load distribution policy that it leads to, whether or not it names a pool as well. `rewrites`: the
    rewrite rule set of its requests. `redirect`: the redirect configuration, where it has one.
    """

    name: str
    paths: tuple[str, ...]
    pool: str | None
    settings: str | None
    redirect: str | None
    policy: str | None = None
    unread: bool = False
    condition: str | None = None
    rewrites: str | None = None


@dataclass(frozen=True, slots=True)
class PathMap:
    """A URL path map, or an advanced routing map: its rules in order, the default last."""

    id: str
    name: str
    rules: tuple[PathRule, ...]
    kind: Literal["path map", "advanced routing map"] = "path map"


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """A request routing rule: a listener to pool and settings, or to a path map of either kind, or to a redirect.

    `policy`: the load distribution policy that it leads to, whether or not it names a pool as well. `rewrites`: the
    rewrite rule set of its requests, unless a path map has others for them. `redirect`: the redirect configuration,
    where it has one.
    """

    id: str
    name: str
    priority: int | None
    listener: str
    pool: str | None
    settings: str | None
    path_map: str | None
    redirect: str | None
    policy: str | None = None
    unread: bool = False
    rewrites: str | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """How many instances a gateway may have at most; None: its document does not say.

    `automatic`: Azure takes as many of them as it needs; else that is their number.
    """

    most: int | None = None
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Gateway:
    """The typed view of one gateway.

    `notes` says what of the document could not be read; `unfollowed` which of its rules lead to backends in a way
    that is not followed here, in words. `key_vault_certificates` are the ids of those that listeners present and that
    are kept in Key Vault; `has_identity`: it has a managed identity, with which it fetches them. What begins with
    `proxy_` is of its TCP/TLS proxy.
    """

    id: str
    name: str
    resource_group: str
    subscription: str
    location: str
    tier: str
    generation: Generation
    operational_state: str
    provisioning_state: str
    etag: str
    tags: tuple[tuple[str, str], ...]
    subnets: tuple[str, ...]
    pools: tuple[Pool, ...]
    http_settings: tuple[HttpSettings, ...]
    probes: tuple[Probe, ...]
    listeners: tuple[Listener, ...]
    rules: tuple[RoutingRule, ...]
    path_maps: tuple[PathMap, ...]
    authentication_certificates: tuple[StoredCertificate, ...]
    trusted_roots: tuple[StoredCertificate, ...]
    listener_certificates: tuple[StoredCertificate, ...] = ()
    notes: tuple[str, ...] = ()
    unfollowed: tuple[str, ...] = ()
    scale: Scale = Scale()
    policies: tuple[LoadDistributionPolicy, ...] = ()
    proxy_listeners: tuple[Listener, ...] = ()
    proxy_settings: tuple[HttpSettings, ...] = ()
    proxy_rules: tuple[RoutingRule, ...] = ()
    key_vault_certificates: tuple[str, ...] = ()
    has_identity: bool = True
    rewrite_sets: tuple[RewriteSet, ...] = ()
    redirects: tuple[Redirect, ...] = ()
    known: dict[object, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def traits(self) -> Traits:
        """What gateways of its generation do."""
        return TRAITS[self.generation]

    def probe_of(self, settings: HttpSettings) -> Probe | None:
        """The custom probe the settings refer to; None means the default probe."""
        return None if settings.probe is None else _probes_by_id(self).get(settings.probe)

    def policy(self, policy_id: str | None) -> LoadDistributionPolicy | None:
        """The load distribution policy of this id."""
        return next((it for it in self.policies if it.id == policy_id), None)

    def allow_list(self, settings: HttpSettings) -> tuple[StoredCertificate, ...]:
        """The authentication certificates that these settings refer to (v1)."""
        return _referenced(self.authentication_certificates, settings.authentication_certificates)

    def path_rules(self, rule: RoutingRule) -> tuple[PathRule, ...]:
        """The entries of the path map that a rule goes by, the default last; none for a rule without one."""
        found = (it.rules for it in self.path_maps if it.id == rule.path_map)
        return next(found, ())

    @property
    def has_failed(self) -> bool:
        """Whether Azure calls the last change to it failed."""
        return self.provisioning_state.lower() == FAILED

    @property
    def is_busy(self) -> bool:
        """Whether an operation is at work on it."""
        return self.provisioning_state.lower() in BUSY

    @property
    def is_down(self) -> bool:
        """Whether its operational state says that it serves nobody; one that Azure does not tell says nothing."""
        return self.operational_state.lower() not in ("running", "unknown")

    def roots(self, settings: HttpSettings) -> tuple[StoredCertificate, ...]:
        """The trusted root certificates that these settings refer to (v2)."""
        return _referenced(self.trusted_roots, settings.trusted_roots)


@asked_once
def _probes_by_id(gateway: Gateway) -> dict[str, Probe]:
    """Of several with the same id the first."""
    return {it.id: it for it in reversed(gateway.probes)}


def _referenced(
    stored: tuple[StoredCertificate, ...], ids: tuple[str, ...]
) -> tuple[StoredCertificate, ...]:
    return tuple(item for item in stored if item.id in ids)


@lru_cache(maxsize=4_096)
def is_ip(server: str) -> bool:
    """Whether a pool member, host or SNI candidate is an IP literal rather than a name."""
    try:
        ip_address(server)
    except ValueError:
        return False
    return True
