"""A small part of the corpus in which every cause, note and remedy comes up."""

from collections.abc import Iterator
from functools import cache

from bot.lab.scenario import Scenario
from bot.lab.scenarios import SCENARIOS

EVERY = 4
"""Of the scenarios in which nothing is wrong, and nothing else comes up that another has not shown."""


@cache
def one_of_each() -> tuple[Scenario, ...]:
    """The first scenario for each cause, note, remedy and undecided rule, and every fourth without a fault."""
    told: set[str] = set()
    found = []
    passed = 0
    for scenario in SCENARIOS:
        if news := {*labels(scenario)} - told:
            told |= news
            found.append(scenario)
        elif not scenario.expected.cause:
            if passed % EVERY == 0:
                found.append(scenario)
            passed += 1
    return tuple(found)


def labels(scenario: Scenario) -> Iterator[str]:
    """What its diagnosis must conclude, part by part."""
    expected = scenario.expected
    yield from (*expected.causes, *expected.notes)
    yield from (f"undecided {rule}" for rule in expected.undecided)
    yield f"option {expected.option}"
