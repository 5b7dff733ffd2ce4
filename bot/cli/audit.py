"""`agw audit`: the audit log, one line each, for people and for machines; and whether its chain holds."""

import argparse
import csv
import json
import os
import re
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from bot.cli import syslog
from bot.cli.audit_text import broken, verified
from bot.cli.config_file import environment
from bot.cli.wiring import open_store
from bot.core.changes.audit import AuditLine
from bot.core.changes.audit_chain import Broken
from bot.core.problem import Problem
from bot.settings import Settings
from bot.store.location import database_file, is_postgresql
from bot.workflow.ports import Store

_FORMULA = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""What a formula may begin with; the last four are wide forms of the first."""

COLUMNS = (
    *("at", "action", "gateway_id", "team", "user", "change", "details"),
    *("line", "previous", "hash"),
)


async def run(given: argparse.Namespace) -> int:
    """Print the entries, oldest first, or check the chain."""
    _usable(given)
    since = _moment(given.since) if given.since else None
    settings = Settings.from_environment(environment(given))
    _made(settings.database_url)
    async with open_store(settings) as store:
        if given.verify:
            print(await _verified(store, (given.head or "").lower()))
        else:
            await _PRINTED[given.format or "jsonl"](store.audit_lines(given.gateway, since))
    return 0


def _usable(given: argparse.Namespace) -> None:
    """Raises `Problem` for options that do not go together."""
    if given.head is not None and not given.verify:
        raise Problem("bad_use", "--head is for --verify.", "Write: agw audit --verify --head HASH")
    if given.head is not None and not re.fullmatch("[0-9A-Fa-f]{64}", given.head):
        raise Problem(
            "bad_use",
            "--head is not a hash.",
            "Give the 64 characters that --verify or the bot's log showed.",
        )
    parts = {"--gateway": given.gateway, "--since": given.since, "--format": given.format}
    asked = [name for name, value in parts.items() if value is not None]
    if given.verify and asked:
        raise Problem(
            "bad_use",
            f"--verify checks the whole log, so {asked[0]} has no meaning with it.",
            "Each line is tied to the one before it, whichever gateway or time that is of.",
        )


def _made(url: str) -> None:
    """Raises `Problem` where the log would be a new and empty one, because of a typing error as a rule."""
    if is_postgresql(url):
        return
    file = database_file(url)
    if not os.path.lexists(file):
        raise Problem(
            "no_database",
            f"There is no database file {file}, so there is no audit log in it.",
            "Set AGW_DATABASE_URL to the bot's own; the bot makes the file when it starts.",
        )


async def _verified(store: Store, head: str) -> str:
    found = await store.verify_audit(head)
    if isinstance(found, Broken):
        raise broken(found)
    return verified(found, head)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Problem(
            "bad_use",
            f"--since {text!r} is not a date or time.",
            "Write it as 2026-11-23 or 2026-11-23T03:00+01:00.",
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _row(line: AuditLine) -> dict[str, object]:
    entry = line.entry
    return {
        "at": entry.at.isoformat(),
        "action": entry.action,
        "gateway_id": entry.gateway_id,
        "team": entry.team,
        "user": entry.user,
        "change": entry.change,
        "details": dict(entry.details),
        "line": line.number,
        "previous": line.previous,
        "hash": line.hash,
    }


async def _as_jsonl(lines: AsyncIterator[AuditLine]) -> None:
    async for line in lines:
        # The text as it is stored is what the hash covers: what was read out of it may be written in other ways.
        print(json.dumps({**_row(line), "text": line.text}))


async def _as_csv(lines: AsyncIterator[AuditLine]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(COLUMNS)
    async for line in lines:
        row = _row(line) | {"details": json.dumps(dict(line.entry.details))}
        cells = (row[column] for column in COLUMNS)
        writer.writerow(["" if it is None else _inert(str(it)) for it in cells])


async def _as_syslog(lines: AsyncIterator[AuditLine]) -> None:
    async for line in lines:
        # Who writes this is not who did it, so no host is named.
        print(syslog.message(line).decode())


_PRINTED = {"jsonl": _as_jsonl, "csv": _as_csv, "syslog": _as_syslog}


def _inert(cell: str) -> str:
    """A cell that a spreadsheet does not mistake for a formula, also behind characters that it passes over
    (https://owasp.org/www-community/attacks/CSV_Injection)."""
    shown = "".join(it if it.isprintable() else " " for it in cell)
    begins = cell[:1] in _FORMULA or shown.lstrip()[:1] in _FORMULA
    return f"'{shown}" if begins else shown
