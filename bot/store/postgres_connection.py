"""Statements on one connection to a PostgreSQL server."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

import asyncpg

from bot.aside import AT_ONCE, Aside, run_in
from bot.store.dialect import POSTGRESQL
from bot.store.postgres_session import Connection, ConnectionEnded
from bot.store.work import Result, Statement, Taken, Work

T = TypeVar("T")

_THREADS = Aside(AT_ONCE, "agw-store")
"""Threads of its own, since those for the outside may all be waiting for a resolver."""


@dataclass(frozen=True, slots=True)
class _Done(Generic[T]):
    """What work came to."""

    value: T


_WRITING = ("INSERT", "UPDATE", "DELETE")

_PLACE = re.compile(r":([a-z_]+)")


@asynccontextmanager
async def within(seconds: float, connection: Connection) -> AsyncIterator[None]:
    """Drop the connection after a while; whatever waits for it then fails.

    Raises:
        TimeoutError: it was dropped, and a statement needed it.
    """
    over = False

    def give_up() -> None:
        nonlocal over
        over = True
        connection.terminate()

    timer = asyncio.get_running_loop().call_later(seconds, give_up)
    try:
        yield
    except ConnectionEnded:
        if over:
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()


async def carry_out(connection: Connection, work: Work[T]) -> T:
    """Execute its statements one after another.

    What the work makes of their results is done in a thread: a report may be megabytes of JSON.

    Raises:
        Taken: a unique index refused a row.
    """
    result: Result | None = None
    while True:
        step = await run_in(_THREADS, _resume, work, result)
        if isinstance(step, _Done):
            return step.value
        result = await _execute(connection, step)


def _resume(work: Work[T], result: Result | None) -> "Statement | _Done[T]":
    try:
        return next(work) if result is None else work.send(result)
    except StopIteration as end:
        return _Done(end.value)


async def _execute(connection: Connection, statement: Statement) -> Result:
    text, names = _numbered(POSTGRESQL.render(statement.text))
    values = [statement.values[name] for name in names]
    try:
        if " RETURNING " in text or not text.lstrip().startswith(_WRITING):
            found = await connection.fetch(text, *values)
            return Result([tuple(row) for row in found], len(found))
        # Such as "UPDATE 1" or "INSERT 0 1".
        status = await connection.execute(text, *values)
        return Result((), int(status.rpartition(" ")[2]))
    except asyncpg.UniqueViolationError as error:
        raise Taken(str(error)) from error


@cache
def _numbered(text: str) -> tuple[str, tuple[str, ...]]:
    """`:name` as `$1`, and the names in that order."""
    names = tuple(dict.fromkeys(_PLACE.findall(text)))
    numbers = {name: f"${number}" for number, name in enumerate(names, 1)}
    return _PLACE.sub(lambda found: numbers[found[1]], text), names
