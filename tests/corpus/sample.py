"""A small part of the corpus in which every cause, note and remedy comes up."""

from functools import cache

from bot.lab.scenario import Scenario
from bot.lab.scenarios import SCENARIOS


@cache
def one_of_each() -> tuple[Scenario, ...]:
    """The first scenario for each cause, note and remedy, and each healthy one."""
    told: set[str] = set()
    found = []
    for scenario in SCENARIOS:
        expected = scenario.expected
        news = {*expected.causes, *expected.notes, expected.option or ""} - told
        if news or not expected.cause:
            told |= news
            found.append(scenario)
    return tuple(found)
