"""The locks on a gateway, by one plain GET: those set on it, and those it inherits."""

from bot.azure.connection import Connection
from bot.azure.failures import Call, CallFailed, call_arm
from bot.core.arm.lock_reader import read_locks
from bot.core.model.lock import Lock
from bot.core.model.unavailable import Unavailable

# https://learn.microsoft.com/rest/api/resources/management-locks/list-by-scope
API_VERSION = "2016-09-01"

LOCKS_READ = Call("read the locks on the gateway", "Microsoft.Authorization/locks/read")


async def locks_on(connection: Connection, gateway_id: str) -> tuple[Lock, ...] | Unavailable:
    """The locks that forbid to change this gateway, as far as the first page of the list shows them."""
    path = f"{gateway_id}/providers/Microsoft.Authorization/locks?api-version={API_VERSION}"
    try:
        found = await call_arm(connection.get(path), LOCKS_READ)
    except CallFailed as failed:
        return Unavailable(failed.trouble.reason)
    return await found.read_by(read_locks, gateway_id)
