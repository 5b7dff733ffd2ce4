"""`agw lab`: the list, the whole story by itself, and a story that does not end as it should."""

import asyncio
import json
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
from tests.children import ROOT
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
        while "agw lab --env" not in said:
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
    (tmp_path / "agw").touch(0o755)
    assert hint("http://127.0.0.1:8503/") == 'eval "$(agw lab --env --port 8503)"'
