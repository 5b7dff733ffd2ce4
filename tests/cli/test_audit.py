"""`agw audit`: the log for machines and for spreadsheets."""

import csv
import io
import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.changes.audit import AuditEntry
from bot.store import SqliteStore
from bot.store.values import to_text
from tests.children import ROOT
from tests.cli.conftest import Here
from tests.core.make import NOW
from tests.store.chain import filled, tampered
from tests.store.previous import Previous

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


async def test_an_export_can_be_verified_without_the_bot(
    settings: dict[str, str], here: Here, tmp_path: Path
) -> None:
    """As docs/audit.md shows it, with the very program that it shows."""
    store = await SqliteStore.open(settings["AGW_DATABASE_URL"])
    await store.audit(AuditEntry(NOON - timedelta(hours=1), "stored_late", GATEWAY))
    head = await store.audit_head()
    await store.close()
    assert head is not None
    exported = tmp_path / "audit.jsonl"
    exported.write_text((await here(settings, "audit")).out)
    assert verify_elsewhere(exported) == (0, f"4 {head.hash}\n")
    rows = exported.read_text().splitlines()
    # The line that was stored last is printed first, by its time; without it only the head would be missed.
    for number in range(1, 4):
        exported.write_text("\n".join(rows[:number] + rows[number + 1 :]))
        assert verify_elsewhere(exported)[0] == 1
    for was, now in (("approved", "rejected"), ("T0LAB", "T0EVE")):
        exported.write_text("\n".join([rows[0], rows[1].replace(was, now, 1), *rows[2:]]))
        assert verify_elsewhere(exported)[0] == 1
    verified = await here(settings, "audit", "--verify", "--head", head.hash)
    assert (verified.code, verified.err) == (0, "")
    assert "4 lines from 2026-11-23 11:00:00 UTC to 2026-11-23 14:00:00 UTC" in verified.out
    assert f"its head is line 4, {head.hash}." in verified.out
    assert "it is the newest line" in verified.out


def verify_elsewhere(exported: Path) -> tuple[int, str]:
    """The exit code and the output of the program in the documents."""
    text = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    ran = subprocess.run(
        [sys.executable, "-I", "-c", program, exported], capture_output=True, text=True, check=False
    )
    return ran.returncode, ran.stdout


async def test_without_a_head_it_says_what_it_cannot_see(
    settings: dict[str, str], here: Here
) -> None:
    ran = await here(settings, "audit", "--verify")
    assert ran.code == 0
    assert "removed at its end cannot be seen" in ran.out
    assert ran.out.count("\n") == 1


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE audit SET body = replace(body, 'LAB', 'EVE') WHERE seq = 2",
            "Line 2 of 2026-11-23 13:00:00 UTC does not fit its own hash",
        ),
        (
            "DELETE FROM audit WHERE seq = 2",
            "Line 3 of 2026-11-23 14:00:00 UTC does not follow line 1",
        ),
        ("DELETE FROM audit WHERE seq = 1", "does not begin the chain"),
        ("UPDATE audit SET name = 'x' WHERE seq = 1", "its time or its gateway were changed"),
    ],
)
async def test_what_does_not_fit_is_one_sentence(
    statement: str, said: str, settings: dict[str, str], here: Here
) -> None:
    await tampered(settings["AGW_DATABASE_URL"], statement)
    ran = await here(settings, "audit", "--verify")
    assert (ran.code, ran.out) == (2, "")
    assert ran.is_one_sentence()
    assert said in ran.err


async def test_a_head_that_is_gone(settings: dict[str, str], here: Here) -> None:
    head = json.loads((await here(settings, "audit")).out.splitlines()[-1])["hash"]
    await tampered(settings["AGW_DATABASE_URL"], "DELETE FROM audit WHERE seq = 3")
    assert (await here(settings, "audit", "--verify")).code == 0
    ran = await here(settings, "audit", "--verify", "--head", head.upper())
    assert (ran.code, ran.out) == (2, "")
    assert ran.is_one_sentence()
    assert f"The head {head} is not in the audit log" in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--verify", "--gateway", "agw-test"), "--gateway has no meaning"),
        (("--verify", "--since", "2026-11-23"), "--since has no meaning"),
        (("--verify", "--format", "csv"), "--format has no meaning"),
        (("--head", "ab" * 32), "--head is for --verify"),
        (("--verify", "--head", "abc"), "--head is not a hash"),
    ],
)
async def test_options_that_do_not_go_together(
    arguments: tuple[str, ...], said: str, settings: dict[str, str], here: Here
) -> None:
    ran = await here(settings, "audit", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.is_one_sentence()
    assert said in ran.err


async def test_syslog_messages_one_a_line(settings: dict[str, str], here: Here) -> None:
    ran = await here(settings, "audit", "--format", "syslog", "--gateway", "agw-test")
    told = ran.out.splitlines()
    assert len(told) == 2
    assert told[0].startswith(
        "<110>1 2026-11-23T12:00:00.000000+00:00 - agw - approved [agw@32473 "
    )
    assert json.loads(told[0].partition("] ")[2])["user"] == FORMULA


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


async def test_what_is_not_chained_and_what_retention_removed_is_told(
    tmp_path: Path, here: Here
) -> None:
    file = tmp_path / "agw.db"
    settings = {"AGW_DATABASE_URL": f"sqlite:///{file}"}
    with closing(Previous(file)) as previous:
        previous.audit("old", to_text(AuditEntry(NOW, "approved", "/g/old")))
    store = await SqliteStore.open(settings["AGW_DATABASE_URL"])
    hashes = await filled(store, 2, datetime(2020, 1, 1, tzinfo=UTC))
    await store.audit(AuditEntry(NOON, "approved", GATEWAY))
    told = (await here(settings, "audit", "--verify")).out
    assert "Not chained: 1 line of an earlier version" in told
    await tampered(settings["AGW_DATABASE_URL"], "DELETE FROM audit WHERE hash IS NULL")
    assert await store.forget_lines(timedelta(days=400)) == 2
    ran = await here(settings, "audit", "--verify", "--head", hashes[-1])
    assert (ran.code, ran.err) == (0, "")
    assert "2 lines that retention removed, the newest of 2020-01-01 00:00:01 UTC" in ran.out
    assert "The head that you gave is in it, and 1 line came after it." in ran.out
    ran = await here(settings, "audit", "--verify", "--head", hashes[0])
    assert ran.code == 2
    assert "or it is of one of the 2 lines that retention removed" in ran.err
    await store.audit(AuditEntry(NOON, "approved", GATEWAY))
    await store.close()


async def test_an_empty_log(tmp_path: Path, here: Here) -> None:
    url = f"sqlite:///{tmp_path / 'agw.db'}"
    await (await SqliteStore.open(url)).close()
    ran = await here({"AGW_DATABASE_URL": url}, "audit", "--verify")
    assert (ran.code, ran.out.partition(".")[0]) == (0, "The audit log is empty")


@pytest.mark.parametrize("arguments", [(), ("--verify",)])
async def test_a_database_that_is_not_there_is_not_an_empty_log(
    tmp_path: Path, here: Here, arguments: tuple[str, ...]
) -> None:
    file = tmp_path / "misspelt.db"
    ran = await here({"AGW_DATABASE_URL": f"sqlite:///{file}"}, "audit", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert f"There is no database file {file}" in ran.err
    assert not file.exists()
