"""One fault at one step, how it ends, and the test that shows it."""

from dataclasses import dataclass
from typing import Literal

Part = Literal["Azure", "Slack", "Store", "Backend", "Process"]


@dataclass(frozen=True, slots=True)
class Row:
    """`outcome` is what an operator will see; `test` is a file below tests/ and a function in it."""

    part: Part
    fault: str
    step: str
    outcome: str
    test: str


def rows(part: Part, file: str, *said: tuple[str, str, str, str]) -> tuple[Row, ...]:
    """Fault, step, outcome, and the name of the test in that file."""
    return tuple(
        Row(part, fault, step, outcome, f"{file}.py::test_{name}")
        for fault, step, outcome, name in said
    )
