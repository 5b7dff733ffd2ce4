"""Rules that run out of time: what they have said stays, the rest is open."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.core.case.case import Case
from bot.core.case.diagnosis import Diagnosis, diagnose
from bot.core.case.finding import Match
from bot.core.case.rule import Rule
from bot.lab.scenarios import scenario
from bot.workflow import diagnosing
from bot.workflow.judging import NO_TIME, TimedRules
from tests.core.make import case
from tests.corpus.running import running


def rule(name: str, says: int) -> Rule:
    """A rule that says the same so many times."""

    def check(_: Case) -> Iterator[Match]:
        for number in range(says):
            yield Match(f"{name} {number}", ())

    return Rule(name, "error", "a symptom", "a cause", "a remedy", ("https://example.com",), check)


def summaries(diagnosis: Diagnosis) -> list[str]:
    return [it.match.summary for it in diagnosis.findings]


def judged(over_at: int) -> tuple[Diagnosis, TimedRules]:
    """Two rules, each of which says two things; the time is over when it is asked for the nth time."""
    asked = iter(range(100))
    timed = TimedRules((rule("first", 2), rule("second", 2)), lambda: next(asked) >= over_at)
    return timed.marked(diagnose(case(), timed.rules)), timed


def test_with_time_enough_nothing_is_different() -> None:
    found, timed = judged(over_at=100)
    assert summaries(found) == ["first 0", "first 1", "second 0", "second 1"]
    assert found.undecided == ()
    assert timed.were_heard()


def test_what_was_said_in_time_stays_and_the_rest_is_open() -> None:
    found, timed = judged(over_at=4)
    assert summaries(found) == ["first 0", "first 1", "second 0"]
    assert [(it.rule, it.undecided.because) for it in found.undecided] == [("second", NO_TIME)]
    assert found.verdict == "fault"
    assert not timed.were_heard()


def test_a_rule_is_not_begun_when_the_time_is_over() -> None:
    found, _ = judged(over_at=0)
    assert summaries(found) == []
    assert found.verdict == "undecided"
    assert [it.rule for it in found.undecided] == ["first"]


def test_without_any_judgement_all_is_open() -> None:
    timed = TimedRules((rule("first", 2),), lambda: False)
    found = timed.marked(None)
    assert found.verdict == "undecided"
    assert not timed.were_heard()


async def test_options_are_judged_once_when_all_that_they_call_for_was_looked_at(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    done: list[str] = []

    def spied(name: str) -> Callable[..., Any]:
        real = getattr(diagnosing, name)

        def spy(*given: Any) -> Any:
            done.append(name)
            return real(*given)

        return spy

    for name in ("propose_options", "try_options"):
        monkeypatch.setattr(diagnosing, name, spied(name))
    async with running(scenario("ilb-ase"), tmp_path) as run:
        await run.settled()
        report = await run.diagnosed()
    assert report.recommended is not None
    # What was proposed at first called for a connection, and then for none.
    assert done == ["propose_options", "propose_options", "try_options"]
