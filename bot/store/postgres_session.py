"""One connection to a PostgreSQL server, whose end has one name.

asyncpg tells it in many ways: as an error of the network, as a mistake of its own, as a statement that may not be
asked now, or, where the end comes between the two halves of a statement, as an attribute that `None` has not got.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import asyncpg

from bot.store.postgres_problems import bad_url


class ConnectionEnded(ConnectionError):
    """There is no connection, or none any more. What its last statement came to is not known."""


class Connection:
    """Runs statements, one at a time.

    Raises of each of its coroutines:
        asyncpg.PostgresError: the server's own words.
        ConnectionEnded: anything else, where the connection is gone.
    """

    def __init__(self, line: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._line = line

    @classmethod
    async def open(cls, url: str, seconds: float) -> Self:
        """Connect within that time.

        Raises:
            Problem: the URL cannot be read.
            OSError: the server cannot be reached.
        """
        try:
            # No statement is kept on the server's side: a pooler between us may give each transaction another session.
            return cls(await asyncpg.connect(url, timeout=seconds, statement_cache_size=0))
        except OSError:  # also a certificate's, which is a ValueError as well
            raise
        except (ValueError, OverflowError):
            raise bad_url() from None
        except (asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
            raise ConnectionEnded from error

    async def execute(self, text: str, *values: Any) -> str:
        """What the server says of it, such as "UPDATE 1"."""
        with self._ending():
            return await self._line.execute(text, *values)

    async def fetch(self, text: str, *values: Any) -> list[asyncpg.Record]:
        """Its rows."""
        with self._ending():
            return await self._line.fetch(text, *values)

    async def fetchval(self, text: str) -> Any:
        """The first value of its first row, if there is one."""
        with self._ending():
            return await self._line.fetchval(text)

    async def close(self, seconds: float) -> None:
        """Take leave of the server."""
        with self._ending():
            await self._line.close(timeout=seconds)

    def terminate(self) -> None:
        """End it without a word; whatever waits for it fails."""
        self._line.terminate()

    def is_closed(self) -> bool:
        """Whether it is known to have ended."""
        return self._line.is_closed()

    @contextmanager
    def _ending(self) -> Iterator[None]:
        try:
            yield
        except (asyncpg.PostgresConnectionError, asyncpg.InternalClientError) as error:
            # The first is asyncpg's own word for it. The second: the server has said goodbye, and its end is still on
            # the way.
            raise ConnectionEnded from error
        except asyncpg.PostgresError:
            raise
        except Exception as error:
            if self._line.is_closed():
                raise ConnectionEnded from error
            raise
