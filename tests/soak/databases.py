"""An empty database for each case."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def database(store: str) -> Iterator[str]:
    """The URL of an empty database of this kind, gone after the block."""
    assert store == "sqlite", store
    with tempfile.TemporaryDirectory(prefix="agw-soak-") as folder:
        yield f"sqlite:///{Path(folder) / 'agw.db'}"
