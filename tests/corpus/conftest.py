"""The confusion table at the end of a run."""

import pytest

from tests.corpus.table import Row, lines

ROWS: pytest.StashKey[list[Row]] = pytest.StashKey()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[ROWS] = []


@pytest.fixture
def table(request: pytest.FixtureRequest) -> list[Row]:
    """Where each scenario adds its row."""
    return request.config.stash[ROWS]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    rows = config.stash[ROWS]
    if rows:
        terminalreporter.section("corpus")
        for line in lines(rows):
            terminalreporter.write_line(line)
