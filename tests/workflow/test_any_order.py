"""Presses, faults, kills and strangers in any order, with up to three replicas on one database: what always holds."""

from datetime import timedelta
from itertools import count

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from bot.core.changes.change import Card, Change, Person
from bot.core.problem import Problem
from bot.core.report.incident import Incident
from tests.sizes import examples
from tests.workflow.any_order import AT_PUT, REPLICAS, SECONDS, Outside
from tests.workflow.lives import Life
from tests.workflow.played_azure import AtPut

ADA = Person("T0LAB", "U0ADA")
BEN = Person("T0LAB", "U0BEN")


class AnyOrder(Outside):
    """People who call the workflow, as the listeners do."""

    def __init__(self) -> None:
        super().__init__()
        self.lives: list[Life] = []
        self.offered: list[str] = []
        self.numbers = count()

    @property
    def replicas(self) -> list[Life]:
        return self.lives

    def replace(self, number: int) -> None:
        self.lives[number] = self.do(self._life())

    @initialize(
        strict=st.booleans(),
        replicas=st.integers(1, 3),
        fault=st.none() | AT_PUT,
        seconds=SECONDS,
    )
    def start(self, strict: bool, replicas: int, fault: AtPut | None, seconds: float) -> None:
        """An approved change, as far as it has come after so many seconds."""
        self.set_up(strict, fault)
        for _ in range(replicas):
            self.lives.append(self.do(self._life()))
        self.diagnose(0)
        self.press(0, 0, ADA, "approve")
        self.time_goes_on(seconds)

    async def _life(self) -> Life:
        return Life(self.world, await self.database.store(), self.clock, self.moved)

    @rule(number=REPLICAS)
    def diagnose(self, number: int) -> None:
        self.do(self._offer(self.replica(number)))

    async def _offer(self, life: Life) -> None:
        try:
            report = await life.workflow.diagnose(self.world.gateway_id)
            name = f"i{next(self.numbers)}"
            gateway_id, now = self.world.gateway_id, self.clock()
            incident = Incident(name, gateway_id, "agw-test", "C1", "1.1", ADA, "", now, report)
            await life.store.add_incident(incident)
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
        self.do(self._press(self.replica(number), change_id, who, button))

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
        self.do(self._undo(self.replica(number), change_id, who))

    async def _undo(self, life: Life, change_id: str, who: Person) -> None:
        try:
            offer = await life.workflow.offer_undo(change_id, who, Card("C1", "1.1", "i0"))
        except Problem:
            return
        if isinstance(offer, Change):
            self.offered.append(offer.id)
            await self._press(life, offer.id, who, "approve")

    @rule(number=REPLICAS, minutes=st.sampled_from((2, 4, 31)))
    def much_later(self, number: int, minutes: int) -> None:
        self.ahead += timedelta(minutes=minutes)
        self.do(self._sweep(self.replica(number)))

    async def _sweep(self, life: Life) -> None:
        try:
            await life.workflow.expire()
        except Problem:
            return

    @property
    def is_idle(self) -> bool:
        return all(it.is_idle for it in self.lives)

    async def at_the_end(self) -> None:
        """Nothing is open, and every end is stored to be said, once."""
        life = self.lives[0]
        await life.workflow.expire()
        assert await life.store.open_changes() == ()
        keys = []
        while words := await life.store.unsaid(50):
            for it in words:
                keys.append(it.word.key)
                await life.store.said(it.seq)
        assert len(keys) == len(set(keys))
        assert self.announced() <= set(keys)


class OnPostgresql(AnyOrder):
    """The same, on a server."""

    kind = "postgresql"


AnyOrder.TestCase.settings = settings(examples(6), stateful_step_count=20)
OnPostgresql.TestCase.settings = settings(examples(4), stateful_step_count=20)
TestOnSqlite = AnyOrder.TestCase
TestOnPostgresql = OnPostgresql.TestCase
