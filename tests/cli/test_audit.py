"""`agw audit`: the log for machines and for spreadsheets."""

import csv
import io
import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.changes.audit import AuditEntry
from bot.store import SqliteStore
from tests.cli.conftest import Here

GATEWAY = (
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/applicationGateways/agw-test"
)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
FORMULA = '=HYPERLINK("https://x.example")'


@pytest.fixture
async def settings(tmp_path: Path) -> dict[str, str]:
    """A database with three lines about two gateways, an hour apart."""
    url = f"sqlite:///{tmp_path / 'agw.db'}"
    store = await SqliteStore.open(url)
    for number, name in enumerate(("agw-test", "agw-shop", "agw-test")):
        at, gateway = NOON + number * timedelta(hours=1), GATEWAY.replace("agw-test", name)
        details = {"why": f"{FORMULA}\nline two, \u00e9"}
        await store.audit(AuditEntry(at, "approved", gateway, "T0LAB", FORMULA, details=details))
    await store.close()
    return {"AGW_DATABASE_URL": url}


async def test_one_json_document_a_line(settings: dict[str, str], here: Here) -> None:
    ran = await here(settings, "audit")
    assert (ran.code, ran.err) == (0, "")
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert [it["at"][:13] for it in rows] == ["2026-11-23T12", "2026-11-23T13", "2026-11-23T14"]
    assert rows[0]["action"] == "approved"
    assert rows[0]["details"]["why"] == f"{FORMULA}\nline two, \u00e9"


async def test_a_table_that_no_spreadsheet_takes_for_formulas(
    settings: dict[str, str], here: Here
) -> None:
    ran = await here(settings, "audit", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert [it["action"] for it in rows] == ["approved"] * 3
    assert rows[0]["user"] == f"'{FORMULA}"
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


@pytest.mark.parametrize(
    "begin", ["=", "+", "-", "@", "\t=", "\t", "\r", "\n", " =", "\u202e=", "\uff1d"]
)
async def test_a_cell_is_inert_however_a_formula_is_hidden_in_it(
    begin: str, tmp_path: Path, here: Here
) -> None:
    url = f"sqlite:///{tmp_path / 'agw.db'}"
    store = await SqliteStore.open(url)
    await store.audit(AuditEntry(NOON, "approved", GATEWAY, "T0LAB", f"{begin}1+1\x1b[2J"))
    await store.close()
    ran = await here({"AGW_DATABASE_URL": url}, "audit", "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(ran.out))
    assert row["user"].startswith("'")
    assert row["user"].isprintable()


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        (("--gateway", "agw-test"), 2),
        (("--gateway", GATEWAY), 2),
        (("--gateway", "agw-other"), 0),
        (("--since", "2026-11-23T13:00"), 2),
        (("--since", "2026-11-23T15:00+01:00"), 1),
        (("--since", "2026-11-24"), 0),
    ],
)
async def test_a_part_of_it(
    arguments: tuple[str, ...], count: int, settings: dict[str, str], here: Here
) -> None:
    ran = await here(settings, "audit", *arguments)
    assert (ran.code, len(ran.out.splitlines())) == (0, count)


async def test_a_moment_that_is_none(settings: dict[str, str], here: Here) -> None:
    ran = await here(settings, "audit", "--since", "yesterday")
    assert (ran.code, ran.out) == (2, "")
    assert ran.is_one_sentence()
    assert "yesterday" in ran.err


async def test_a_locked_database_is_still_read(
    settings: dict[str, str], tmp_path: Path, here: Here
) -> None:
    other = sqlite3.connect(tmp_path / "agw.db", isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        assert len((await here(settings, "audit")).out.splitlines()) == 3
    finally:
        other.close()


async def test_a_file_that_is_no_database(tmp_path: Path, here: Here) -> None:
    (tmp_path / "agw.db").write_text("not a database, but long enough to be looked at\n" * 40)
    ran = await here({"AGW_DATABASE_URL": f"sqlite:///{tmp_path / 'agw.db'}"}, "audit")
    assert (ran.code, ran.out) == (2, "")
    assert ran.is_one_sentence()
