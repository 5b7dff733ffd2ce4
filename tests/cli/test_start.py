"""What holds for every command: help, what is imported, signals, a bot that cannot start."""

import json
import signal
import subprocess
import sys
from importlib.metadata import entry_points

import pytest

from bot.lab.world import World
from tests.children import ROOT
from tests.cli.conftest import Here
from tests.cli.running import agw, environment, started

COMMANDS = ("diagnose", "serve", "lab", "check", "audit")
HEAVY = ("aiohttp", "azure", "cryptography", "slack_bolt", "slack_sdk")


def imported_by(*arguments: str) -> set[str]:
    """The top-level packages that a command has imported when it ends."""
    code = (
        "import contextlib, io, json, sys\n"
        "from bot.cli import main\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):\n"
        f"    main({list(arguments)!r})\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment({}), capture_output=True, check=True
    )
    return set(json.loads(ran.stdout))


@pytest.mark.parametrize("arguments", [("--help",), ("diagnose", "--help")])
def test_help_imports_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert imported_by(*arguments).isdisjoint(HEAVY)


def test_the_test_above_can_fail() -> None:
    assert not imported_by("lab", "--list").isdisjoint(HEAVY)


def test_reading_the_audit_log_needs_neither_azure_nor_slack() -> None:
    assert imported_by("audit").isdisjoint(("azure", "slack_bolt", "slack_sdk"))


async def test_help_names_every_command() -> None:
    ran = await agw({}, "--help", anew=True)
    assert (ran.code, ran.err) == (0, "")
    assert all(f"\n    {name} " in ran.out for name in COMMANDS)


def test_agw_is_python_m_bot() -> None:
    (script,) = entry_points(group="console_scripts", name="agw")
    assert script.value == "bot.cli:main"


@pytest.mark.parametrize(
    "arguments", [(), ("repair",), ("audit", "--format", "xml"), ("check", "x")]
)
async def test_bad_use(arguments: tuple[str, ...], here: Here) -> None:
    ran = await here({}, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.is_one_sentence()
    assert "--help" in ran.err


async def test_the_bot_ends_on_sigterm(world: World) -> None:
    async with started(world.environment, "serve", anew=True) as process:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"agw is connected to Slack.\n"
        process.send_signal(signal.SIGTERM)
        out, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert out == b""


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, ("SLACK_BOT_TOKEN", "invalid_auth")),
        ({"SLACK_BOT_TOKEN": ""}, ("SLACK_BOT_TOKEN is not set",)),
        ({"SLACK_APP_TOKEN": "xapp-wrong"}, ("SLACK_APP_TOKEN", "invalid_auth")),
        ({"SLACK_APP_TOKEN": ""}, ("SLACK_SIGNING_SECRET",)),
        ({"SLACK_API_URL": "http://127.0.0.1:9/api/"}, ("Slack cannot be reached",)),
        ({"SLACK_API_URL": "http://slack.example/api/"}, ("SLACK_API_URL", "https")),
        ({"AGW_APPROVERS": "@netops"}, ("AGW_APPROVERS", "U012ABCDEF")),
        ({"AGW_DATABASE_URL": "postgresql://agw:xoxb-wrong@db.example/agw"}, ("SQLite",)),
    ],
)
async def test_a_bot_that_cannot_start_says_why_in_one_sentence(
    changed: dict[str, str], words: tuple[str, ...], world: World
) -> None:
    ran = await agw({**world.environment, **changed}, "serve")
    assert (ran.code, ran.out) == (2, "")
    assert ran.is_one_sentence(), ran.err
    assert all(word in ran.err for word in words), ran.err
    assert "xoxb-wrong" not in ran.err


async def test_a_traceback_only_when_asked_for(world: World) -> None:
    odd = {**world.environment, "AGW_PUBLIC_CA_FILE": "/dev/null/roots.pem"}
    ran = await agw(odd, "diagnose", "agw-test", "--json")
    assert (ran.code, ran.is_one_sentence()) == (2, True), ran.err
