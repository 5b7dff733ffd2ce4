"""Presses, faults, kills and strangers in any order, with up to three replicas on one database: what always holds.

At most one PUT for an approval; nothing of others is lost; what is said of a change is so; every change ends.
"""

import asyncio
from collections.abc import Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.core.arm import edit
from bot.core.arm.document import Json
from bot.core.changes.change import ACTIVE, Card, Change, Person
from bot.core.changes.remark_text import outcome_text
from bot.core.changes.words import ANNOUNCED
from bot.core.problem import Problem
from bot.core.report.incident import Incident
from bot.store import SqliteStore
from tests.core import make
from tests.eventloop import LeapingLoop
from tests.sizes import examples
from tests.workflow.lives import LEASE, Failure, Life, leases_run_out
from tests.workflow.played_azure import TAKES, AtPut, PlayedAzure

T = TypeVar("T")

ADA = Person("T0LAB", "U0ADA")
BEN = Person("T0LAB", "U0BEN")

LATELY = 6.0
"""Seconds between the last look at a gateway and the stored end: what is said was so at some time within them."""

SECONDS = st.one_of(st.integers(0, 8).map(lambda it: it * TAKES), st.integers(5, 30).map(float))
"""Each step on the way to a PUT lasts as long as one or two of Azure's answers; what comes after it, longer."""
REPLICAS = st.integers(0, 2)
AT_PUT: st.SearchStrategy[AtPut] = st.sampled_from(
    ("throttled", "refused", "lost before", "lost after", "late", "fails")
)
FAILURES: st.SearchStrategy[Failure] = st.sampled_from(("not done", "done and not told"))


class AnyOrder(RuleBasedStateMachine):
    """One gateway with Microsoft's incident, and whatever people, Azure, the store and the machine do to it."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = LeapingLoop()
        self.folder = TemporaryDirectory()
        self.file = Path(self.folder.name) / "agw.db"
        self.ahead = timedelta()
        self.lives: list[Life] = []
        self.offered: list[str] = []
        self.ended: dict[str, Change] = {}
        self.foreign: dict[str, str] = {}
        self.faults: list[str] = []

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def clock(self) -> datetime:
        return make.NOW + self.ahead + timedelta(seconds=self.loop.time() - self.began)

    @initialize(
        strict=st.booleans(),
        replicas=st.integers(1, 3),
        fault=st.none() | AT_PUT,
        seconds=SECONDS,
    )
    def start(self, strict: bool, replicas: int, fault: AtPut | None, seconds: float) -> None:
        """An approved change, as far as it has come after so many seconds."""
        self.began = self.loop.time()
        self.azure = self.do(self._azure(strict))
        if fault is not None:
            self.azure.faults.append(fault)
        for _ in range(replicas):
            self.lives.append(self.do(self._life()))
        self.diagnose(0)
        self.press(0, 0, ADA, "approve")
        self.time_goes_on(seconds)

    async def _azure(self, strict: bool) -> PlayedAzure:
        return PlayedAzure(strict=strict)

    async def _life(self) -> Life:
        store = await SqliteStore.open(f"sqlite:///{self.file}")
        return Life(self.azure, store, self.clock, self._moved)

    def life(self, number: int) -> Life:
        return self.lives[number % len(self.lives)]

    # What people do.

    @rule(number=REPLICAS)
    def diagnose(self, number: int) -> None:
        self.do(self._offer(self.life(number)))

    async def _offer(self, life: Life) -> None:
        try:
            report = await life.workflow.diagnose(self.azure.gateway_id)
            name = f"i{len(self.offered)}"
            gateway_id, now = self.azure.gateway_id, self.clock()
            incident = Incident(name, gateway_id, "agw-test", "C1", "1.1", ADA, "", now, report)
            await life.store.save_incident(incident)
            offers = await life.workflow.offers(incident)
        except Problem:
            return
        # The recommended one is the last, which is pressed most.
        self.offered += [it.id for it in reversed(offers)]

    @precondition(lambda self: self.offered)
    @rule(
        number=REPLICAS,
        last=st.integers(0, 3),
        who=st.sampled_from((ADA, BEN)),
        button=st.sampled_from(("approve", "approve", "approve", "reject", "withdraw", "cancel")),
    )
    def press(self, number: int, last: int, who: Person, button: str) -> None:
        change_id = self.offered[-1 - last % len(self.offered)]
        self.do(self._press(self.life(number), change_id, who, button))

    async def _press(self, life: Life, change_id: str, who: Person, button: str) -> None:
        try:
            await getattr(life.workflow, button)(change_id, who)
        except Problem:
            return
        finally:
            await life.look()

    @precondition(lambda self: self.offered)
    @rule(number=REPLICAS, last=st.integers(0, 3), who=st.sampled_from((ADA, BEN)))
    def undo(self, number: int, last: int, who: Person) -> None:
        change_id = self.offered[-1 - last % len(self.offered)]
        self.do(self._undo(self.life(number), change_id, who))

    async def _undo(self, life: Life, change_id: str, who: Person) -> None:
        try:
            offer = await life.workflow.offer_undo(change_id, who, Card("C1", "1.1", "i0"))
        except Problem:
            return
        if isinstance(offer, Change):
            self.offered.append(offer.id)
            await self._press(life, offer.id, who, "approve")

    # What time does.

    @rule(seconds=SECONDS)
    def time_goes_on(self, seconds: float) -> None:
        self.do(self._run(seconds))

    async def _run(self, seconds: float) -> None:
        for life in self.lives:
            await life.look()
        await asyncio.sleep(seconds)

    @rule(number=REPLICAS, minutes=st.sampled_from((2, 4, 31)))
    def much_later(self, number: int, minutes: int) -> None:
        self.ahead += timedelta(minutes=minutes)
        self.do(self._sweep(self.life(number)))

    async def _sweep(self, life: Life) -> None:
        try:
            await life.workflow.expire()
        except Problem:
            return

    # What goes wrong.

    @rule(number=REPLICAS)
    def kill(self, number: int) -> None:
        """And start anew; its leases are over by then."""
        number %= len(self.lives)
        killed = self.lives[number]
        self.do(killed.kill())
        leases_run_out(self.file, killed.name)
        self.lives[number] = self.do(self._life())

    @rule(number=REPLICAS)
    def cut_off(self, number: int) -> None:
        """A replica hears nothing of its database until its lease is over; somebody else takes it over."""
        self.do(self._cut_off(self.life(number)))

    async def _cut_off(self, life: Life) -> None:
        life.store.cut = True
        await asyncio.sleep(LEASE + 1)
        leases_run_out(self.file, life.name)
        life.store.cut = False

    @rule(what=AT_PUT)
    def azure_at_the_next_put(self, what: AtPut) -> None:
        self.azure.faults.append(what)

    @rule(times=st.integers(1, 4))
    def azure_is_away(self, times: int) -> None:
        self.azure.away = times

    @rule(number=REPLICAS, failures=st.lists(FAILURES, min_size=1, max_size=4))
    def the_store_fails(self, number: int, failures: list[Failure]) -> None:
        self.life(number).store.failures = failures

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
        first = self.azure.history[0].document["properties"]

        def restore(document: Json) -> None:
            document["properties"] = first

        self.do(self._edit(restore))

    async def _edit(self, change: Any) -> None:
        self.azure.edit(change)

    # What always holds.

    @invariant()
    def at_most_one_put_for_an_approval(self) -> None:
        if hasattr(self, "azure"):
            twice = {it: many for it, many in self.azure.received.items() if many > 1}
            assert not twice

    @invariant()
    def nothing_of_others_is_lost(self) -> None:
        if hasattr(self, "azure"):
            assert self.foreign.items() <= self.azure.document.get("tags", {}).items()

    @invariant()
    def nothing_is_said_that_was_not_so(self) -> None:
        assert self.faults == []

    def _moved(self, change: Change) -> None:
        """A change has got to another state: what is said at its end is compared with what the gateway was."""
        if change.state in ACTIVE or not change.remarks:
            return
        self.ended[change.id] = change
        lately = self.azure.lately(LATELY)
        held = {edit.holds(change.plan.edits, it) for it in lately}
        carried_out = self.azure.carried_out[change.id] > 0
        told = {it.code for it in change.remarks}
        fault = {
            "healthy": True not in held or not carried_out,
            "refused": carried_out,
            "failed": (carried_out if told & {"refused", "overtaken"} else False not in held),
            "not_healthy": "not_known" not in told and True not in held,
        }.get(change.state, False)
        if fault:
            self.faults.append(f"{change.state}: {outcome_text(change)}")

    def teardown(self) -> None:
        try:
            if self.lives:
                self.do(self._to_the_end())
        finally:
            for life in self.lives:
                self.do(life.kill())
            self.loop.close()
            self.folder.cleanup()

    async def _to_the_end(self) -> None:
        """Everything works again; every change ends, and its end is stored to be said."""
        self.azure.faults, self.azure.away = [], 0
        life = self.lives[0]
        for it in self.lives:
            it.store.failures = []
        for _ in range(60):
            await self._run(60)
            if not await life.store.active_changes() and all(it.is_idle for it in self.lives):
                break
        await self.azure.settled()
        self.at_most_one_put_for_an_approval()
        self.nothing_of_others_is_lost()
        self.nothing_is_said_that_was_not_so()
        assert await life.store.active_changes() == ()
        self.ahead += timedelta(hours=2)
        await life.workflow.expire()
        assert await life.store.open_changes() == ()
        await self._everything_is_to_be_said(life)

    async def _everything_is_to_be_said(self, life: Life) -> None:
        keys = []
        while words := await life.store.unsaid(50):
            for it in words:
                keys.append(it.word.key)
                await life.store.said(it.seq)
        assert len(keys) == len(set(keys))
        ends = {f"{it.id}:{it.state}:reply" for it in self.ended.values() if it.state in ANNOUNCED}
        assert ends <= set(keys)


AnyOrder.TestCase.settings = settings(examples(8), stateful_step_count=20)
TestAnyOrder = AnyOrder.TestCase
