"""A running bot for each test that asks for one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.handlers.bench import Bench, open_bench


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with open_bench(tmp_path) as running:
        yield running
