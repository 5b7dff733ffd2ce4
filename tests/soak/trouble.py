"""What goes wrong in one case, made up from its seed."""

from dataclasses import dataclass
from random import Random
from typing import Literal

AzureTrouble = Literal["none", "answer lost", "reads refused", "operation fails"]
SlackTrouble = Literal["none", "edits refused", "posts refused", "posts limited", "answer lost"]

_MOST_KILLS = 3
_LATEST = 40
"""Events of Azure and Slack from the approval, or from the restart, to the latest kill: a change has about 30."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One case: how many replicas run, at which event each kill comes, and what Azure and Slack do meanwhile."""

    seed: int
    replicas: int
    kills: tuple[int, ...]
    azure: AzureTrouble
    slack: SlackTrouble

    def __str__(self) -> str:
        kills = ", ".join(map(str, self.kills))
        return (
            f"CASE={self.seed}: {self.replicas} replica(s), killed at event {kills};"
            f" Azure: {self.azure}; Slack: {self.slack}"
        )


def trouble(seed: int) -> Trouble:
    """The case of a seed; always the same one."""
    rng = Random(seed)
    kills = tuple(rng.randint(1, _LATEST) for _ in range(rng.randint(1, _MOST_KILLS)))
    azure: AzureTrouble = rng.choice(
        ["none", "none", "none", "answer lost", "reads refused", "operation fails"]
    )
    slack: SlackTrouble = rng.choice(
        ["none", "none", "edits refused", "posts refused", "posts limited", "answer lost"]
    )
    return Trouble(seed, rng.choice([1, 1, 2]), kills, azure, slack)


def seeds(first: int, count: int) -> list[int]:
    """So many seeds from one."""
    rng = Random(first)
    return [rng.randrange(10**9) for _ in range(count)]
