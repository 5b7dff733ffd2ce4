"""From a seed to a world: a healthy gateway, and up to seven faults in it."""

from dataclasses import dataclass
from math import ceil
from random import Random

from bot.lab.scenario import Scenario
from bot.lab.values import Endpoint
from tests.random_worlds.faults import FAULTS
from tests.random_worlds.finishing import finished
from tests.random_worlds.healthy import healthy
from tests.random_worlds.sketch import Sketch

# How many faults a world has: mostly few, because what is wrong with the bot then shows alone.
_COUNTS = (0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 7)
_REMARKS = (0, 0, 1, 1, 2, 2)
_TRIES = 40

# What stands alone shows whether it is named: of several changes one may hide another.
_ALONE = ((1, 0), (0, 1))
_HOW_OFTEN_ALONE = 0.2

# In a smaller gateway most of many faults are hidden by others: then it shows of none whether it is named.
_FAULTS_IN_AN_APP = 2


@dataclass(frozen=True, slots=True)
class Case:
    """Which world: its seed; and if not all of its changes are made, the numbers of those that are."""

    seed: int
    only: tuple[int, ...] | None = None

    def __str__(self) -> str:
        return (
            str(self.seed) if self.only is None else f"{self.seed}:{','.join(map(str, self.only))}"
        )

    @classmethod
    def parse(cls, text: str) -> "Case":
        """Raises ValueError if the text names no case."""
        seed, colon, only = text.partition(":")
        return cls(int(seed), tuple(int(it) for it in only.split(",") if it) if colon else None)


@dataclass(frozen=True, slots=True)
class World:
    """A case made up.

    `changes` are the names of what was done to a healthy gateway, by number; `hosts` what clients ask for where
    listeners take more than they name; `only_for_the_gateway` the servers that the bot cannot reach.
    """

    case: Case
    scenario: Scenario
    changes: dict[int, str]
    hosts: tuple[str, ...]
    only_for_the_gateway: frozenset[Endpoint]

    @property
    def faults(self) -> list[str]:
        return [it for it in self.changes.values() if not FAULTS[it].harmless]

    @property
    def remarks(self) -> list[str]:
        return [it for it in self.changes.values() if FAULTS[it].harmless]

    @property
    def size(self) -> tuple[int, int]:
        """What makes a case small: few changes, few servers."""
        return len(self.changes), len(self.scenario.backends)

    def smaller(self) -> list[Case]:
        """The same with one change less."""
        numbers = tuple(self.changes)
        return [
            Case(self.case.seed, (*numbers[:at], *numbers[at + 1 :])) for at in range(len(numbers))
        ]


def world(case: Case) -> World:
    """The same for the same case, but for the keys of its certificates."""
    sketch, changes = sketched(case)
    hosts, hidden = tuple(sketch.unnamed_hosts), frozenset(sketch.only_for_the_gateway)
    return World(case, finished(sketch), changes, hosts, hidden)


def sketched(case: Case) -> tuple[Sketch, dict[int, str]]:
    """A world before it becomes a scenario, and what was done to it."""
    rng = Random(case.seed)
    several = rng.choice(_COUNTS), rng.choice(_REMARKS)
    wanted = rng.choice(_ALONE) if rng.random() < _HOW_OFTEN_ALONE else several
    sketch = healthy(case.seed, Random(rng.random()), ceil(wanted[0] / _FAULTS_IN_AN_APP))
    changes: dict[int, str] = {}
    for harmless, count in zip((True, False), reversed(wanted), strict=True):
        before = len(changes)
        for number, name, own in _tries(rng, harmless):
            if case.only is None and len(changes) - before == count:
                continue
            if name not in sketch.done and (case.only is None or number in case.only):
                app = own.choice(sketch.apps)
                if FAULTS[name].apply(sketch, app, own):
                    sketch.done.append(name)
                    changes[number] = name
    return sketch, changes


def _tries(rng: Random, harmless: bool) -> list[tuple[int, str, Random]]:
    """What may be tried, in order; each has chances of its own, so that others do not change them."""
    known = [it for it in FAULTS.values() if it.harmless is harmless]
    names = rng.choices([it.name for it in known], [it.weight for it in known], k=_TRIES)
    first = 0 if harmless else _TRIES
    return [(first + at, name, Random(rng.random())) for at, name in enumerate(names)]


def worlds_of(seed: int, count: int) -> list[Case]:
    """So many cases from one seed."""
    rng = Random(seed)
    return [Case(rng.randrange(10**9)) for _ in range(count)]
