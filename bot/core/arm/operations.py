"""What Resource Manager answers beside gateways: a list, a PUT that was taken, a long operation."""

from dataclasses import dataclass
from typing import Literal

from bot.core.arm.document import Document


@dataclass(frozen=True, slots=True)
class Listed:
    """All gateways that can be seen, whole; `gaps` says which subscriptions could not be read, and why."""

    gateways: tuple[Document, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Accepted:
    """Azure took the PUT: where its operation can be watched, and ARM's correlation id."""

    operation_url: str | None
    correlation: str | None


@dataclass(frozen=True, slots=True)
class OperationState:
    """How far a long-running operation is; `retry_after` in seconds.

    Of one that failed: Azure's `code`, its `message` with what it means as a clause, and as `hint` what to do.
    """

    state: Literal["running", "succeeded", "failed", "canceled"]
    retry_after: float = 5.0
    code: str = ""
    message: str = ""
    hint: str = ""
