"""What holds for every test: nothing leaves loopback, and nothing of the person's own settings comes in."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.lab.guard import loopback_only
from tests import chromium, databases, order, postgresql, sizes
from tests.corpus.table import Confusion
from tests.eventloop import LeapingLoop
from tests.faults import table

# Before the first test module is imported, and before an option chooses another profile.
sizes.register()

_GARBAGE = 10_000
"""New objects after which garbage is looked for; Python's own 700 take a seventh of the core's tests."""

_SETTINGS = ("AGW_", "AZURE_", "MSI_", "IDENTITY_", "SLACK_")


def pytest_configure(config: pytest.Config) -> None:
    """Shut the network before the first test module is imported, until the run has ended."""
    # What is collected is kept: a third of the time for it would go into looking for garbage.
    gc.disable()
    guard = ExitStack()
    guard.enter_context(loopback_only())
    config.add_cleanup(guard.close)
    config.add_cleanup(chromium.stop)
    config.add_cleanup(postgresql.stop)
    config.pluginmanager.register(Confusion(), "corpus-table")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order.begin_with_the_long(items)


def pytest_collection_finish() -> None:
    """Thousands of tests stay until the end: nobody looks through them for garbage again and again."""
    gc.freeze()
    gc.set_threshold(_GARBAGE)
    gc.enable()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What stands in the table of faults runs on one kind of database after the other (`tests/databases.py`)."""
    file = metafunc.definition.path.relative_to(Path(__file__).parent).as_posix()
    always = table.on_both().get(f"{file}::{metafunc.function.__name__}")
    if always is not None:
        other = pytest.param("postgresql", marks=() if always else pytest.mark.repeats)
        metafunc.parametrize("kind_of_database", ["sqlite", other], indirect=True)


@pytest.fixture(autouse=True)
def kind_of_database(request: pytest.FixtureRequest) -> Iterator[None]:
    """SQLite, but for what runs on both; and what says so must have had a database."""
    kind = getattr(request, "param", None)
    with databases.chosen(kind or "sqlite") as here:
        yield
        assert kind is None or here.asked, (
            "no store took part in this test: say so in tests/faults/table.py"
        )


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], LeapingLoop]]:
    return {"leaping": LeapingLoop}


@pytest.fixture(scope="session")
def one_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the home of one test after the other: most leave nothing in it, and each new one costs."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def bare_environment(one_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home and no setting of the bot, Slack or Azure: a real token never meets a test."""
    for name in list(os.environ):
        if name.startswith(_SETTINGS):
            monkeypatch.delenv(name)
    if any(one_home.iterdir()):
        shutil.rmtree(one_home)
        one_home.mkdir()
    monkeypatch.setenv("HOME", str(one_home))
    monkeypatch.setenv("XDG_STATE_HOME", str(one_home / ".local" / "state"))
    return one_home


@pytest.fixture
def home(bare_environment: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The empty home as the current directory too, for commands that are run as a person would."""
    monkeypatch.chdir(bare_environment)
    return bare_environment
