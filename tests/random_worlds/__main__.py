"""`make random`: try any number of random worlds in parallel, and print what came of it.

make random N=2000 SEED=7              figures, and the smallest case that went wrong
make random N=2000 SEED=7 JOBS=1       the same, one case at a time
make random N=2000 SEED=7 COUNT=1      only how often each rule fires, in half of the time
make random CASE=123456789:2,5         that one again
make random N=2000 SEED=7 SWITCH_OFF=port_refused
make random N=2000 SEED=7 SWITCH_OFF=every     which rules could be lost unnoticed

Ctrl-C ends a run with the figures of what was tried until then; pressed again, at once. However it was ended, the same
command goes on from there.
"""

import argparse
import os
import sys
import warnings
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from random import randrange

from bot.core.rules import RULES
from bot.lab.guard import loopback_only
from tests.random_worlds import firing
from tests.random_worlds.comparing import serious
from tests.random_worlds.faults import FAULTS
from tests.random_worlds.figures import Figures, dump, run_all, smallest
from tests.random_worlds.kept import Kept, resumed
from tests.random_worlds.runs import How, Run, run_by, shown, until_asked_to_end
from tests.random_worlds.trying import Tried
from tests.random_worlds.worlds import Case, worlds_of

_EVERY = "every"
_ENOUGH = 8
"""Cases in which a rule fired that are tried again without it, until one goes wrong."""


def main() -> int:
    arguments = _arguments()
    warnings.simplefilter("ignore")
    off = arguments.switch_off if arguments.switch_off != _EVERY else ""
    how = How(off, judged=not arguments.count)
    with loopback_only():
        if arguments.case:
            return _one(Case.parse(arguments.case), how)
        print(f"N={arguments.n} SEED={arguments.seed}", flush=True)
        cases = worlds_of(arguments.seed, arguments.n)
        with run_by(arguments.jobs) as run:
            kept = Kept(Path(f".random-{arguments.seed}.pickle"), how)
            tried = until_asked_to_end(resumed(kept, run, how, cases))
            results = [*shown(tried, len(cases))]
            if len(results) == len(cases):
                kept.forget()
            if arguments.count:
                print("\n".join(firing.lines(firing.firing_in(results), len(results))))
                return 0
            figures = run_all(results)
            print("\n".join(figures.lines()))
            _tell_failures(figures, how)
            if arguments.switch_off == _EVERY:
                return _switch_off_every(run, figures)
        return int(bool(figures.failed))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make random")
    parser.add_argument("--n", type=int, default=200)
    parser.add_argument("--seed", type=int, default=randrange(10**6))
    parser.add_argument("--case", default="")
    parser.add_argument("--switch-off", default="")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--count", action="store_true")
    return parser.parse_args()


def _one(case: Case, how: How) -> int:
    tried = how(case)
    print("\n".join(dump(tried)))
    return int(bool(serious(tried)))


def _tell_failures(figures: Figures, how: How) -> None:
    for kind, found in figures.wrong.items():
        for tried, wrong in found[:12]:
            print(f"{kind}: CASE={tried.case} {'+'.join(tried.faults)}: {wrong.text}"[:400])
    failing = figures.failing()
    if failing:
        print("\nThe smallest case that went wrong:")
        print("\n".join(dump(smallest(failing[0], how))))


def _aside(rule: str, tried: Tried) -> tuple[bool, tuple[int, int]]:
    names = (*tried.faults, *tried.remarks)
    about = any(rule in each.split("|") for name in names for each in FAULTS[name].rules)
    return not about, tried.size


def _switch_off_every(run: Run, figures: Figures) -> int:
    """For each rule: does a case that went well go wrong without it?"""
    bad = {it.case for it in figures.failing()}
    unnoticed = []
    for rule in RULES:
        well = (it for it in figures.firing[rule.id] if it.case not in bad)
        # First those in which nothing else was changed than what the rule is about.
        cases = [it.case for it in sorted(well, key=partial(_aside, rule.id))]
        without = _few_at_a_time(run, How(rule.id), cases[:_ENOUGH])
        noticed = any(map(serious, without))
        count = len(figures.firing[rule.id])
        few = f"   only in {count} cases" if count < firing.SELDOM * figures.cases else ""
        print(f"{'noticed  ' if noticed else 'UNNOTICED'}  {rule.id}{few}", flush=True)
        if not noticed:
            unnoticed.append(rule.id)
    print(f"{len(RULES) - len(unnoticed)} of {len(RULES)} rules cannot be switched off unnoticed")
    return int(bool(unnoticed or figures.failed))


def _few_at_a_time(run: Run, how: How, cases: list[Case]) -> Iterator[Tried]:
    """Most often the first one will do."""
    left = iter(cases)
    while some := [*islice(left, 2)]:
        yield from run(how, some)


if __name__ == "__main__":
    sys.exit(main())
