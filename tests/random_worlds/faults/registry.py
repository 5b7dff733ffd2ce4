"""What a fault is, and all of them by name."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.random_worlds.sketch import App, Sketch

Apply = Callable[[Sketch, App, Random], bool]


@dataclass(frozen=True, slots=True)
class Fault:
    """One change to a world. `apply` is given one of its apps, and says whether it fits there.

    `rules`: if nothing else is wrong with the world, the bot has to name it by each of these;
    `a|b` is one or the other. `harmless`: it breaks
    nothing, but the bot remarks on it. `clients_only`: probes do not meet it. `weight`: how often it is tried,
    more for those that seldom fit.
    """

    name: str
    rules: tuple[str, ...]
    apply: Apply
    harmless: bool = False
    clients_only: bool = False
    weight: float = 1.0


FAULTS: dict[str, Fault] = {}


def fault(
    *rules: str, harmless: bool = False, clients_only: bool = False, weight: float = 1.0
) -> Callable[[Apply], Apply]:
    """Register a function under its own name."""

    def register(apply: Apply) -> Apply:
        name = apply.__name__
        assert name not in FAULTS
        FAULTS[name] = Fault(name, rules, apply, harmless, clients_only, weight)
        return apply

    return register
