"""The data plane of one gateway: probes every target at intervals, and keeps the health."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from bot.lab.azure.judge import Verdict
from bot.lab.azure.targets import Target

Word = Literal["Unknown", "Healthy", "Unhealthy"]
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Health:
    """The health of one server with one HTTP setting; `failures` counts those in a row."""

    word: Word = "Unknown"
    log: str = ""
    failures: int = 0

    def after(self, verdict: Verdict, target: Target) -> "Health":
        """One success makes it healthy; only `threshold` failures in a row make it unhealthy.

        A server is unhealthy until its first success:
        https://learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview
        """
        # The first `minServers` members are always reported healthy (azure-mgmt-network,
        # ApplicationGatewayProbe.min_servers).
        if verdict.healthy or target.always_up:
            return Health("Healthy", verdict.log)
        failures = self.failures + 1
        if self.word == "Healthy" and failures < target.threshold:
            return Health("Healthy", self.log, failures)
        return Health("Unhealthy", verdict.log, failures)


class Prober:
    """Runs one loop per target; `changed` is called whenever a server's health changes."""

    def __init__(
        self,
        probe: Callable[[Target], Awaitable[Verdict]],
        changed: Callable[[], None],
        clock_scale: float,
    ) -> None:
        self._probe = probe
        self._changed = changed
        self._scale = clock_scale
        self._loops: dict[Key, tuple[Target, asyncio.Task[None]]] = {}
        self._health: dict[Key, Health] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def health(self, target: Target) -> Health:
        return self._health.get(target.key, Health())

    @property
    def targets(self) -> tuple[Target, ...]:
        """What is currently probed, in the order of the gateway's rules."""
        return tuple(target for target, _ in self._loops.values())

    @property
    def is_settled(self) -> bool:
        """Whether every target was probed at least once."""
        return all(self.health(target).word != "Unknown" for target in self.targets)

    def aim(self, targets: list[Target]) -> None:
        """Probe these from now on. Known health stays until the next probe ends."""
        before, self._loops = self._loops, {}
        for target in targets:
            old, task = before.pop(target.key, (None, None))
            if old != target or task is None or task.done():
                if task:
                    task.cancel()
                task = self._start(target)
            self._loops[target.key] = (target, task)
        for _, task in before.values():
            task.cancel()
        self._health = {key: self._health[key] for key in self._loops if key in self._health}
        self._changed()

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, target: Target) -> asyncio.Task[None]:
        task = asyncio.create_task(self._run(target))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _run(self, target: Target) -> None:
        while True:
            health = self._note(target, await self._probe(target))
            repeats = target.eager and 0 < health.failures < target.threshold
            await asyncio.sleep(0 if repeats else target.interval * self._scale)

    def _note(self, target: Target, verdict: Verdict) -> Health:
        before = self.health(target)
        after = before.after(verdict, target)
        self._health[target.key] = after
        if (before.word, before.log) != (after.word, after.log):
            self._changed()
        return after
