"""A gateway that was listed: as much of it as it takes to find it by what people say."""

import re
from dataclasses import dataclass

GATEWAY_ID = re.compile(
    r"/subscriptions/(?P<subscription>[^/\s]+)/resourceGroups/(?P<group>[^/\s]+)"
    r"/providers/Microsoft\.Network/applicationGateways/(?P<name>[^/\s?#]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class KnownGateway:
    """One gateway: its id, the host names that its listeners serve, and its operational state, if that was listed."""

    id: str
    name: str
    resource_group: str
    subscription: str
    hosts: tuple[str, ...]
    state: str = ""


def known_by_id(text: str, hosts: tuple[str, ...] = (), state: str = "") -> KnownGateway | None:
    """The gateway whose resource id is in a text; None if there is none in it."""
    found = GATEWAY_ID.search(text)
    if found is None:
        return None
    return KnownGateway(
        found[0], found["name"], found["group"], found["subscription"], hosts, state
    )
