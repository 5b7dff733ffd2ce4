"""`agw audit`: the audit log, one line each, for people and for machines."""

import argparse
import csv
import json
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from bot.cli.config_file import environment
from bot.cli.wiring import open_store
from bot.core.changes.audit import AuditEntry
from bot.core.problem import Problem
from bot.settings import Settings

_FORMULA = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""What a formula may begin with; the last four are wide forms of the first."""

COLUMNS = ("at", "action", "gateway_id", "team", "user", "change", "details")


async def run(given: argparse.Namespace) -> int:
    """Print the entries, oldest first."""
    since = _moment(given.since) if given.since else None
    async with open_store(Settings.from_environment(environment(given))) as store:
        entries = store.audit_log(given.gateway, since)
        await (_as_csv if given.format == "csv" else _as_jsonl)(entries)
    return 0


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


def _row(entry: AuditEntry) -> dict[str, object]:
    return {
        "at": entry.at.isoformat(),
        "action": entry.action,
        "gateway_id": entry.gateway_id,
        "team": entry.team,
        "user": entry.user,
        "change": entry.change,
        "details": dict(entry.details),
    }


async def _as_jsonl(entries: AsyncIterator[AuditEntry]) -> None:
    async for entry in entries:
        print(json.dumps(_row(entry)))


async def _as_csv(entries: AsyncIterator[AuditEntry]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(COLUMNS)
    async for entry in entries:
        row = _row(entry) | {"details": json.dumps(dict(entry.details))}
        writer.writerow([_inert(str(row[column])) for column in COLUMNS])


def _inert(cell: str) -> str:
    """A cell that a spreadsheet does not mistake for a formula, also behind characters that it passes over
    (https://owasp.org/www-community/attacks/CSV_Injection)."""
    shown = "".join(it if it.isprintable() else " " for it in cell)
    begins = cell[:1] in _FORMULA or shown.lstrip()[:1] in _FORMULA
    return f"'{shown}" if begins else shown
