"""Long-running operations of a PUT, a start or a health request, to be polled."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.lab.values import Json

Status = Literal["InProgress", "Succeeded", "Failed", "Canceled"]


@dataclass(slots=True)
class Operation:
    """One operation; `kind` is the service's name for it, `result` the body of its end."""

    kind: str
    location: str
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    status: Status = "InProgress"
    error: Json | None = None
    result: Json | None = None
    ends_after: int | None = None
    end: Callable[[], Awaitable[None]] | None = None

    @property
    def pending(self) -> bool:
        return self.status == "InProgress"

    def body(self) -> Json:
        """What GET .../operations/{id} answers."""
        return {"status": self.status, **({"error": self.error} if self.error else {})}

    def succeed(self, result: Json | None = None) -> None:
        self.status, self.result = "Succeeded", result

    def fail(self, code: str, message: str) -> None:
        self.status = "Failed"
        self.error = {"code": code, "message": message, "details": []}

    def supersede(self, by: "Operation") -> None:
        # Word for word as in https://github.com/Azure/azure-cli/issues/21156
        self.status = "Canceled"
        detail = (
            f"Operation {self.kind} ({self.id}) was canceled and superseded by "
            f"operation {by.kind} ({by.id})."
        )
        self.error = {
            "code": "Canceled",
            "message": "Operation was canceled.",
            "details": [{"code": "CanceledAndSupersededDueToAnotherOperation", "message": detail}],
        }


class Operations:
    """All operations by id, and the tasks that complete them."""

    def __init__(self) -> None:
        self._by_id: dict[str, Operation] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def get(self, operation_id: str) -> Operation | None:
        return self._by_id.get(operation_id.lower())

    def begin(
        self, operation: Operation, seconds: float, end: Callable[[], Awaitable[None]]
    ) -> None:
        """After `seconds`, `end` it, unless it is over by then (superseded)."""
        self._by_id[operation.id] = operation

        async def run() -> None:
            await asyncio.sleep(seconds)
            if operation.pending:
                await end()

        self._start(run())

    def add_endless(self, operation: Operation) -> None:
        self._by_id[operation.id] = operation

    def add_counted(
        self, operation: Operation, looks: int, end: Callable[[], Awaitable[None]]
    ) -> None:
        """`end` it when it has been asked for so many times."""
        operation.ends_after, operation.end = looks, end
        self._by_id[operation.id] = operation

    async def asked_for(self, operation_id: str) -> Operation | None:
        """The operation, counting that somebody asks for it."""
        found = self.get(operation_id)
        if found is not None and found.pending and found.ends_after is not None and found.end:
            found.ends_after -= 1
            if found.ends_after < 0:
                await found.end()
        return found

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
