"""The network around a gateway: its subnet's security group and route table, and the network's DNS servers.

Read only where the bot may; `Unavailable` says why it could not, and is never an error.
"""

from dataclasses import dataclass
from typing import Literal

from bot.core.model.unavailable import Unavailable

Direction = Literal["inbound", "outbound"]


@dataclass(frozen=True, slots=True)
class SecurityRule:
    """One rule of a network security group, Azure's own ones included; a smaller `priority` wins.

    `sources` and `destinations` are prefixes, service tags or `*`; `ports` are destination ports such as `443`,
    `65200-65535` or `*`.
    """

    name: str
    priority: int
    direction: Direction
    allow: bool
    protocol: str
    sources: tuple[str, ...]
    destinations: tuple[str, ...]
    ports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SecurityGroup:
    """A network security group; the rules by priority."""

    name: str
    rules: tuple[SecurityRule, ...]


@dataclass(frozen=True, slots=True)
class UserDefinedRoute:
    """One route of a route table: where packets for a prefix go, in ARM's words (`VirtualAppliance`)."""

    name: str
    prefix: str
    next_hop: str


@dataclass(frozen=True, slots=True)
class RouteTable:
    """A route table of the gateway's subnet."""

    name: str
    routes: tuple[UserDefinedRoute, ...]


@dataclass(frozen=True, slots=True)
class GatewayNetwork:
    """What lies around one gateway; None: the subnet has no such thing.

    `prefixes` are those of the subnet; `dns_servers` empty means Azure's own DNS. `notes` says what of it could not be
    read.
    """

    subnet: str
    prefixes: tuple[str, ...]
    security_group: SecurityGroup | Unavailable | None
    route_table: RouteTable | Unavailable | None
    dns_servers: tuple[str, ...] | Unavailable
    notes: tuple[str, ...] = ()


NOT_LOOKED_AT = Unavailable("the network around the gateway was not checked")
