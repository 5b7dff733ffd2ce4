"""Following the chain, line by line: what fits, and what is wrong with one that does not."""

import hashlib
from dataclasses import replace
from functools import reduce

import pytest

from bot.core.changes.audit_chain import (
    Fault,
    Followed,
    LinePlace,
    StoredLine,
    follow,
    line_hash,
)


def chain(*texts: str) -> list[StoredLine]:
    """Lines that follow each other, numbered from 1; their times are their numbers."""
    lines: list[StoredLine] = []
    for number, text in enumerate(texts, 1):
        previous = lines[-1].hash or "" if lines else ""
        hashed = hashlib.sha256(previous.encode() + b"\n" + text.encode()).hexdigest()
        lines.append(StoredLine(number, str(number), text, previous, hashed))
    return lines


def followed(*lines: StoredLine, wanted: str = "") -> Followed | Fault:
    """As far as they can be followed."""
    return reduce(
        lambda so_far, line: follow(so_far, line) if isinstance(so_far, Followed) else so_far,
        lines,
        Followed(wanted),
    )


def old(number: int) -> StoredLine:
    return StoredLine(number, str(number), "{}", None, None)


def test_the_hash_is_what_the_documents_say() -> None:
    assert line_hash("ab", '{"at":1}') == hashlib.sha256(b'ab\n{"at":1}').hexdigest()


def test_lines_that_follow_each_other() -> None:
    one, two, three = chain("a", "b", "c")
    assert followed(one, two, three) == Followed(
        lines=3, earliest="1", latest="3", last=LinePlace(3, "3"), head=three.hash or ""
    )


def test_times_may_go_back() -> None:
    """A line is stored after it is made, and replicas take turns."""
    one, two = chain("a", "b")
    found = followed(replace(one, at="5"), replace(two, at="4"))
    assert isinstance(found, Followed)
    assert (found.earliest, found.latest) == ("4", "5")


@pytest.mark.parametrize(("number", "after"), [(1, 2), (2, 1), (3, 0)])
def test_a_head_that_was_kept_elsewhere(number: int, after: int) -> None:
    lines = chain("a", "b", "c")
    found = followed(*lines, wanted=lines[number - 1].hash or "")
    assert isinstance(found, Followed)
    assert found.after == after


def test_a_head_that_is_not_there() -> None:
    found = followed(*chain("a", "b"), wanted="ff" * 32)
    assert isinstance(found, Followed)
    assert found.after is None


def test_lines_of_the_time_before_the_chain_are_counted_apart() -> None:
    (first,) = chain("a")
    found = followed(old(-1), old(0), first)
    assert isinstance(found, Followed)
    assert (found.unchained, found.lines, found.earliest) == (2, 1, "1")


def test_behind_the_first_hash_every_line_has_one() -> None:
    (first,) = chain("a")
    assert followed(first, old(2)) == "unchained"


@pytest.mark.parametrize("change", [{"text": "x"}, {"hash": "ff" * 32}, {"previous": "ff" * 32}])
def test_a_line_that_was_changed(change: dict[str, str]) -> None:
    one, two, three = chain("a", "b", "c")
    assert followed(one, replace(two, **change), three) == "changed"  # type: ignore[arg-type]


def test_a_line_that_is_gone() -> None:
    one, _, three = chain("a", "b", "c")
    assert followed(one, three) == "apart"
    assert followed(three) == "apart"


def test_a_line_that_is_found_under_another_gateway() -> None:
    one, two = chain("a", "b")
    assert followed(one, replace(two, filed=False)) == "filed"
