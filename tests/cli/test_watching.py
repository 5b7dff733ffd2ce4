"""`agw diagnose --watch`: until it is healthy or somebody ends it; what changed is told, and the last look counts."""

import asyncio
import signal
import threading
from collections.abc import Iterable
from dataclasses import replace

import pytest

from bot.cli.watching import Last, watch
from bot.core.problem import Problem
from bot.core.report.report import Report
from bot.lab.azure import any_unhealthy
from bot.lab.values import Json
from bot.lab.world import World
from tests.cli import schema
from tests.cli.conftest import Here
from tests.cli.running import started, world_of
from tests.core.report.test_code_handout import report

FAULT = report()
TURNED = replace(FAULT, suffering="Some clients get 502.")
HEALTHY = replace(FAULT, verdict="healthy", findings=(), looked_at=None)
AWAY = Problem("unreachable", "Azure cannot be reached.", "Check the network.")


class Watched:
    """A watch over looks that end one after the other as is said."""

    def __init__(self, *looks: Last) -> None:
        self._looks = list(looks)
        self.told: list[list[str]] = []
        self.paused: list[Last] = []

    async def look(self) -> Report:
        last = self._looks.pop(0)
        if isinstance(last, Problem):
            raise last
        return last

    async def pause(self, last: Last) -> None:
        self.paused.append(last)
        if not self._looks:
            raise asyncio.CancelledError

    def tell(self, changes: Iterable[str]) -> None:
        self.told.append([*changes])

    async def run(self) -> Last:
        return await watch(self.look, await self.look(), self.pause, self.tell)


async def test_it_ends_when_the_gateway_is_healthy() -> None:
    watched = Watched(FAULT, FAULT, TURNED, HEALTHY, FAULT)
    assert await watched.run() is HEALTHY
    assert watched.paused == [FAULT, FAULT, TURNED]
    same, turned, healed = watched.told
    assert same == []
    assert turned == ["Some clients get 502."]
    assert healed[0] == "Verdict: healthy (was: fault found)."


async def test_a_gateway_that_is_healthy_at_once_is_not_looked_at_again() -> None:
    watched = Watched(HEALTHY, FAULT)
    assert await watched.run() is HEALTHY
    assert watched.paused == []


async def test_ctrl_c_ends_it_with_the_last_look() -> None:
    assert await Watched(FAULT, TURNED).run() is TURNED


async def test_a_look_that_fails_is_told_once_and_the_next_is_compared_with_the_last_report() -> (
    None
):
    watched = Watched(FAULT, AWAY, AWAY, HEALTHY)
    assert await watched.run() is HEALTHY
    failed, healed = watched.told
    assert failed == ["Could not look: Azure cannot be reached. Check the network."]
    assert healed[0] == "Verdict: healthy (was: fault found)."
    assert await Watched(FAULT, AWAY).run() is AWAY


async def test_a_person_sees_the_repair_and_the_command_ends_healthy(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world_of("stopped") as world:
        name = world.scenario.expected.gateway
        waits, repaired = threading.Event(), threading.Event()

        async def until_repaired(_: float) -> None:
            waits.set()
            await asyncio.to_thread(repaired.wait)

        monkeypatch.setattr("bot.cli.diagnose.sleep", until_repaired)
        running = asyncio.ensure_future(here(world.environment, "diagnose", name, "--watch"))
        await asyncio.to_thread(waits.wait)

        def start(document: Json) -> None:
            document["properties"]["operationalState"] = "Running"

        world.azure.edit(name, start)
        repaired.set()
        ran = await running
    assert ran.code == 0, ran.out + ran.err
    assert ran.out.startswith("FAULT FOUND  ")
    assert "  The gateway is Running (was: Stopped).\n" in ran.out
    assert "\nHEALTHY  " in ran.out


async def test_ctrl_c_gives_the_exit_code_of_the_last_look_and_no_traceback(world: World) -> None:
    settings = world.environment
    async with started(settings, "diagnose", "agw-test", "--watch", anew=True) as process:
        assert process.stdout is not None
        said = ""
        while "agw explain" not in said:
            line = await process.stdout.readline()
            assert line, said
            said += line.decode()
        process.send_signal(signal.SIGINT)
        out, err = await process.communicate()
    assert (process.returncode, out, err) == (1, b"", b"")


async def test_what_did_not_change_is_not_printed_again(
    world: World, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses = iter(range(2))

    async def ended(_: float) -> None:
        if next(pauses):
            raise asyncio.CancelledError

    monkeypatch.setattr("bot.cli.diagnose.sleep", ended)
    await world.azure.wait_health("agw-test", any_unhealthy)
    ran = await here(world.environment, "diagnose", "agw-test", "--watch")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.count("FAULT") == 1
    assert ran.out.endswith("agw explain certificate_not_allow_listed\n")


async def test_as_json_it_is_one_document_of_the_last_look(
    world: World, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ended(_: float) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr("bot.cli.diagnose.sleep", ended)
    ran = await here(world.environment, "diagnose", "agw-test", "--watch", "--json")
    assert (ran.code, ran.err) == (1, "")
    schema.check(ran.document)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("agw-test", "--watch", "9"), ("10 to 3600 seconds", "throttles")),
        (("agw-test", "--watch", "nan"), ("10 to 3600 seconds",)),
        (("--watch", "agw-test"), ("'agw-test' is no number of seconds", "before --watch")),
    ],
)
async def test_an_interval_that_is_none_or_too_short(
    arguments: tuple[str, ...], words: tuple[str, ...], here: Here
) -> None:
    ran = await here({}, "diagnose", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.is_one_sentence()
    assert all(it in ran.err for it in words), ran.err
