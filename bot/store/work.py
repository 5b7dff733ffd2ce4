"""What is to be done with a database, apart from how it is reached: statements out, rows in.

Work is a generator: it yields statements and is sent their results, and one database or another carries it out, as one
transaction. So every decision is made once for both kinds of database, and none of them waits.

    def find(key: str) -> Work[str | None]:
        found = yield Statement("SELECT body FROM things WHERE key = :key", {"key": key})
        return found.rows[0][0] if found.rows else None

A statement is written in the SQL that both kinds share. Where they differ it has a name in braces, which
`bot.store.dialect` explains.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")

Value: TypeAlias = str | int | float | bytes | None
Row: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement; its text names each of its `values` as `:name`."""

    text: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """What came back: rows of a SELECT, or how many rows were written."""

    rows: Sequence[Row]
    count: int


Work: TypeAlias = Generator[Statement, Result, T]


class Taken(Exception):
    """A unique index refused a row. All of the work was taken back."""


def rows(text: str, **values: Value) -> Work[Sequence[Row]]:
    """The rows of one statement."""
    found = yield Statement(text, values)
    return found.rows


def count(text: str, **values: Value) -> Work[int]:
    """How many rows one statement wrote."""
    written = yield Statement(text, values)
    return written.count
