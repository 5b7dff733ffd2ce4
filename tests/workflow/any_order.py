"""What happens to changes in any order, and what always holds, as a state machine that is still without people.

Azure, the store, the machine and strangers do here what they do; `test_any_order` here lets people call the workflow,
and `tests/handlers/test_any_order.py` lets them use Slack. There are up to three replicas on one database.

At most one PUT for an approval; nothing of others is lost; what is said of a change is so; every change ends.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, Protocol, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.core.arm import edit
from bot.core.arm.document import Json
from bot.core.changes.change import ACTIVE, Change
from bot.core.changes.remark_text import outcome_text
from bot.core.changes.words import ANNOUNCED
from tests import databases
from tests.core import make
from tests.databases import Kind
from tests.eventloop import LeapingLoop
from tests.workflow.lives import LEASE, Failure, WatchedStore
from tests.workflow.played_azure import TAKES, AtPut, PlayedAzure

T = TypeVar("T")

LATELY = 6.0
"""Seconds between the last look at a gateway and the stored end: what is said was so at some time within them."""

SECONDS = st.one_of(st.integers(0, 8).map(lambda it: it * TAKES), st.integers(5, 30).map(float))
"""Each step on the way to a PUT lasts as long as one or two of Azure's answers; what comes after it, longer."""
REPLICAS = st.integers(0, 2)
AT_PUT: st.SearchStrategy[AtPut] = st.sampled_from(
    ("throttled", "refused", "lost before", "lost after", "late", "fails")
)
FAILURES: st.SearchStrategy[Failure] = st.sampled_from(("not done", "done and not told"))


class Replica(Protocol):
    """One life of the bot."""

    store: WatchedStore

    @property
    def holders(self) -> Sequence[str]:
        """The names under which it takes leases."""

    async def look(self) -> None:
        """Begin what nobody works on."""

    async def kill(self) -> None:
        """As by kill -9."""


class Outside(RuleBasedStateMachine):
    """One gateway with Microsoft's incident, and whatever Azure, the store, the machine and strangers do to it."""

    kind: ClassVar[Kind] = "sqlite"
    grace: ClassVar[float] = 0.0

    def __init__(self) -> None:
        super().__init__()
        self.loop = LeapingLoop(self.grace)
        self.folder = TemporaryDirectory()
        self.ahead = timedelta()
        self.ended: dict[str, Change] = {}
        self.foreign: dict[str, str] = {}
        self.faults: list[str] = []
        self.azure: PlayedAzure | None = None

    @property
    def replicas(self) -> Sequence[Replica]:
        """Those that are alive."""
        raise NotImplementedError

    def replace(self, number: int) -> None:
        """Start another one in that place."""
        raise NotImplementedError

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def clock(self) -> datetime:
        return make.NOW + self.ahead + timedelta(seconds=self.loop.time() - self.began)

    def set_up(self, strict: bool, fault: AtPut | None) -> None:
        """An Azure, and an empty database."""
        self.began = self.loop.time()
        self.azure = self.do(self._azure(strict))
        self.database = self.do(databases.new(self.kind, Path(self.folder.name)))
        if fault is not None:
            self.azure.faults.append(fault)

    async def _azure(self, strict: bool) -> PlayedAzure:
        return PlayedAzure(strict=strict)

    def replica(self, number: int) -> Any:
        return self.replicas[number % len(self.replicas)]

    # What time does.

    @rule(seconds=SECONDS)
    def time_goes_on(self, seconds: float) -> None:
        self.do(self.run(seconds))

    async def run(self, seconds: float) -> None:
        """Let everybody work for so long."""
        for it in self.replicas:
            await it.look()
        await asyncio.sleep(seconds)
        await self._leases_run_out()

    async def _leases_run_out(self) -> None:
        """The database has not seen the clock leap."""
        for it in self.replicas:
            for key, holder in it.store.over():
                await self.database.run_out(holder, key)

    # What goes wrong.

    @rule(number=REPLICAS)
    def kill(self, number: int) -> None:
        """And start anew; its leases are over by then."""
        number %= len(self.replicas)
        killed = self.replicas[number]
        self.do(killed.kill())
        for it in killed.holders:
            self.do(self.database.run_out(it))
        self.replace(number)

    @rule(number=REPLICAS)
    def cut_off(self, number: int) -> None:
        """A replica hears nothing of its database until its lease is over; somebody else takes it over."""
        self.do(self._cut_off(self.replica(number)))

    async def _cut_off(self, replica: Replica) -> None:
        replica.store.cut = True
        await asyncio.sleep(LEASE + 1)
        await self._leases_run_out()
        replica.store.cut = False

    @rule(what=AT_PUT)
    def azure_at_the_next_put(self, what: AtPut) -> None:
        self.world.faults.append(what)

    @rule(times=st.integers(1, 4))
    def azure_is_away(self, times: int) -> None:
        self.world.away = times

    @rule(number=REPLICAS, failures=st.lists(FAILURES, min_size=1, max_size=4))
    def the_store_fails(self, number: int, failures: list[Failure]) -> None:
        self.replica(number).store.failures = failures

    # What others do.

    @rule()
    def a_stranger_tags(self) -> None:
        key = f"t{len(self.foreign)}"
        self.foreign[key] = "somebody"

        def tag(document: Json) -> None:
            document["tags"] = {**document.get("tags", {}), key: "somebody"}

        self.do(self._edit(tag))

    @rule()
    def a_stranger_takes_it_back(self) -> None:
        first = self.world.history[0].document["properties"]

        def restore(document: Json) -> None:
            document["properties"] = first

        self.do(self._edit(restore))

    async def _edit(self, change: Callable[[Json], None]) -> None:
        self.world.edit(change)

    # What always holds.

    @property
    def world(self) -> PlayedAzure:
        assert self.azure is not None
        return self.azure

    @invariant()
    def at_most_one_put_for_an_approval(self) -> None:
        if self.azure is not None:
            assert not {it: many for it, many in self.azure.received.items() if many > 1}

    @invariant()
    def nothing_of_others_is_lost(self) -> None:
        if self.azure is not None:
            assert self.foreign.items() <= self.azure.document.get("tags", {}).items()

    @invariant()
    def nothing_is_said_that_was_not_so(self) -> None:
        assert self.faults == []

    def moved(self, change: Change) -> None:
        """A change has got to another state: what is said at its end is compared with what the gateway was."""
        if change.state in ACTIVE or not change.remarks:
            return
        self.ended[change.id] = change
        held = {edit.holds(change.plan.edits, it) for it in self.world.lately(LATELY)}
        carried_out = self.world.carried_out[change.id] > 0
        told = {it.code for it in change.remarks}
        fault = {
            "healthy": True not in held or not carried_out,
            "refused": carried_out,
            "failed": (carried_out if told & {"refused", "overtaken"} else False not in held),
            "not_healthy": "not_known" not in told and True not in held,
        }.get(change.state, False)
        if fault:
            self.faults.append(f"{change.state}: {outcome_text(change)}")

    def announced(self) -> set[str]:
        """The keys of the words that tell how a change ended."""
        ends = (it for it in self.ended.values() if it.state in ANNOUNCED)
        return {f"{it.id}:{it.state}:reply" for it in ends}

    def teardown(self) -> None:
        try:
            if self.azure is not None and self.replicas:
                self.do(self._to_the_end())
        finally:
            for it in self.replicas:
                self.do(it.kill())
            self.do(self.closed())
            self.do(_left())
            self.loop.close()
            self.folder.cleanup()

    async def closed(self) -> None:
        """What is still open besides the replicas."""

    async def _to_the_end(self) -> None:
        """Everything works again; every change ends, and its end is told."""
        self.world.faults, self.world.away = [], 0
        for it in self.replicas:
            it.store.failures = []
        store = self.replicas[0].store
        for _ in range(60):
            await self.run(60)
            if not await store.active_changes() and self.is_idle:
                break
        await self.world.settled()
        self.at_most_one_put_for_an_approval()
        self.nothing_of_others_is_lost()
        self.nothing_is_said_that_was_not_so()
        assert await store.active_changes() == ()
        self.ahead += timedelta(hours=2)
        await self.at_the_end()

    @property
    def is_idle(self) -> bool:
        """Whether nobody works on a change."""
        raise NotImplementedError

    async def at_the_end(self) -> None:
        """What holds two hours after the last change has ended."""
        raise NotImplementedError


async def _left() -> None:
    """End what would wait for ever: a request that is never answered."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for it in left:
        it.cancel()
    await asyncio.gather(*left, return_exceptions=True)
