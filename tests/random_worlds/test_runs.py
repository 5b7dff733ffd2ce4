"""Runs over many cases: alike in one process and in two, ended by Ctrl-C, and gone on with."""

import os
import re
import signal
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.core.rules import RULES
from tests.random_worlds import firing
from tests.random_worlds.figures import run_all
from tests.random_worlds.kept import Kept, resumed
from tests.random_worlds.runs import How, run_by, until_asked_to_end
from tests.random_worlds.trying import Tried
from tests.random_worlds.worlds import Case, worlds_of

_CASES = worlds_of(2, 4)
_HOW = How()


def _told(case: Case, *rules: str) -> Tried:
    return Tried(case, (), (), (0, 1), report={"findings": [{"rule": it} for it in rules]})


def _made_up(how: How, cases: Iterable[Case]) -> Generator[Tried, None, None]:
    yield from map(_told, cases)


def _none_any_more(how: How, cases: Iterable[Case]) -> Generator[Tried, None, None]:
    assert [*cases] == []
    yield from ()


def _figures(jobs: int) -> list[str]:
    with run_by(jobs) as run, closing(run(_HOW, _CASES)) as results:
        return [*run_all(results).lines()]


@pytest.mark.timeout(600)
def test_two_processes_come_to_the_same_as_one() -> None:
    alone = _figures(1)
    assert alone == _figures(2)
    assert alone[0].startswith(f"{len(_CASES)} cases, ")


def test_who_only_counts_gets_the_same_rules() -> None:
    with run_by(1) as run:
        whole = firing.firing_in(run(_HOW, _CASES[:2]))
        counted = firing.firing_in(run(How(judged=False), _CASES[:2]))
    assert {rule: [it.case for it in found] for rule, found in whole.items()} == {
        rule: [it.case for it in found] for rule, found in counted.items()
    }
    assert counted
    assert all(it.word is None and not it.remedies for each in counted.values() for it in each)


def test_without_a_rule_it_does_not_fire() -> None:
    case = _CASES[0]
    (rule, *_) = sorted(firing.firing_in([_HOW(case)]))
    assert rule not in firing.firing_in([How(rule, judged=False)(case)])
    with pytest.raises(ValueError, match="no rule typo"):
        How("typo")(case)


def test_a_run_ends_where_it_is_asked_to_and_begins_no_more() -> None:
    begun: list[Case] = []

    def results() -> Generator[Tried, None, None]:
        for case in _CASES:
            begun.append(case)
            yield _told(case)

    before = signal.getsignal(signal.SIGINT)
    seen = []
    for each in until_asked_to_end(results()):
        seen.append(each.case)
        if len(seen) == 2:
            os.kill(os.getpid(), signal.SIGINT)
    assert seen == begun == _CASES[:2]
    assert signal.getsignal(signal.SIGINT) == before


@pytest.fixture
def interruptible() -> Iterator[None]:
    """A shell has what it starts in the background ignore Ctrl-C, and that is inherited."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_pressed_again_it_ends_at_once(interruptible: None) -> None:
    run = until_asked_to_end(_made_up(_HOW, _CASES))
    assert next(run).case == _CASES[0]
    # Raised here and at once: two that are sent to a process may arrive as one.
    signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_a_run_that_was_ended_goes_on(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "kept", _HOW)
    with closing(resumed(kept, _made_up, _HOW, _CASES)) as run:
        first = [next(run).case, next(run).case]
    assert first == _CASES[:2]
    tried: list[Case] = []

    def note(how: How, cases: Iterable[Case]) -> Generator[Tried, None, None]:
        tried.extend(cases)
        yield from map(_told, tried)

    assert [it.case for it in resumed(kept, note, _HOW, _CASES)] == _CASES
    assert tried == _CASES[2:]
    assert [it.case for it in resumed(kept, _none_any_more, _HOW, _CASES)] == _CASES
    kept.forget()
    assert kept.read() == {}


def test_half_a_result_is_tried_again(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    kept = Kept(file, _HOW)
    assert len([*resumed(kept, _made_up, _HOW, _CASES)]) == len(_CASES)
    file.write_bytes(file.read_bytes()[:-9])
    assert [*kept.read()] == _CASES[:-1]
    kept.add(_told(_CASES[-1]))
    assert [*kept.read()] == _CASES


def test_what_was_tried_in_another_way_does_not_count(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "kept", _HOW)
    assert len([*resumed(kept, _made_up, _HOW, _CASES)]) == len(_CASES)
    assert Kept(tmp_path / "kept", How(judged=False)).read() == {}


def test_rules_that_seldom_fire_are_named() -> None:
    results = [
        _told(Case(number), *([RULES[0].id] if number < 10 else [])) for number in range(900)
    ]
    *_, last = firing.lines(firing.firing_in(results), len(results))
    assert last.startswith("rules that fired in fewer than 9 cases: ")
    assert RULES[0].id not in re.split(r"[ ,]+", last)
    assert f"{RULES[1].id} 0" in last
