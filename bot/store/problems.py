"""What is wrong with stored data, whatever kind of database holds it, explained to a person."""

from bot.core.problem import Problem


def unreadable(what: str) -> Problem:
    """A row exists, but its text cannot be parsed as it should."""
    return Problem(
        "database_damaged",
        f"A stored {what} cannot be read: it was altered, or written by another version of agw.",
        "Restore the database from a backup, or run the version of agw that wrote it.",
    )
