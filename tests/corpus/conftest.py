"""The cards of all scenarios that a test process diagnosed are measured together, at its end."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.chromium import CHROMIUM
from tests.corpus.screens import Screens
from tests.eventloop import LeapingLoop


@pytest.fixture(scope="session")
def screens() -> Iterator[Screens]:
    """Where a test leaves its card. What does not fit is an error of the process's last test that left one."""
    made = Screens()
    yield made
    if made.cards and CHROMIUM is not None:
        with asyncio.Runner(loop_factory=LeapingLoop) as runner:
            assert runner.run(made.misfits()) == []
