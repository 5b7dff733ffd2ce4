"""What the caller may do, by the token that came with the call, and how the list of permissions shows it.

Shape: Azure/azure-rest-api-specs, specification/authorization/resource-manager/Microsoft.Authorization/
Authorization/stable/2022-04-01/examples/GetResourcePermissions.json
"""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from bot.lab.azure.calls import Call, Reply, reply
from bot.lab.azure.errors import ArmError, Refused
from bot.lab.azure.faults import NOT_AUTHORIZED, SUBSCRIPTIONS


class Permissions:
    """Answers that the caller may do what their role says, except some actions."""

    def __init__(self, denied: Sequence[str], identities: Mapping[str, Sequence[str]]) -> None:
        self._denied = denied
        self._identities = identities

    async def list(self, call: Call) -> Reply:
        """The one role of the caller."""
        grant = {
            "actions": list(self._identities.get(call.token, ("*",))),
            "notActions": list(self._denied),
            "dataActions": [],
            "notDataActions": [],
        }
        return reply(200, {"value": [grant]})

    def check(self, token: str, action: str, scope: str) -> None:
        """Refused: 401 for a token of nobody, 403 for an action that the caller's role has not."""
        if not self._identities or action == SUBSCRIPTIONS:
            return
        if token not in self._identities:
            message = "The access token is invalid."
            raise Refused(ArmError(401, "InvalidAuthenticationToken", message))
        if not any(fnmatchcase(action.lower(), it.lower()) for it in self._identities[token]):
            message = NOT_AUTHORIZED.replace("{action}", action).replace("{scope}", scope)
            raise Refused(ArmError(403, "AuthorizationFailed", message))
