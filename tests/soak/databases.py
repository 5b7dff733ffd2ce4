"""An empty database for each case."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import postgresql


@contextmanager
def database(store: str) -> Iterator[str]:
    """The URL of an empty database of this kind; a file is gone after the block, a server with this process."""
    if store == "postgresql":
        yield asyncio.run(postgresql.emptied())
        return
    with tempfile.TemporaryDirectory(prefix="agw-soak-") as folder:
        yield f"sqlite:///{Path(folder) / 'agw.db'}"
