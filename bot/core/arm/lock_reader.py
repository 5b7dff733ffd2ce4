"""Resource Manager's list of management locks -> those that forbid to change a gateway.

Shape: https://learn.microsoft.com/rest/api/resources/management-locks/list-by-scope. ReadOnly forbids a write,
CanNotDelete does not, and a lock also holds for everything below what it was set on:
https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
"""

from collections.abc import Iterator

from bot.core.arm.entry import Entry, root_entry
from bot.core.model.lock import Lock
from bot.core.model.unavailable import Unavailable

_KIND = "/providers/microsoft.authorization/locks/"


def read_locks(answer: object, gateway_id: str) -> tuple[Lock, ...] | Unavailable:
    """The locks that forbid to change this gateway; `Unavailable` if the answer is no list.

    An entry that cannot be read is left out: Azure itself will say if it forbids something.
    """
    root = root_entry(answer, "Azure's list of locks")
    if not root.is_list("value"):
        return Unavailable("Azure's answer is no list of locks")
    return tuple(it for entry in root.entries("value") for it in _lock(entry, gateway_id))


def _lock(entry: Entry, gateway_id: str) -> Iterator[Lock]:
    level = entry.entry("properties").text("level") or ""
    lock_id = entry.text("id") or ""
    at = lock_id.lower().find(_KIND)
    scope = lock_id[: max(at, 0)]
    here = f"{gateway_id}/".lower().startswith(f"{scope}/".lower())
    if level.lower() == "readonly" and scope and here:
        yield Lock(lock_id, entry.text("name") or lock_id[at + len(_KIND) :], scope)
