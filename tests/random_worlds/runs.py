"""Many cases, one after another or side by side: the results come in the order of the cases, whoever made them.

A run ends where somebody presses Ctrl-C, and with what it has; `kept` lets it go on from there.
"""

import signal
import sys
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

from bot.core.remedies.options import OPTIONS
from bot.core.rules import RULES
from bot.lab.guard import loopback_only
from bot.workflow import diagnosing
from tests.random_worlds.trying import Tried, try_case
from tests.random_worlds.worlds import Case

_RULES, _OPTIONS = "RULES", "OPTIONS"
"""What the bot's diagnoses take their rules and options from."""


@dataclass(frozen=True, slots=True)
class How:
    """How cases are tried: without the rule `off`, if that is an id; `judged`: with the lab's word and the remedies."""

    off: str = ""
    judged: bool = True

    def __call__(self, case: Case) -> Tried:
        """Try a case.

        Raises:
            ValueError: there is no such rule.
        """
        kept = tuple(rule for rule in RULES if rule.id != self.off)
        if self.off and len(kept) == len(RULES):
            raise ValueError(f"there is no rule {self.off}")
        setattr(diagnosing, _RULES, kept)
        setattr(diagnosing, _OPTIONS, OPTIONS if self.judged else ())
        try:
            return try_case(case, judged=self.judged)
        finally:
            setattr(diagnosing, _RULES, RULES)
            setattr(diagnosing, _OPTIONS, OPTIONS)


Run = Callable[[How, Iterable[Case]], Generator[Tried, None, None]]
"""Tries cases; closed, it begins no more of them."""


@contextmanager
def run_by(jobs: int) -> Iterator[Run]:
    """So many cases at a time, each in a process of its own; a single one in this process."""
    if jobs == 1:
        yield _in_a_row
        return
    # A forked process would believe that it has the threads of this one.
    with ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_begin) as pool:
        yield partial(_side_by_side, pool)


def _in_a_row(how: How, cases: Iterable[Case]) -> Generator[Tried, None, None]:
    yield from map(how, cases)


def _side_by_side(
    pool: ProcessPoolExecutor, how: How, cases: Iterable[Case]
) -> Generator[Tried, None, None]:
    yield from pool.map(how, cases)


def _begin() -> None:
    """In a process of its own: who presses Ctrl-C means the run, and nothing leaves this machine."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")
    loopback_only().__enter__()


def until_asked_to_end(results: Generator[Tried, None, None]) -> Iterator[Tried]:
    """The results until Ctrl-C is pressed, which then works as ever: pressed again, it ends everything."""
    asked = False

    def end(*_: object) -> None:
        nonlocal asked
        asked = True
        signal.signal(signal.SIGINT, before)
        print("\nends with what has begun; press again to end at once", file=sys.stderr)

    before = signal.signal(signal.SIGINT, end)
    try:
        with closing(results):
            for each in results:
                yield each
                if asked:
                    return
    finally:
        signal.signal(signal.SIGINT, before)


def shown(results: Iterable[Tried], count: int) -> Iterator[Tried]:
    """The results, while it is said how many there are already."""
    on_screen = sys.stderr.isatty()
    for number, each in enumerate(results, start=1):
        if on_screen or number % 100 == 0:
            line = f"\r{number} of {count}"
            print(line, end="" if on_screen else "\n", file=sys.stderr, flush=True)
        yield each
