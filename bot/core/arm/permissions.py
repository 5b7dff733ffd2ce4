"""What an identity may do at a resource, by what Azure says of it.

Each grant allows its actions but for its own exceptions, and grants add up; `*` stands for any characters, and case
does not matter (https://learn.microsoft.com/azure/role-based-access-control/role-definitions). Shape:
https://learn.microsoft.com/rest/api/authorization/permissions/list-for-resource
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.core.arm.document import Document, mapping_of
from bot.core.model.gateway import Gateway


@dataclass(frozen=True, slots=True)
class Grant:
    """Patterns of actions that are allowed, and of those that are taken out of them."""

    actions: tuple[str, ...]
    not_actions: tuple[str, ...] = ()

    def allows(self, action: str) -> bool:
        """Whether this grant alone would do."""
        return _any(self.actions, action) and not _any(self.not_actions, action)


def allowed(grants: Iterable[Grant], action: str) -> bool:
    """Whether any of the grants allows it: an exception in one takes nothing from another."""
    return any(it.allows(action) for it in grants)


def read_grants(answer: Document) -> tuple[Grant, ...] | None:
    """The grants in ARM's answer; None if it is no such answer."""
    found = answer.get("value")
    if not isinstance(found, list):
        return None
    return tuple(
        Grant(tuple(_texts(it, "actions")), tuple(_texts(it, "notActions")))
        for it in map(mapping_of, found)
    )


def needed_to_change(gateway: Gateway) -> Iterator[tuple[str, str]]:
    """Resource id and action of everything that a change takes: a write also joins what the gateway is linked to.

    https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure, "Permissions"
    """
    yield gateway.id, "Microsoft.Network/applicationGateways/write"
    if gateway.generation == "v2":
        yield gateway.id, "Microsoft.Network/applicationGateways/getBackendHealthOnDemand/action"
    for subnet in gateway.subnets:
        yield subnet, "Microsoft.Network/virtualNetworks/subnets/join/action"


def _any(patterns: Iterable[str], action: str) -> bool:
    return any(_fits(it, action) for it in patterns)


def _fits(pattern: str, action: str) -> bool:
    parts = (re.escape(part) for part in pattern.split("*"))
    return re.fullmatch(".*".join(parts), action, re.IGNORECASE) is not None


def _texts(grant: Document, key: str) -> Iterator[str]:
    found = grant.get(key)
    return (it for it in found if isinstance(it, str)) if isinstance(found, list) else iter(())
