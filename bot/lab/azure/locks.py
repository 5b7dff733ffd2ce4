"""Management locks, as the list of a gateway's shows them: its own, and those it inherits.

Shape: Azure/azure-rest-api-specs, specification/resources/resource-manager/Microsoft.Authorization/stable/2016-09-01/
examples/ManagementLocks_ListAtScope.json
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.lab.azure.calls import Call, Reply, reply
from bot.lab.values import Json


@dataclass(frozen=True, slots=True)
class ManagementLock:
    """A lock on a resource, group or subscription: `scope` is its id."""

    scope: str
    name: str
    level: Literal["ReadOnly", "CanNotDelete"] = "ReadOnly"

    @property
    def document(self) -> Json:
        kind = "Microsoft.Authorization/locks"
        return {
            "id": f"{self.scope}/providers/{kind}/{self.name}",
            "name": self.name,
            "type": kind,
            "properties": {"level": self.level, "notes": "Set by the lab."},
        }


class Locks:
    """Answers with the locks that hold for a gateway. That they forbid something is a fault of its own."""

    def __init__(self, locks: Sequence[ManagementLock]) -> None:
        self._locks = tuple(locks)

    async def list(self, call: Call) -> Reply:
        gateway = f"{call.gateway_id}/".lower()
        held = [it.document for it in self._locks if gateway.startswith(f"{it.scope}/".lower())]
        return reply(200, {"value": held})
