"""What ARM's responses say about a long-running operation. Pure.

The rules: https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations
"""

from collections.abc import Mapping
from typing import Literal

from bot.azure.errors import arm_error, operation_trouble, retry_after
from bot.core.arm.document import mapping_of, text_of
from bot.core.arm.operations import Accepted, OperationState

_State = Literal["running", "succeeded", "failed", "canceled"]

# Every other status means that it is still running. Microsoft.Network writes Canceled, others Cancelled.
_ENDS: Mapping[str, _State] = {
    "succeeded": "succeeded",
    "failed": "failed",
    "canceled": "canceled",
    "cancelled": "canceled",
}


def accepted(headers: Mapping[str, str]) -> Accepted:
    """Where an accepted PUT can be polled; a small one may complete at once and name no URL."""
    return Accepted(
        operation_url=headers.get("Azure-AsyncOperation") or headers.get("Location"),
        correlation=headers.get("x-ms-correlation-request-id"),
    )


def operation_state(status: int, headers: Mapping[str, str], body: object) -> OperationState:
    """The state of an operation, from `status` and `body` of the response to a GET of its URL."""
    error = arm_error(body)
    state, pause = _state(status, body), retry_after(headers, 5.0)
    if error is None:
        return OperationState(state, pause)
    meant = operation_trouble(error)
    return OperationState(state, pause, error.code, meant.reason, meant.hint)


def _state(status: int, body: object) -> _State:
    found = mapping_of(body)
    if found.get("status") is not None:
        # An unknown status, or none, does not mean that it has ended.
        return _ENDS.get((text_of(found["status"]) or "").lower(), "running")
    # The URL came from Location: 202 until the end, then the result itself, or the error.
    if status == 202:
        return "running"
    return "failed" if arm_error(body) else "succeeded"
