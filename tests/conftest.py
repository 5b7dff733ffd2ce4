"""What holds for every test: nothing leaves loopback, and nothing of the person's own settings comes in."""

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.lab.guard import loopback_only
from tests.corpus.table import Confusion
from tests.eventloop import LeapingLoop

_SETTINGS = ("AGW_", "AZURE_", "MSI_", "IDENTITY_", "SLACK_")


def pytest_configure(config: pytest.Config) -> None:
    """Shut the network before the first test module is imported, until the run has ended."""
    guard = ExitStack()
    guard.enter_context(loopback_only())
    config.add_cleanup(guard.close)
    config.pluginmanager.register(Confusion(), "corpus-table")


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], LeapingLoop]]:
    return {"leaping": LeapingLoop}


@pytest.fixture(autouse=True)
def bare_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home and no setting of the bot, Slack or Azure: a real token never meets a test."""
    for name in list(os.environ):
        if name.startswith(_SETTINGS):
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_STATE_HOME", str(home / ".local" / "state"))
    return home


@pytest.fixture
def home(bare_environment: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The empty home as the current directory too, for commands that are run as a person would."""
    monkeypatch.chdir(bare_environment)
    return bare_environment
