"""What an identity may do at a resource, by what Azure says of it.

Each grant allows its actions but for its own exceptions, and grants add up; `*` stands for any characters, and case
does not matter (https://learn.microsoft.com/azure/role-based-access-control/role-definitions). Shape:
https://learn.microsoft.com/rest/api/authorization/permissions/list-for-resource
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.core.arm.entry import root_entry
from bot.core.model.gateway import Gateway
from bot.core.model.glob import matches_glob
from bot.core.model.unavailable import Unavailable

WRITE = "Microsoft.Network/applicationGateways/write"


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


def read_grants(answer: object) -> tuple[Grant, ...] | Unavailable:
    """The grants in ARM's answer. All of them: an identity is not said to lack what an unread one may give it."""
    root = root_entry(answer, "Azure's list of permissions")
    if not root.is_list("value"):
        return Unavailable("Azure's answer is no list of permissions")
    grants = tuple(
        Grant(it.texts("actions"), it.texts("notActions")) for it in root.entries("value")
    )
    if root.holds("nextLink"):
        return Unavailable("Azure's list of permissions has more than one page")
    return next(map(Unavailable, root.notes.all), grants)


def needed_to_change(gateway: Gateway) -> Iterator[tuple[str, str]]:
    """Resource id and action of everything that a change takes: a write also joins what the gateway is linked to.

    https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure, "Permissions"
    """
    yield gateway.id, WRITE
    for subnet in gateway.subnets:
        yield subnet, "Microsoft.Network/virtualNetworks/subnets/join/action"


def needed_to_try(gateway: Gateway) -> Iterator[tuple[str, str]]:
    """The same of what a gateway that tries a probe itself takes; trying changes nothing."""
    if gateway.traits.tries_probes_on_demand:
        yield gateway.id, "Microsoft.Network/applicationGateways/getBackendHealthOnDemand/action"


def _any(patterns: Iterable[str], action: str) -> bool:
    return any(_fits(it, action) for it in patterns)


def _fits(pattern: str, action: str) -> bool:
    return matches_glob(pattern.lower(), action.lower())
