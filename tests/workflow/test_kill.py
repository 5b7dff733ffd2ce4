"""kill -9 at any moment of a change, then a restart: the change goes on, with exactly one PUT in all."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.core.changes.remark_text import outcome_text
from bot.lab.azure import AzureEvent, Down, Fault, IgnoreIfMatch, NeverEnd, all_healthy
from bot.lab.azure.faults import BACKEND_HEALTH, OPERATION_STATUS, READ, WRITE
from bot.lab.scenarios import scenario as named
from tests.children import Child, start
from tests.workflow.conftest import Scene, codes, open_scene

MOMENTS = {"approved": "backend", "writing": "write", "written": "azure", "verifying": "health"}
"""The state in which the change is when a step begins."""

HELD_UP = {
    "approved": Fault(Down(), READ),
    "written": Fault(Down(), OPERATION_STATUS),
    "verifying": Fault(NeverEnd(), BACKEND_HEALTH),
}
"""What keeps it in that state until it is killed; after `writing` is only the PUT."""


@asynccontextmanager
async def prepared(tmp_path: Path) -> AsyncIterator[tuple[Scene, str]]:
    """A scene in which the recommended change is approved, and nothing of it done yet."""
    async with asyncio.timeout(110), open_scene(named("ilb-ase"), tmp_path) as scene:
        change = await scene.approved()
        yield scene, change.id


async def started(scene: Scene) -> Child:
    """A process that goes on with the change."""
    mapped = ",".join(
        f"{host}:{port}={to}:{real}"
        for (host, port), (to, real) in scene.backends.connect_to.items()
    )
    return await start("tests.workflow.worker", scene.azure.url, scene.database.url, mapped)


async def finished(scene: Scene, change_id: str) -> None:
    """Start anew, let it end, and look at what there is."""
    again = await started(scene)
    _, err = await again.communicate()
    assert (again.returncode, err) == (0, b"")
    change = await scene.workflow.store.change(change_id)
    assert change is not None
    if scene.puts == 0:
        # It was meant to be sent, and whoever finds that only looks.
        assert (change.state, codes(change)) == ("failed", ["not_carried_out"])
        return
    assert change.state == "healthy", outcome_text(change)
    assert scene.puts == 1
    await scene.azure.wait_health(scene.gateway, all_healthy)


@pytest.mark.parametrize("state", MOMENTS)
async def test_killed_in_a_state(state: str, tmp_path: Path) -> None:
    async with prepared(tmp_path) as (scene, change_id):
        if state in HELD_UP:
            scene.azure.set_fault(HELD_UP[state])
        process = await started(scene)
        async for line in process.stdout:
            if line.decode().strip() == f"{MOMENTS[state]} running":
                process.kill()
                break
        assert await process.wait() == -signal.SIGKILL
        await scene.database.all_run_out()
        scene.azure.clear_faults()
        await finished(scene, change_id)


async def test_killed_when_azure_has_carried_it_out_and_before_anybody_knows(
    tmp_path: Path,
) -> None:
    async with prepared(tmp_path) as (scene, change_id):
        process = await started(scene)

        def look(event: AzureEvent) -> None:
            if event.request is not None and event.request.method == "PUT":
                process.kill()

        stop = scene.azure.subscribe(look)
        await process.stdout.read()
        stop()
        assert await process.wait() == -signal.SIGKILL
        await scene.database.all_run_out()
        await finished(scene, change_id)
        assert scene.puts == 1


async def test_a_life_that_was_stopped_before_the_put_sends_nothing_when_it_wakes(
    tmp_path: Path,
) -> None:
    """The lease runs out meanwhile, and another life has closed the change; Azure ignores If-Match."""
    async with prepared(tmp_path) as (scene, change_id):
        scene.azure.set_fault(Fault(IgnoreIfMatch(), action=WRITE))
        sleeper = await started(scene)
        async for line in sleeper.stdout:
            if line.decode().strip() == "write running":
                sleeper.send_signal(signal.SIGSTOP)
                break
        await finished(scene, change_id)
        sleeper.send_signal(signal.SIGCONT)
        await sleeper.wait()
        assert scene.puts <= 1
        change = await scene.workflow.store.change(change_id)
        assert change is not None
        assert (codes(change) == ["not_carried_out"]) == (scene.puts == 0)
