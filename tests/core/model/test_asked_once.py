"""An answer is worked out once for a value, and is the answer to that very question."""

from dataclasses import dataclass, field
from typing import Any

from bot.core.model.asked_once import asked_once, worked_out_once


@dataclass(frozen=True)
class Value:
    number: int
    known: dict[object, Any] = field(default_factory=dict, init=False, compare=False)


ASKED: list[object] = []


@asked_once
def doubled(of: Value) -> int:
    ASKED.append(of)
    return of.number * 2


@asked_once
def times(of: Value, by: int, *, plus: int = 0) -> int:
    return of.number * by + plus


def test_each_value_is_asked_once() -> None:
    ASKED.clear()
    one, other = Value(1), Value(3)
    assert [doubled(one), doubled(one), doubled(other)] == [2, 2, 6]
    assert [one, other] == ASKED


def test_an_equal_value_that_stands_for_itself_is_asked_again() -> None:
    ASKED.clear()
    assert doubled(Value(1)) == doubled(Value(1))
    assert len(ASKED) == 2


def test_another_question_has_another_answer() -> None:
    one = Value(5)
    assert [times(one, 2), times(one, 3), times(one, 2, plus=1), times(one, 2)] == [10, 15, 11, 10]
    assert doubled(one) == 10


class _Worker:
    def __init__(self) -> None:
        self.worked = 0

    @worked_out_once
    def answer(self) -> int:
        """What it is."""
        self.worked += 1
        return 42


def test_a_property_is_worked_out_once_for_each_value() -> None:
    one, other = _Worker(), _Worker()
    assert (one.answer, one.answer, other.answer) == (42, 42, 42)
    assert (one.worked, other.worked) == (1, 1)
    assert _Worker.__dict__["answer"].__doc__ == "What it is."
    assert _Worker.answer is _Worker.__dict__["answer"]
