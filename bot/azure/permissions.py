"""What the bot's own identity may do with a resource, by one plain GET that any identity may make."""

from bot.azure.connection import Connection
from bot.azure.failures import Call, CallFailed, call_arm
from bot.core.arm.permissions import Grant, read_grants
from bot.core.model.unavailable import Unavailable

# https://learn.microsoft.com/rest/api/authorization/permissions/list-for-resource
API_VERSION = "2022-04-01"

PERMISSIONS_READ = Call(
    "look up the identity's permissions", "Microsoft.Authorization/permissions/read"
)


async def own_grants(connection: Connection, resource: str) -> tuple[Grant, ...] | Unavailable:
    """The grants that apply to this resource, including those of wider scopes."""
    path = f"{resource}/providers/Microsoft.Authorization/permissions?api-version={API_VERSION}"
    try:
        found = await call_arm(connection.get(path), PERMISSIONS_READ)
    except CallFailed as failed:
        return Unavailable(failed.trouble.reason)
    return await found.read_by(read_grants)
