"""What the caller may do with a resource.

Shape: Azure/azure-rest-api-specs, specification/authorization/resource-manager/Microsoft.Authorization/
Authorization/stable/2022-04-01/examples/GetResourcePermissions.json
"""

from collections.abc import Sequence

from bot.lab.azure.calls import Call, Reply, reply


class Permissions:
    """Answers that the caller may do anything except some actions."""

    def __init__(self, denied: Sequence[str]) -> None:
        self._denied = denied

    async def list(self, call: Call) -> Reply:
        """The one role of the caller."""
        grant = {
            "actions": ["*"],
            "notActions": list(self._denied),
            "dataActions": [],
            "notDataActions": [],
        }
        return reply(200, {"value": [grant]})
