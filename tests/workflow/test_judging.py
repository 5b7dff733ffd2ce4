"""Rules that run out of time: what they have said stays, the rest is open."""

from collections.abc import Iterator

from bot.core.case.case import Case
from bot.core.case.diagnosis import Diagnosis, diagnose
from bot.core.case.finding import Match
from bot.core.case.rule import Rule
from bot.workflow.judging import NO_TIME, TimedRules
from tests.core.make import case


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
