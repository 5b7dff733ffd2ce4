"""One fault at one step, how it ends, and the test that shows it."""

from dataclasses import dataclass
from typing import Literal

Part = Literal["Azure", "Slack", "Store", "Backend", "Process"]


@dataclass(frozen=True, slots=True)
class Only:
    """The one kind of database that can have the fault, and why."""

    store: Literal["SQLite", "PostgreSQL"]
    because: str


A_FILE = Only("SQLite", "a file's own")
A_SERVER = Only("PostgreSQL", "a server's own")
"""What happens to a file, or to a server and on the way to it, cannot happen to the other."""


@dataclass(frozen=True, slots=True)
class Row:
    """`outcome` is what an operator will see; `test` is a file below tests/ and a function in it."""

    part: Part
    fault: str
    step: str
    outcome: str
    test: str
    only: Only | None = None


def rows(
    part: Part, file: str, *said: tuple[str, str, str, str] | tuple[str, str, str, str, Only]
) -> tuple[Row, ...]:
    """Fault, step, outcome, and the name of the test in that file; and its one store, if it is not for both."""
    return tuple(
        Row(part, fault, step, outcome, f"{file}.py::test_{name}", *only)
        for fault, step, outcome, name, *only in said
    )
