"""`agw lab`: the list, the whole story by itself, and a story that does not end as it should."""

import asyncio
import json
import shlex
import signal
import socket
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.cli import embedded
from bot.cli.lab import hint
from bot.lab.scenario import Expected
from bot.lab.scenarios import SCENARIOS, scenario
from bot.lab.slack import SlackWorkspace
from tests.children import ROOT, Child
from tests.cli import schema
from tests.cli.conftest import Here
from tests.cli.running import agw, environment, started
from tests.cli.tools import needs


async def test_the_list_names_every_scenario(here: Here) -> None:
    ran = await here({}, "lab", "--list")
    assert ran.code == 0
    assert [line.split()[0] for line in ran.out.splitlines()] == [it.name for it in SCENARIOS]
    assert all(it.title in ran.out for it in SCENARIOS)


@pytest.mark.parametrize(
    "name",
    [
        "ilb-ase",
        # The same story on another gateway.
        pytest.param("ilb-ase-v2", marks=pytest.mark.repeats),
        pytest.param("ilb-ase-v2-root", marks=pytest.mark.repeats),
        "refused",
        "pool-empty",
        "two-sites-two-faults",
        "healthy-redirects-only",
    ],
)
async def test_the_whole_story_by_itself(name: str, here: Here) -> None:
    """The first one as a person runs it, with all its pauses; in the others the clock leaps over them."""
    arguments = ("lab", "--play", "--scenario", name)
    as_a_person = name == "ilb-ase"
    ran = await (agw({}, *arguments) if as_a_person else here({}, *arguments, leaping=True))
    assert (ran.code, ran.err) == (0, ""), ran.out
    assert ran.out.endswith("== the story ended as the scenario says\n")
    assert ("exactly one PUT" in ran.out) == bool(scenario(name).expected.heals)


async def test_a_story_that_goes_another_way_ends_with_one(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = Expected("agw-test", "certificate_not_allow_listed", option=None)
    altered = replace(scenario("ilb-ase"), name="altered", expected=wrong)
    monkeypatch.setattr(embedded, "SCENARIOS", (*SCENARIOS, altered))
    ran = await here({}, "lab", "--play", "--scenario", "altered")
    assert ran.code == 1
    assert ran.err == (
        "agw: the story did not end as the scenario says: a change is offered although none would help\n"
    )


async def test_a_scenario_that_is_not_there(here: Here) -> None:
    ran = await here({}, "lab", "--scenario", "nowhere")
    assert (ran.code, ran.out) == (2, "")
    assert ran.is_one_sentence()
    assert "agw lab --list" in ran.err


async def test_every_other_command_speaks_to_the_running_lab_with_what_it_prints() -> None:
    needs("bash")
    async with asyncio.timeout(60), started({}, "lab", "--port", "0") as process:
        assert process.stdout is not None
        said = ""
        while "lab --env" not in said:
            line = await process.stdout.readline()
            assert line, said
            said += line.decode()
        port = said.rpartition("--port ")[2].partition(")")[0]
        ran = await agw({"AGW_READ_ONLY": "1"}, "lab", "--env", "--port", port)
        assert (ran.code, ran.err) == (0, "")
        shell = f'eval "$1"; exec "{sys.executable}" -m tests.cli.guarded diagnose agw-test --json'
        diagnosed = await asyncio.create_subprocess_exec(
            *("bash", "--norc", "-c", shell, "shell", ran.out),
            cwd=ROOT,
            env=environment({}),
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await diagnosed.communicate()
    assert diagnosed.returncode == 1
    schema.check(json.loads(out))


@pytest.mark.parametrize("over_http", [False, True], ids=["Socket Mode", "HTTP mode"])
async def test_a_bot_of_another_process_is_waited_for_with_settings_of_its_own(
    over_http: bool, unused_tcp_port: int
) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}/slack/events"
    http = ("--request-url", url) if over_http else ()
    async with asyncio.timeout(60), started({}, "lab", "--no-bot", "--port", "0", *http) as lab:
        said = await _until(lab, " serve\n")
        port = said.rpartition("--port ")[2].partition(")")[0]
        settings = exported((await agw({}, "lab", "--env", "--port", port)).out)
        door = f"127.0.0.1:{unused_tcp_port}"
        settings |= {"AGW_LISTEN": door, "AGW_LOG_FORMAT": "json"}
        async with started(settings, "serve") as bot:
            await _until(lab, "Evidence for agw-test")
            bot.send_signal(signal.SIGTERM)
            _, logged = await bot.communicate()
    assert any("diagnosed" in json.loads(it)["message"] for it in logged.splitlines())


async def _until(process: Child | asyncio.subprocess.Process, words: str) -> str:
    """What it prints, up to the line with those words."""
    assert process.stdout is not None
    said = ""
    while words not in said:
        line = await process.stdout.readline()
        assert line, said
        said += line.decode()
    return said


def exported(lines: str) -> dict[str, str]:
    """The settings of `export` lines, as a shell takes them."""
    pairs = (shlex.split(it)[1].partition("=") for it in lines.splitlines())
    return {name: value for name, _, value in pairs}


@pytest.mark.parametrize(
    "more", [("--play", "--no-bot"), ("--request-url", "http://127.0.0.1:3000/slack/events")]
)
async def test_what_needs_another_bot_is_told(more: tuple[str, ...], here: Here) -> None:
    ran = await here({}, "lab", *more)
    assert (ran.code, ran.out) == (2, "")
    assert ran.is_one_sentence()
    assert "--no-bot" in ran.err


async def test_the_settings_of_a_lab_are_quoted_for_a_shell(here: Here) -> None:
    odd = {"AGW_APPROVERS": "'; touch /tmp/x; '", "PATH": "/evil", "AGW_RATE": 7, "LD_PRELOAD": "x"}
    async with SlackWorkspace.open() as slack:
        slack.tell_environment(odd)  # type: ignore[arg-type]
        port = str(urlsplit(slack.page_url).port)
        ran = await here({}, "lab", "--env", "--port", port)
    assert ran.code == 0
    assert ran.out == """export AGW_APPROVERS=''"'"'; touch /tmp/x; '"'"''\n"""


async def test_a_lab_that_is_not_there_is_told_in_one_sentence(here: Here) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
    ran = await here({}, "lab", "--env", "--port", port)
    assert (ran.code, ran.out) == (2, "")
    assert ran.is_one_sentence()
    assert f"No lab answers on port {port}" in ran.err
    assert "agw lab" in ran.err


async def test_what_is_no_lab_gives_no_settings(here: Here) -> None:
    async with SlackWorkspace.open() as slack:
        port = str(urlsplit(slack.page_url).port)
        ran = await here({}, "lab", "--env", "--port", port)
    assert (ran.code, ran.out) == (2, "")
    assert "No lab answers" in ran.err


async def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        ran = await agw({}, "lab", "--port", str(port))
    assert (ran.code, ran.out) == (2, "")
    assert ran.is_one_sentence()
    assert f"port {port}" in ran.err


@pytest.mark.parametrize("port", ["-1", "65536", "web"])
async def test_a_port_that_does_not_exist(port: str, here: Here) -> None:
    ran = await here({}, "lab", f"--port={port}")
    assert (ran.code, ran.out) == (2, "")
    assert ran.is_one_sentence()


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
async def test_it_names_its_page_tells_the_story_and_closes_in_order(name: signal.Signals) -> None:
    anew = name is signal.SIGINT
    async with asyncio.timeout(60), started({}, "lab", "--port", "0", anew=anew) as process:
        assert process.stdout is not None
        said = ""
        while "agw-test: 10.1.5.11 does not serve" not in said:
            line = await process.stdout.readline()
            assert line, said
            said += line.decode()
        assert "The lab is open: http://127.0.0.1:" in said
        assert "502 from gateway agw-test" in said
        process.send_signal(name)
        _, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")


def test_from_a_checkout_the_hint_names_the_way_to_the_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.argv", [".venv/bin/agw", "lab"])
    monkeypatch.setenv("PATH", str(tmp_path))
    assert hint("http://127.0.0.1:8502/") == 'eval "$(.venv/bin/agw lab --env)"'
    monkeypatch.setattr("sys.argv", ["/src/bot/__main__.py", "lab"])
    assert hint("http://127.0.0.1:8502/") == f'eval "$({sys.executable} -m bot lab --env)"'
    (tmp_path / "agw").touch(0o755)
    assert hint("http://127.0.0.1:8503/") == 'eval "$(agw lab --env --port 8503)"'
