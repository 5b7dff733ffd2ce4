"""An Azure in memory that takes its time, does wrong as it is told to, and remembers what really happened."""

import asyncio
import copy
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from bot.core.arm.document import Document, Json
from bot.core.arm.operations import Accepted, OperationState
from bot.core.problem import Problem
from tests.handlers.edges import MemoryAzure, gateway

TAKES = 0.5
"""Seconds on the way to Azure, and on the way back."""

ROLLS_OUT = 3.0
"""Seconds that an operation lasts."""

LATE = 6.0
"""Seconds after which a PUT that was cut off is carried out."""

AtPut = Literal["throttled", "refused", "lost before", "lost after", "late", "fails"]
"""What becomes of a PUT: refused for a while or for good; its request or its answer lost; an operation that fails."""


@dataclass(frozen=True, slots=True)
class Version:
    """The gateway as it was from a moment on."""

    since: float
    document: Json


class PlayedAzure(MemoryAzure):
    """One gateway. `strict`: If-Match counts; else nothing happens between a reading and the PUT that follows it."""

    def __init__(self, *, strict: bool) -> None:
        super().__init__(gateway())
        (self._key,) = self.documents
        self.gateway_id = str(self.documents[self._key]["id"])
        self.strict = strict
        self.faults: list[AtPut] = []
        self.away = 0
        self.received: Counter[str] = Counter()
        self.carried_out: Counter[str] = Counter()
        self.history = [Version(0.0, copy.deepcopy(self.documents[self._key]))]
        self._operations: dict[str, tuple[float, OperationState]] = {}
        self._coming: set[asyncio.Task[None]] = set()

    @property
    def document(self) -> Json:
        return self.documents[self._key]

    def lately(self, seconds: float) -> list[Json]:
        """Every version that the gateway had in that time."""
        begun = _now() - seconds
        ended = [it.since for it in self.history[1:]] + [float("inf")]
        return [it.document for it, end in zip(self.history, ended, strict=True) if end >= begun]

    def edit(self, change: Callable[[Json], Any]) -> None:
        """Somebody changes the gateway in the portal."""
        document = copy.deepcopy(self.document)
        change(document)
        self._becomes(document)

    async def read(self, gateway_id: str) -> Document:
        await asyncio.sleep(TAKES)
        if self.away:
            self.away -= 1
            raise Problem("unreachable", "Azure does not answer.")
        found = copy.deepcopy(self.document)
        if self.strict:
            await asyncio.sleep(TAKES)
        return found

    async def put(self, gateway_id: str, document: Document, etag: str, client_id: str) -> Accepted:
        fault = self.faults.pop(0) if self.faults else None
        sent = copy.deepcopy(dict(document))
        if self.strict:
            try:
                await asyncio.sleep(TAKES)
            except asyncio.CancelledError:
                # Whoever sent it is dead, and it is on its way all the same.
                self.received[client_id] += 1
                self._later(self._arrives(sent, etag, client_id, TAKES))
                raise
        match fault:
            case "throttled":
                raise Problem("throttled", "Too many requests.", wait=2.0)
            case "refused":
                self.received[client_id] += 1
                raise Problem("invalid", "Azure refuses this.")
            case "lost before":
                raise Problem("lost", "No answer.")
            case "late":
                self.received[client_id] += 1
                self._later(self._arrives(sent, etag, client_id, LATE))
                raise Problem("lost", "No answer.")
        self.received[client_id] += 1
        self._carry_out(sent, etag, client_id)
        url = f"https://management/operation/{client_id}"
        state = (
            OperationState("failed", code="Vault", message="The vault is shut.")
            if fault == "fails"
            else None
        )
        self._operations[url] = (_now() + ROLLS_OUT, state or OperationState("succeeded"))
        await asyncio.sleep(TAKES)
        if fault == "lost after":
            raise Problem("lost", "No answer.")
        return Accepted(url, "correlation")

    async def operation(self, url: str) -> OperationState:
        await asyncio.sleep(TAKES)
        ends, state = self._operations[url]
        return state if _now() >= ends else OperationState("running")

    async def settled(self) -> None:
        """Until everything that is under way has arrived."""
        while self._coming:
            await asyncio.wait(self._coming)

    async def _arrives(self, sent: Json, etag: str, client_id: str, after: float) -> None:
        await asyncio.sleep(after)
        with suppress(Problem):
            self._carry_out(sent, etag, client_id, strict=True)

    def _carry_out(self, sent: Json, etag: str, client_id: str, *, strict: bool = False) -> None:
        if (self.strict or strict) and self.document["etag"] != etag:
            raise Problem("etag_mismatch", "The gateway was changed meanwhile.")
        self.carried_out[client_id] += 1
        self._becomes(sent)

    def _becomes(self, document: Json) -> None:
        document["etag"] = f'W/"{len(self.history) + 1}"'
        self.documents[self._key] = document
        self.history.append(Version(_now(), copy.deepcopy(document)))

    def _later(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._coming.add(task)
        task.add_done_callback(self._coming.discard)


def _now() -> float:
    return asyncio.get_running_loop().time()
