"""The settings of whoever runs the tests do not reach them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

SETTINGS = ("AGW_APPROVERS", "AZURE_CLIENT_SECRET", "SLACK_BOT_TOKEN")


@pytest.fixture(scope="module", autouse=True)
def settings_of_a_person() -> Iterator[None]:
    """Set before any fixture of a single test, as a person's shell would have them."""
    with pytest.MonkeyPatch.context() as shell:
        for name in SETTINGS:
            shell.setenv(name, "real")
        yield


@pytest.mark.parametrize("name", SETTINGS)
def test_no_setting_comes_in(name: str) -> None:
    assert name not in os.environ


def test_the_home_is_empty_and_holds_the_state(bare_environment: Path) -> None:
    assert Path.home() == bare_environment
    assert not list(Path.home().iterdir())
    assert Path(os.environ["XDG_STATE_HOME"]).is_relative_to(Path.home())


def test_a_command_may_be_run_in_the_empty_home(home: Path) -> None:
    assert Path.cwd() == home
