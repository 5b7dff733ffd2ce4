"""Which connections are chosen: not more than may be made, and none worked out in vain."""

from collections.abc import Iterator

from bot.core.case.attempts import first_of
from bot.core.model.observation import Attempt


def attempt(number: int) -> Attempt:
    return Attempt(f"10.1.5.{number}", 443, True, None, "a", "/")


def test_the_first_different_ones_are_taken_and_no_more_are_worked_out() -> None:
    made: list[int] = []

    def worked_out() -> Iterator[Attempt]:
        for number in (1, 1, 2, 1, 3, 4):
            made.append(number)
            yield attempt(number)

    assert first_of(3, worked_out()) == (attempt(1), attempt(2), attempt(3))
    assert made == [1, 1, 2, 1, 3]


def test_fewer_are_all_taken() -> None:
    assert first_of(3, [attempt(1), attempt(1)]) == (attempt(1),)
