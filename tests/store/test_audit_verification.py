"""Whoever changes the audit log past the bot is found: the first line that does not fit, and what that means."""

import asyncio
import hashlib
import itertools
import json
import tracemalloc
from pathlib import Path

import pytest

from bot.core.changes.audit import AuditEntry
from bot.store import DatabaseStore, SqliteStore, audit_verification
from bot.store.postgres import PostgresStore
from bot.store.values import moment, to_text
from tests.children import start
from tests.core.make import ID, NOW
from tests.store.chain import broken, filled, forged, intact, tampered
from tests.store.make import gateway
from tests.store.outside import run
from tests.store.previous import Previous


@pytest.fixture
async def five(store: DatabaseStore, url: str) -> DatabaseStore:
    """A log of five lines, numbered from 1."""
    if not url.startswith("sqlite"):
        await tampered(url, "ALTER TABLE audit ALTER seq RESTART WITH 1")
    await filled(store, 5)
    return store


async def test_an_empty_log_fits(store: DatabaseStore) -> None:
    found = await intact(store)
    assert (found.followed.lines, found.followed.head) == (0, "")


async def test_what_fits_is_counted(five: DatabaseStore) -> None:
    hashes = [it.hash async for it in five.audit_lines()]
    found = (await intact(five)).followed
    assert (found.lines, found.unchained, found.head) == (5, 0, hashes[-1])
    assert (found.earliest, found.last.number) == (moment(NOW), 5)


async def test_more_than_a_page(store: DatabaseStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_verification, "PAGE", 4)
    hashes = await filled(store, 9)
    found = (await intact(store, hashes[0])).followed
    assert (found.lines, found.after, found.head) == (9, 8, hashes[-1])


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET body = replace(body, 'a3', 'aX') WHERE seq = 3",
        "UPDATE audit SET hash = previous WHERE seq = 3",
        "UPDATE audit SET previous = hash WHERE seq = 3",
        "UPDATE audit SET previous = NULL WHERE seq = 3",
    ],
)
async def test_a_changed_line(five: DatabaseStore, url: str, change: str) -> None:
    await tampered(url, change)
    found = await broken(five)
    assert (found.what, found.line.number, found.fit) == ("changed", 3, 2)


@pytest.mark.parametrize(
    "change", ["at = '2020'", "gateway = '/other'", "name = 'other'", "gateway = upper(gateway)"]
)
async def test_a_line_that_searches_do_not_find(five: DatabaseStore, url: str, change: str) -> None:
    await tampered(url, f"UPDATE audit SET {change} WHERE seq = 3")
    found = await broken(five)
    assert (found.what, found.line.number) == ("filed", 3)


async def test_a_line_without_a_hash_behind_others(five: DatabaseStore, url: str) -> None:
    await tampered(url, "UPDATE audit SET hash = NULL, previous = NULL WHERE seq = 3")
    found = await broken(five)
    assert (found.what, found.line.number) == ("unchained", 3)


@pytest.mark.parametrize(("gone", "line", "before"), [("1", 2, 0), ("2, 3", 4, 1), ("4", 5, 3)])
async def test_removed_lines(
    five: DatabaseStore, url: str, gone: str, line: int, before: int
) -> None:
    await tampered(url, f"DELETE FROM audit WHERE seq IN ({gone})")
    found = await broken(five)
    assert (found.what, found.line.number, found.before.number) == ("removed", line, before)
    assert found.fit == before


async def test_the_end_is_missed_only_by_who_kept_a_head(five: DatabaseStore, url: str) -> None:
    head = (await intact(five)).followed.head
    await tampered(url, "DELETE FROM audit WHERE seq = 5")
    assert (await intact(five)).followed.lines == 4
    found = await intact(five, head)
    assert (found.followed.after, found.removed_since) == (None, False)


async def test_a_line_with_a_hash_of_its_own(five: DatabaseStore, url: str) -> None:
    """Changed by somebody who knows how hashes are made, but not of the lines behind it."""
    ((previous, text),) = await run(url, "SELECT previous, body FROM audit WHERE seq = 3")
    new = text.replace("a3", "aX")
    set_to = f"body = '{new}', hash = '{forged(previous, new)}'"
    await tampered(url, f"UPDATE audit SET {set_to} WHERE seq = 3")
    found = await broken(five)
    assert (found.what, found.line.number, found.fit) == ("rewritten", 3, 2)


@pytest.mark.parametrize("links", ["fits the one before", "fits nothing"])
async def test_inserted_lines(five: DatabaseStore, url: str, links: str) -> None:
    ((previous, at, found_by, name),) = await run(
        url, "SELECT hash, at, gateway, name FROM audit WHERE seq = 2"
    )
    if links == "fits nothing":
        previous = "ab" * 32
    text = to_text(AuditEntry(NOW, "made_up", ID)).replace(moment(NOW), at)
    # Room between 2 and 3, as PostgreSQL leaves after a transaction that failed.
    await tampered(url, *(f"UPDATE audit SET seq = {it + 10} WHERE seq = {it}" for it in (5, 4, 3)))
    overriding = "" if url.startswith("sqlite") else "OVERRIDING SYSTEM VALUE"
    await tampered(
        url,
        "INSERT INTO audit (seq, at, gateway, name, body, previous, hash)"
        f" {overriding} VALUES (7, '{at}', '{found_by}', '{name}', '{text}', '{previous}',"
        f" '{forged(previous, text)}')",
    )
    found = await broken(five)
    assert (found.what, found.line.number, found.until.number) == ("inserted", 7, 7)
    assert found.before.number == 2


async def test_a_gap_in_the_numbers_means_nothing(five: DatabaseStore, url: str) -> None:
    await tampered(url, "UPDATE audit SET seq = 99 WHERE seq = 5")
    assert (await intact(five)).followed.lines == 5


async def test_lines_of_the_first_schema_are_not_chained(file: Path, file_url: str) -> None:
    previous = Previous(file)
    line = AuditEntry(NOW, "approved", gateway("old"))
    previous.audit("old", to_text(line))
    previous.close()
    store = await SqliteStore.open(file_url)
    assert (await intact(store)).followed.unchained == 1
    await filled(store, 2)
    found = (await intact(store)).followed
    assert (found.lines, found.unchained) == (2, 1)
    await store.close()


async def test_replicas_that_write_at_once_make_one_chain(server_url: str) -> None:
    """Processes of their own, each with several connections."""
    replicas = [await start("tests.store.child", "audit", server_url, "40") for _ in range(4)]
    try:
        for replica in replicas:
            assert await replica.stdout.readline() == b"ready\n"
        for replica in replicas:
            replica.stdin.write(b"go\n")
        ended = await asyncio.gather(*(it.communicate() for it in replicas))
    finally:
        for replica in replicas:
            if replica.returncode is None:
                replica.kill()
                await replica.communicate()
    assert [out for out, _ in ended] == [b"40\n"] * 4
    store = await PostgresStore.open(server_url)
    found = (await intact(store)).followed
    assert found.lines == 160
    writers = [it.entry.user async for it in store.audit_lines()]
    # They took turns: otherwise this would have shown nothing.
    assert sum(one != other for one, other in itertools.pairwise(writers)) > 4
    await store.close()


async def test_somebody_else_can_verify_it(store: DatabaseStore, url: str) -> None:
    """As docs/audit.md says, with nothing of the bot."""
    await filled(store, 3)
    await store.audit(AuditEntry(NOW, "it's \u00e9", ID, details={"shown": "two\nlines"}))
    head = ""
    for previous, own, text in await run(
        url, "SELECT previous, hash, body FROM audit ORDER BY seq"
    ):
        assert previous == head
        head = hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()
        assert own == head
        assert json.loads(text)["gateway_id"] == ID
    assert (await intact(store, head)).followed.after == 0


async def test_memory_does_not_grow_with_the_log(
    file_store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_verification, "PAGE", 300)

    async def most() -> int:
        tracemalloc.reset_peak()
        await intact(file_store)
        return tracemalloc.get_traced_memory()[1]

    tracemalloc.start()
    try:
        await filled(file_store, 600)
        few = await most()
        await filled(file_store, 2400)
        assert await most() < 1.5 * few
    finally:
        tracemalloc.stop()
