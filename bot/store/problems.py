"""What is wrong with stored data, whatever kind of database holds it, explained to a person."""

from collections.abc import Sequence

from bot.core.problem import Problem

MOST_NAMED = 3
"""Lines that a sentence names before it counts the rest."""


def unreadable(what: str) -> Problem:
    """A row exists, but its text cannot be parsed as it should."""
    return Problem(
        "database_damaged",
        f"A stored {what} cannot be read: it was altered, or written by another version of agw.",
        "Restore the database from a backup, or run the version of agw that wrote it.",
    )


def lines_unreadable(numbers: Sequence[int]) -> Problem:
    """The text of these lines of the audit log cannot be parsed; the others were given."""
    more = len(numbers) - MOST_NAMED
    shown = ", ".join(map(str, numbers[:MOST_NAMED])) + (f" and {more:,} more" if more > 0 else "")
    what = "Line" if len(numbers) == 1 else "Lines"
    return Problem(
        "database_damaged",
        f"{what} {shown} of the audit log cannot be read: altered, or written by another version of agw. All other"
        " lines are here.",
        "See what agw audit --verify says, and compare them with an export, a backup, or your syslog server.",
    )
