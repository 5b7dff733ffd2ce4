"""What `agw audit --verify` says of the chain of the audit log."""

from collections.abc import Iterator
from datetime import UTC, datetime

from bot.core.changes.audit_chain import Broken, Intact, LinePlace
from bot.core.problem import Problem

_COMPARE = (
    "Keep the database as it is, and compare it with an export, a backup,"
    " or the hashes in the bot's log or at your syslog server."
)


def moment(at: str) -> str:
    """A time as it is stored, for a person."""
    try:
        return f"{datetime.fromisoformat(at).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    except ValueError:
        return "an unreadable time"


def verified(found: Intact, head: str) -> str:
    """The log fits; `head` is what was kept elsewhere, or empty.

    Raises:
        Problem: `audit_broken`, that head is not in it.
    """
    if head and found.followed.after is None and not found.removed_since:
        raise _no_such_head(found, head)
    return " ".join(_sentences(found, head))


def _sentences(found: Intact, head: str) -> Iterator[str]:
    so_far, retained = found.followed, found.retained
    if so_far.lines:
        yield (
            f"The audit log fits together: {_lines(so_far.lines)} from {moment(so_far.earliest)} to"
            f" {moment(so_far.latest)}; its head is line {so_far.last.number}, {so_far.head}."
        )
    elif not so_far.unchained:
        yield "The audit log is empty."
    if so_far.unchained:
        yield (
            f"Not chained: {_lines(so_far.unchained)} of an earlier version, written without hashes"
            " and in front of all others; whether they were changed cannot be seen."
        )
    if retained.lines:
        yield (
            f"Not there any more: {_lines(retained.lines)} that retention removed, the newest of"
            f" {moment(retained.until)}; the chain goes on from the last hash of theirs."
        )
    if found.removed_since:
        yield "The head that you gave is of one of those, so all lines after it came later."
    elif head:
        yield f"The head that you gave is in it, and {_came_after(so_far.after or 0)}."
    else:
        yield (
            "Lines that were removed at its end cannot be seen so:"
            " give a hash that was kept elsewhere with --head."
        )


def _came_after(number: int) -> str:
    return f"{_lines(number)} came after it" if number else "it is the newest line"


def _no_such_head(found: Intact, head: str) -> Problem:
    so_far, retained = found.followed, found.retained
    there = f"{_lines(so_far.lines)} up to {moment(so_far.latest)}" if so_far.lines else "nothing"
    removed = (
        f" (or it is of one of the {_lines(retained.lines)} that retention removed, up to"
        f" {moment(retained.until)})"
        if retained.lines
        else ""
    )
    return Problem(
        "audit_broken",
        f"The head {head} is not in the audit log, which has {there}: lines were removed at its"
        f" end, or all of it was written anew{removed}.",
        _COMPARE,
    )


def broken(found: Broken) -> Problem:
    """The first line that does not fit, and what that means."""
    before = f"; {_lines(found.fit)} before that fit" if found.fit else ""
    return Problem("audit_broken", f"{_what(found)}{before}.", _COMPARE)


def _what(found: Broken) -> str:
    line = f"Line {_place(found.line)}"
    match found.what:
        case "changed":
            return f"{line} does not fit its own hash: it was changed after it was written"
        case "filed":
            return (
                f"{line} is not found where its text belongs:"
                " the columns with its time or its gateway were changed"
            )
        case "unchained":
            return f"{line} has no hash, though lines before it have: it was inserted past the bot"
        case "inserted" if found.until.number != found.line.number:
            return (
                f"{line} and all up to line {found.until.number} do not belong to the chain:"
                " they were inserted, or moved"
            )
        case "inserted":
            return f"{line} does not belong to the chain: it was inserted, or moved"
        case "rewritten":
            return (
                f"{line} is not the one that the next line follows, and no number is missing:"
                " it was changed and given a new hash"
            )
        case "removed" if found.before.number:
            return f"{line} does not follow line {_place(found.before)}: lines between them were removed"
        case "removed":
            return (
                f"{line} does not begin the chain: lines before it were removed, not by retention"
            )


def _place(it: LinePlace) -> str:
    return f"{it.number} of {moment(it.at)}"


def _lines(number: int) -> str:
    return f"{number:,} line{'s' * (number != 1)}"
