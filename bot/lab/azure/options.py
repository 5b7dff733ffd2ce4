"""How the lab's Azure is set up: its clock, its behaviour, its era."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.lab.azure.environments import HostingEnvironment
from bot.lab.azure.locks import ManagementLock
from bot.lab.azure.messages import Era, Symptom
from bot.lab.azure.policies import DenyPolicy
from bot.lab.pki import Issued
from bot.lab.values import Json


@dataclass(frozen=True, slots=True)
class Options:
    """Settings of one lab.

    clock_scale: real seconds for one second of a gateway's clock: 0.01 turns a probe interval
        of 30 s into 0.3 s.
    least_timeout: no probe times out before this many real seconds, so that a busy machine does
        not look like a slow backend.
    put_seconds, health_seconds: how long a PUT and a backend health request take, real seconds.
    retry_after: seconds in the Retry-After header of long operations; None: no header.
    lock_seconds: a second PUT within this time of the first is answered 429
        RetryableErrorDueToAnotherOperation; later ones supersede it.
    page_size: gateways in one page of a list; None: all.
    era: the wording of health messages.
    healthy, unhealthy: the states in backend health; the SDK's enum has Up and Down.
    public_authorities: the well-known CAs of this world.
    networks: `properties` of subnets, virtual networks, security groups and route tables, by id.
    environments: the App Service Environments that can be read.
    loads: what Azure Monitor has for a gateway, by name: five-minute averages up to now, oldest
        first; None: nothing was measured. Other gateways have a low load.
    denied: actions that the caller's role does not include, as the list of its permissions shows.
    identities: who may call, by token, and which actions each may do (`*` stands for any characters); without any,
        whoever calls may do everything. To list subscriptions takes no role.
    locks: management locks, as the list of a gateway's shows them.
    policies: assignments of Azure Policy that deny what they say, at the check and at a PUT.
    interfaces: the address of each network interface's IP configuration that joins a pool, by id.
    large_client_hello: v2 gateways send a ClientHello that is longer than one packet.
    source: the loopback address that gateways connect from, so that a backend can tell them from the bot.
    revoked: SHA-256 of the certificates that gateways know to be revoked by their CA, lower-case hex.
    wordings: what gateways say of a symptom instead of the documented texts.
    blind_log: what is said instead of the documented text where the instances cannot be reached.
    """

    clock_scale: float = 0.01
    least_timeout: float = 2.0
    put_seconds: float = 1.5
    health_seconds: float = 0.1
    retry_after: int | None = 1
    lock_seconds: float = 0.0
    page_size: int | None = None
    era: Era = "whitelisted"
    healthy: str = "Healthy"
    unhealthy: str = "Unhealthy"
    public_authorities: tuple[Issued, ...] = ()
    networks: Mapping[str, Json] = field(default_factory=dict)
    environments: tuple[HostingEnvironment, ...] = ()
    loads: Mapping[str, Sequence[float | None]] = field(default_factory=dict)
    denied: tuple[str, ...] = ()
    identities: Mapping[str, Sequence[str]] = field(default_factory=dict)
    locks: tuple[ManagementLock, ...] = ()
    policies: tuple[DenyPolicy, ...] = ()
    interfaces: Mapping[str, str] = field(default_factory=dict)
    large_client_hello: bool = False
    source: str | None = None
    revoked: frozenset[str] = frozenset()
    wordings: Mapping[Symptom, str] = field(default_factory=dict)
    blind_log: str | None = None
    subscription_name: str = "Lab subscription"
