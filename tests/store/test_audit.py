"""The audit log: everything is added, nothing is changed, and lines are found by gateway and time."""

import asyncio
import hashlib
from datetime import timedelta
from typing import Any

import pytest

from bot.core.changes.audit import AuditEntry
from bot.core.problem import Problem
from bot.store import DatabaseStore
from bot.store.audit import PAGE
from tests.core.make import ID, NOW
from tests.store.chain import filled, tampered
from tests.store.make import entries_of, gateway
from tests.store.outside import REFUSED, run

SECOND = timedelta(seconds=1)


def entry(action: str = "approved", gateway_id: str = ID, seconds: int = 0) -> AuditEntry:
    """One line, some seconds after now."""
    details = {"digest": "ab" * 32, "shown": "two\nlines"}
    return AuditEntry(NOW + seconds * SECOND, action, gateway_id, "T1", "U1", "c1", details)


async def test_lines_come_back_oldest_first(store: DatabaseStore) -> None:
    for line in (entry("second"), entry("third"), entry("first", seconds=-1)):
        await store.audit(line)
    found = [it async for it in entries_of(store)]
    assert found == [entry("first", seconds=-1), entry("second"), entry("third")]


async def test_a_line_without_a_person_is_kept(store: DatabaseStore) -> None:
    await store.audit(AuditEntry(NOW, "diagnosed", ID))
    assert [it async for it in entries_of(store)] == [AuditEntry(NOW, "diagnosed", ID)]


@pytest.mark.parametrize("said", [ID, ID.upper(), "agw", "AGW"])
async def test_lines_are_found_by_id_and_by_name(store: DatabaseStore, said: str) -> None:
    await store.audit(entry("mine", ID.replace("agw", "Agw")))
    await store.audit(entry("other", gateway("agw-shop")))
    await store.audit(entry("other", gateway("my-agw")))
    assert [it.action async for it in entries_of(store, said)] == ["mine"]


@pytest.mark.parametrize("said", ["", "%", "ag_", "applicationGateways/agw", "shop"])
async def test_nothing_else_is_found(store: DatabaseStore, said: str) -> None:
    await store.audit(entry())
    assert [it async for it in entries_of(store, said)] == []


async def test_lines_are_found_from_a_moment_on(store: DatabaseStore) -> None:
    for seconds in (-1, 0, 1):
        await store.audit(entry(str(seconds), seconds=seconds))
    assert [it.action async for it in entries_of(store, since=NOW)] == ["0", "1"]
    assert [it.action async for it in entries_of(store, "agw", NOW + SECOND)] == ["1"]
    assert [it async for it in entries_of(store, "other", NOW)] == []


@pytest.mark.parametrize(
    ("damaged", "said"), [((2,), "Line {}"), ((1, 2, 3, 4), "Lines {}, {}, {} and 1 more")]
)
async def test_a_line_that_cannot_be_read_hides_no_other(
    store: DatabaseStore, url: str, damaged: tuple[int, ...], said: str
) -> None:
    await filled(store, 5)
    numbers = [it.number async for it in store.audit_lines()]
    gone = [numbers[it - 1] for it in damaged]
    await tampered(url, *(f"UPDATE audit SET body = '[]' WHERE seq = {it}" for it in gone))
    found: list[int] = []

    async def read() -> None:
        async for line in store.audit_lines():
            found.append(line.number)

    with pytest.raises(Problem) as caught:
        await read()
    assert found == [it for it in numbers if it not in gone]
    assert caught.value.code == "database_damaged"
    assert caught.value.message.startswith(f"{said.format(*gone)} of the audit log cannot be read:")


_ATTACKS = ("UPDATE audit SET body = 'x'", "DELETE FROM audit")
_ON_A_FILE = (
    "INSERT OR REPLACE INTO audit (seq, at, gateway, name, body) VALUES (1, '', '', '', 'x')",
    "REPLACE INTO audit SELECT * FROM audit",
)
_ON_A_SERVER = (
    "TRUNCATE audit",
    "INSERT INTO audit OVERRIDING SYSTEM VALUE SELECT * FROM audit"
    " ON CONFLICT (seq) DO UPDATE SET body = 'x'",
)


async def test_nobody_changes_a_line(store: DatabaseStore, url: str) -> None:
    """Not even somebody with the database in hand and plain SQL."""
    await store.audit(entry())
    special = _ON_A_FILE if url.startswith("sqlite") else _ON_A_SERVER
    for attack in (*_ATTACKS, *special):
        with pytest.raises(REFUSED, match="only added to"):
            await run(url, attack)
    await store.audit(entry("later"))
    assert [it async for it in entries_of(store)] == [entry(), entry("later")]


async def test_each_line_is_tied_to_the_one_before(store: DatabaseStore, url: str) -> None:
    await store.audit(entry("a"), entry("b"))
    await asyncio.gather(*(store.audit(entry(str(number))) for number in range(10)))
    lines = await run(url, "SELECT previous, hash, body FROM audit ORDER BY seq")
    before = ""
    for previous, hashed, body in lines:
        assert previous == before
        assert hashed == hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()
        before = hashed
    assert len(lines) == 12


async def test_a_long_log_comes_whole(store: DatabaseStore) -> None:
    """Also where a page ends between lines of the same moment."""
    lines = [entry(str(number), seconds=number // 700) for number in range(2 * PAGE + 1)]
    # A server has seconds for a transaction, and a busy machine may need them for a thousand statements.
    for at in range(0, len(lines), 100):
        await store.audit(*lines[at : at + 100])
    assert [it async for it in entries_of(store)] == lines


async def test_no_value_is_taken_for_sql(store: DatabaseStore) -> None:
    nasty: dict[str, Any] = {"'); DROP TABLE audit; --": "\x00\u2028' \" \\"}
    line = AuditEntry(NOW, "it's", "x'/y", details=nasty)
    await store.audit(line)
    assert [it async for it in entries_of(store, "y")] == [line]
