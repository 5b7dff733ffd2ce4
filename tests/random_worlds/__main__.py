"""`make random`: try any number of random worlds in parallel, and print what came of it.

make random N=2000 SEED=7              figures, and the smallest case that went wrong
make random CASE=123456789:2,5         that one again
make random N=2000 SEED=7 SWITCH_OFF=port_refused
make random N=2000 SEED=7 SWITCH_OFF=every     which rules could be lost unnoticed

Ctrl-C ends a run with the figures of what was tried until then; pressed again, at once.
"""

import argparse
import os
import signal
import sys
import warnings
from collections.abc import Generator, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from random import randrange

from bot.core.rules import RULES
from bot.lab.guard import loopback_only
from bot.workflow import diagnosing
from tests.random_worlds.comparing import serious
from tests.random_worlds.faults import FAULTS
from tests.random_worlds.figures import Figures, dump, run_all, smallest
from tests.random_worlds.trying import Tried, try_case
from tests.random_worlds.worlds import Case, worlds_of

_RULES = "RULES"
"""What the bot's diagnoses take their rules from."""

_AT_LEAST = 20
_ENOUGH = 8
"""Cases in which a rule fired that are tried again without it, until one goes wrong."""

_AT_ONCE = 2


def main() -> int:
    arguments = _arguments()
    with loopback_only(), ProcessPoolExecutor(arguments.processes, initializer=_quiet) as pool:
        if arguments.case:
            return _one(Case.parse(arguments.case), arguments.switch_off)
        print(f"N={arguments.n} SEED={arguments.seed}")
        cases = worlds_of(arguments.seed, arguments.n)
        off = arguments.switch_off if arguments.switch_off != "every" else ""
        figures = run_all(_shown(_tried(pool, off, cases), len(cases)))
        print("\n".join(figures.lines()))
        _tell_failures(figures, off)
        if arguments.switch_off == "every":
            return _switch_off_every(pool, figures)
        return int(bool(figures.failed))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make random")
    parser.add_argument("--n", type=int, default=200)
    parser.add_argument("--seed", type=int, default=randrange(10**6))
    parser.add_argument("--case", default="")
    parser.add_argument("--switch-off", default="")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    return parser.parse_args()


def _quiet() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")


def _try(off: str, case: Case) -> Tried:
    """Try a case, without one of the rules if its id is given."""
    kept = tuple(rule for rule in RULES if rule.id != off)
    if off and len(kept) == len(RULES):
        raise ValueError(f"there is no rule {off}")
    setattr(diagnosing, _RULES, kept)
    try:
        return try_case(case)
    finally:
        setattr(diagnosing, _RULES, RULES)


def _tried(pool: Executor, off: str, cases: list[Case]) -> Generator[Tried, None, None]:
    yield from pool.map(partial(_try, off), cases, chunksize=4)


def _shown(results: Generator[Tried, None, None], count: int) -> Iterator[Tried]:
    asked_to_end = False

    def end(*_: object) -> None:
        nonlocal asked_to_end
        asked_to_end = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

    signal.signal(signal.SIGINT, end)
    for number, each in enumerate(results, start=1):
        if sys.stderr.isatty() or number % 100 == 0:
            print(
                f"\r{number} of {count}", end="" if sys.stderr.isatty() else "\n", file=sys.stderr
            )
        yield each
        if asked_to_end:
            # What has not begun is not begun any more.
            results.close()
            return


def _one(case: Case, off: str) -> int:
    tried = _try(off, case)
    print("\n".join(dump(tried)))
    return int(bool(serious(tried)))


def _tell_failures(figures: Figures, off: str) -> None:
    for kind, found in figures.wrong.items():
        for tried, wrong in found[:12]:
            print(f"{kind}: CASE={tried.case} {'+'.join(tried.faults)}: {wrong.text}"[:400])
    failing = figures.failing()
    if failing:
        print("\nThe smallest case that went wrong:")
        print("\n".join(dump(smallest(failing[0], partial(_try, off)))))


def _aside(rule: str, tried: Tried) -> tuple[bool, tuple[int, int]]:
    names = (*tried.faults, *tried.remarks)
    about = any(rule in each.split("|") for name in names for each in FAULTS[name].rules)
    return not about, tried.size


def _switch_off_every(pool: Executor, figures: Figures) -> int:
    """For each rule: does a case that went well go wrong without it?"""
    bad = {it.case for it in figures.failing()}
    unnoticed = []
    for rule in RULES:
        well = (it for it in figures.firing[rule.id] if it.case not in bad)
        # First those in which nothing else was changed than what the rule is about.
        cases = [it.case for it in sorted(well, key=partial(_aside, rule.id))]
        noticed = any(
            serious(each)
            for at in range(0, _ENOUGH, _AT_ONCE)
            for each in pool.map(partial(_try, rule.id), cases[:_ENOUGH][at : at + _AT_ONCE])
        )
        count = len(figures.firing[rule.id])
        few = f"   only {count}, not {_AT_LEAST}" if count < _AT_LEAST else ""
        print(f"{'noticed  ' if noticed else 'UNNOTICED'}  {rule.id}{few}")
        if not noticed:
            unnoticed.append(rule.id)
    print(f"{len(RULES) - len(unnoticed)} of {len(RULES)} rules cannot be switched off unnoticed")
    return int(bool(unnoticed or figures.failed))


if __name__ == "__main__":
    sys.exit(main())
