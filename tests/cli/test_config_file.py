"""`--config FILE`: the settings from a file; what is wrong with it is one sentence without any value."""

import argparse
from pathlib import Path

import pytest

from bot.cli.config_file import MOST, environment
from bot.core.problem import Problem
from bot.settings import Settings
from tests.cli.conftest import Here

SECRET = "xoxb-1-s3cret"


def read(folder: Path, text: str | bytes) -> dict[str, str]:
    file = folder / "agw.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return dict(environment(argparse.Namespace(config=str(file))))


def test_every_kind_of_value_is_a_setting(tmp_path: Path) -> None:
    text = f"""
        SLACK_BOT_TOKEN = "{SECRET}"
        AGW_APPROVERS = ["U1", "S2"]
        AGW_READ_ONLY = true
        AGW_ALLOW_GUESTS = false
        AGW_APPROVAL_TTL = 60
        """
    settings = Settings.from_environment(read(tmp_path, text))
    assert settings.slack_bot_token == SECRET
    assert settings.approvers == ("U1", "S2")
    assert (settings.read_only, settings.allow_guests) == (True, False)
    assert settings.approval_ttl.total_seconds() == 60


def test_the_environment_wins_unless_it_is_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGW_APPROVERS", "U9")
    monkeypatch.setenv("AGW_REPORT_CHANNELS", " ")
    found = read(tmp_path, 'AGW_APPROVERS = ["U1"]\nAGW_REPORT_CHANNELS = "C1"')
    assert (found["AGW_APPROVERS"], found["AGW_REPORT_CHANNELS"]) == ("U9", "C1")


WRONG = [
    (b"\xff", "is not UTF-8", "Example"),
    ("AGW_APPROVERS = U1", "is no TOML: see line 1", "Example"),
    ('AGW_APPROVERS = "U1', "is no TOML: see end of document", "Example"),
    ("[AGW_APPROVERS]\nx = 1", "in AGW_APPROVERS", "Example"),
    ("AGW_APPROVERS = [true]", "in AGW_APPROVERS", "Example"),
    ("AGW_APPROVERS = [1.5]", "in AGW_APPROVERS", "Example"),
    (f'AGW_APROVERS = "{SECRET}"', "AGW_APROVERS", "Did you mean AGW_APPROVERS?"),
    ('AZURE_CLIENT_ID = "x"', "AZURE_CLIENT_ID", "from the environment only"),
    ("#" + "x" * MOST + "\nAGW_READ_ONLY = true", "is longer than 256 KiB", "Example"),
    ("AGW_APPROVERS = " + "[" * 5000, "is nested too deep", "Example"),
    ("Q = 1", "which is no setting", "docs/settings.md has all that there are."),
]


@pytest.mark.parametrize(("text", "words", "hint"), WRONG, ids=[it[1] for it in WRONG])
def test_what_is_wrong_is_said_without_a_value(
    tmp_path: Path, text: str | bytes, words: str, hint: str
) -> None:
    with pytest.raises(Problem) as raised:
        read(tmp_path, text)
    assert raised.value.code == "bad_config"
    assert words in raised.value.message
    assert hint in raised.value.hint
    assert "s3cret" not in str(raised.value)


async def test_commands_take_it_and_name_a_file_that_is_not_there(
    tmp_path: Path, here: Here
) -> None:
    file = tmp_path / "agw.toml"
    ran = await here({}, "audit", "--config", str(file))
    assert ran.code == 2
    assert ran.is_one_sentence()
    assert "cannot be read: No such file or directory" in ran.err
    file.write_text(f'AGW_DATABASE_URL = "sqlite:///{tmp_path / "agw.db"}"')
    ran = await here({}, "audit", "--config", str(file))
    assert f"There is no database file {tmp_path / 'agw.db'}" in ran.err
