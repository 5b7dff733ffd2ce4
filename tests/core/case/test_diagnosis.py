"""What looks like a fault of its own, and is the consequence of another one."""

from collections.abc import Iterator

import pytest

from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Match
from bot.core.case.rule import Rule
from tests.core.make import case

MADE = case()


def rule(name: str, sites: tuple[str, ...], explains: tuple[str, ...] = ()) -> Rule:
    """Says so of clients of these sites, at the only backend."""

    def check(made: Case) -> Iterator[Match]:
        yield Match(name, (), made.backends[0], concerns="clients", sites=sites)

    return Rule(name, "error", "", "", "", (), check, explains=explains)


@pytest.mark.parametrize(
    ("caused", "met", "left"),
    [
        (("a",), ("a",), []),
        (("a", "b"), ("a",), []),
        (("a",), ("a", "b"), [("b",)]),
        (("a",), ("b",), [("b",)]),
        (("a",), (), []),
        ((), ("a",), []),
    ],
)
def test_a_cause_explains_what_its_own_sites_meet(
    caused: tuple[str, ...], met: tuple[str, ...], left: list[tuple[str, ...]]
) -> None:
    rules = (rule("cause", caused, ("symptom",)), rule("symptom", met), rule("other", met))
    found = diagnose(MADE, rules).findings
    assert [it.match.sites for it in found if it.rule == "symptom"] == left
    assert [it.match.sites for it in found if it.rule != "symptom"] == [caused, met]
