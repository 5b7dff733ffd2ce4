"""Old lines of the audit log go in their order, noted, and the chain holds; what may be needed stays."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from bot.core.changes.audit import AuditEntry
from bot.core.changes.audit_chain import Retained
from bot.core.changes.change import ChangeState
from bot.store import DatabaseStore, SqliteStore, audit_verification
from bot.store.audit_retention import AT_ONCE
from bot.store.transactions import Database
from bot.store.values import moment, to_text
from bot.store.work import Work
from tests.core.make import ID
from tests.store.chain import LONG_AGO, broken, filled, intact, numbers, tampered
from tests.store.make import change, entries_of
from tests.store.outside import REFUSED, run
from tests.store.previous import Previous
from tests.store.test_changes import walk

T = TypeVar("T")

DAYS = timedelta(days=400)


async def lines_of(store: DatabaseStore, *change_ids: str) -> None:
    """Old lines about these changes, and a new one."""
    for number, it in enumerate(change_ids):
        at = LONG_AGO + timedelta(seconds=number)
        await store.audit(AuditEntry(at, f"a{number}", ID, change=it))
    await store.audit(AuditEntry(datetime.now(UTC), "new", ID))


async def left(store: DatabaseStore) -> Sequence[str]:
    """The actions of the lines that are there."""
    return [it.action async for it in entries_of(store)]


async def test_old_lines_go_and_the_chain_goes_on_from_the_last_of_them(
    store: DatabaseStore,
) -> None:
    hashes = await filled(store, 3, LONG_AGO)
    await filled(store, 2, datetime.now(UTC))
    newest = await store.audit_head()
    assert newest is not None
    head = newest.hash
    assert await store.forget_lines(DAYS) == 3
    found = await intact(store, head)
    assert (found.followed.lines, found.followed.after) == (2, 0)
    assert found.retained == Retained(3, moment(LONG_AGO + timedelta(seconds=2)))
    # Whoever kept the hash of the last one that went has all that is left behind it.
    assert (await intact(store, hashes[2])).followed.after == 2
    assert (await intact(store, hashes[1])).followed.after is None
    assert await store.forget_lines(DAYS) == 0
    await store.audit(AuditEntry(datetime.now(UTC), "later", ID))
    assert (await intact(store, head)).followed.after == 1


async def test_round_after_round_is_one_note(store: DatabaseStore, url: str) -> None:
    await filled(store, 2 * AT_ONCE + 50, LONG_AGO)
    await store.audit(AuditEntry(datetime.now(UTC), "new", ID))
    assert await store.forget_lines(timedelta(days=400)) == 2 * AT_ONCE + 50
    assert len(await run(url, "SELECT first FROM audit_removed")) == 1
    found = await intact(store)
    assert (found.followed.lines, found.retained.lines) == (1, 2 * AT_ONCE + 50)


async def test_the_newest_line_stays_however_old_it_is(store: DatabaseStore) -> None:
    head = (await filled(store, 3, LONG_AGO))[-1]
    assert await store.forget_lines(DAYS) == 2
    assert (await intact(store, head)).followed.lines == 1
    await store.audit(AuditEntry(datetime.now(UTC), "new", ID))
    assert await store.forget_lines(DAYS) == 1
    assert (await intact(store, head)).followed.lines == 1


@pytest.mark.parametrize(
    ("state", "stays"),
    [("offered", True), ("writing", True), ("healthy", True), ("rejected", False)],
)
async def test_lines_of_a_change_that_may_be_undone_stay(
    store: DatabaseStore, state: ChangeState, stays: bool
) -> None:
    await store.add_change(change())
    if state == "rejected":
        await store.advance("c1", "offered", "rejected")
    else:
        await walk(store, "c1", state)
    await lines_of(store, "", "c1", "c1", "", "c1")
    await store.forget_lines(DAYS)
    assert await left(store) == (["a1", "a2", "a4", "new"] if stays else ["new"])
    assert (await intact(store)).retained.lines == (2 if stays else 5)


async def test_they_go_when_it_was_undone(store: DatabaseStore, url: str) -> None:
    await store.add_change(change())
    await walk(store, "c1", "healthy")
    await store.add_change(change("u1", undoes="c1"))
    await lines_of(store, "", "c1", "u1", "")
    await store.note("c1", undone_by="u1")
    await store.forget_lines(DAYS)
    assert await left(store) == ["a1", "a2", "new"]
    await walk(store, "u1", "healthy")
    await store.forget_lines(DAYS)
    assert await left(store) == ["new"]
    assert (await intact(store)).retained.lines == 4


async def test_a_change_whose_undo_was_refused_can_be_undone_again(store: DatabaseStore) -> None:
    await store.add_change(change())
    await walk(store, "c1", "healthy")
    await store.add_change(change("u1", undoes="c1"))
    await store.note("c1", undone_by="u1")
    await store.advance("u1", "offered", "expired")
    await lines_of(store, "c1")
    assert await store.forget_lines(DAYS) == 0


async def test_a_line_that_cannot_be_read_stays(store: DatabaseStore, url: str) -> None:
    await lines_of(store, "", "")
    await tampered(url, "UPDATE audit SET body = '{' WHERE seq = (SELECT min(seq) FROM audit)")
    await store.forget_lines(DAYS)
    assert (await broken(store)).what == "changed"


async def test_lines_of_the_first_schema_go_too(file: Path, file_url: str) -> None:
    Previous(file).close()
    text = to_text(AuditEntry(LONG_AGO, "approved", ID))
    row = f"('{moment(LONG_AGO)}', '{ID.lower()}', 'agw', '{text}')"
    unchained = ", ".join([row] * (AT_ONCE + 1))
    await run(file_url, f"INSERT INTO audit (at, gateway, name, body) VALUES {unchained}")
    store = await SqliteStore.open(file_url)
    await filled(store, 2, LONG_AGO)
    await store.audit(AuditEntry(datetime.now(UTC), "new", ID))
    assert (await intact(store)).followed.unchained == AT_ONCE + 1
    await store.forget_lines(DAYS)
    found = await intact(store)
    assert (found.followed.lines, found.followed.unchained) == (1, 0)
    assert found.retained.lines == AT_ONCE + 3
    await store.close()


@pytest.mark.parametrize(
    "attack",
    [
        "DELETE FROM audit",
        "DELETE FROM audit_removed",
        "UPDATE audit_removed SET last = last - 1",
        "UPDATE audit_removed SET hash = ''",
        "UPDATE audit_removed SET first = 0, last = last + 1, lines = lines + 1",
    ],
)
async def test_only_retention_removes_lines(store: DatabaseStore, url: str, attack: str) -> None:
    await filled(store, 3, LONG_AGO)
    await store.forget_lines(DAYS)
    with pytest.raises(REFUSED, match="only added to"):
        await run(url, attack)
    assert (await intact(store)).followed.lines == 1


async def test_a_note_that_was_changed_is_found(store: DatabaseStore, url: str) -> None:
    await filled(store, 3, LONG_AGO)
    await store.forget_lines(DAYS)
    await tampered(url, f"UPDATE audit_removed SET hash = '{'ab' * 32}'")
    assert (await broken(store)).what == "removed"


class Meanwhile:
    """A database in which something happens after the first read."""

    def __init__(self, database: Database, happens: Callable[[], Awaitable[object]]) -> None:
        self._database = database
        self._happens: Callable[[], Awaitable[object]] | None = happens

    async def read(self, work: Work[T]) -> T:
        value = await self._database.read(work)
        if self._happens is not None:
            happens, self._happens = self._happens, None
            await happens()
        return value

    async def write(self, work: Work[T]) -> T:
        return await self._database.write(work)

    async def close(self) -> None:
        await self._database.close()


@pytest.mark.parametrize("read", [1, 3, 5, 6])
async def test_lines_that_go_while_the_log_is_verified(
    store: DatabaseStore, read: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two pages: what was read is gone, and so is what would have come next."""
    monkeypatch.setattr(audit_verification, "PAGE", read)
    await filled(store, 5, LONG_AGO)
    await filled(store, 2, datetime.now(UTC))
    head = await store.audit_head()
    assert head is not None
    meanwhile = Meanwhile(store._database, lambda: store.forget_lines(DAYS))
    found = await intact(DatabaseStore(meanwhile), head.hash)
    assert (found.followed.lines, found.followed.after) == (read + 2 if read < 5 else 7, 0)
    assert found.retained.lines == 5


async def test_a_note_does_not_excuse_lines_that_an_administrator_removed(
    store: DatabaseStore, url: str
) -> None:
    """It says that a line went which is still there, so it is not one of retention's."""
    await filled(store, 5)
    first, *_, last = await numbers(store)
    ((hashed,),) = await run(url, f"SELECT hash FROM audit WHERE seq = {last - 1}")
    await tampered(
        url,
        "INSERT INTO audit_removed (first, last, lines, until, previous, hash)"
        f" VALUES ({first}, {last - 1}, 4, '', '', '{hashed}')",
        f"DELETE FROM audit WHERE seq = {last - 1}",
    )
    assert (await broken(store)).what == "removed"
