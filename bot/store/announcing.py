"""What is said of a migration that may take long enough for somebody to wonder."""

import logging

LARGE = 20_000_000
"""Bytes from which on that is so."""

log = logging.getLogger(__name__)


def announce(what: str, found: int, size: int, takes: str) -> None:
    """Say that a database is being migrated, unless it is new (`found`: its schema, 0 if there is none) or small."""
    if found and size >= LARGE:
        log.warning(
            "%s (%.0f MB) is brought to this version's schema, once. That %s; other replicas wait meanwhile.",
            what,
            size / 1e6,
            takes,
        )


def announce_wait(what: str) -> None:
    """Say that another replica migrates it."""
    log.warning("Another replica of agw is bringing %s to its schema; waiting for its end.", what)
