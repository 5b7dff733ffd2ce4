"""kill -9 at any moment of a change, then a restart: the change goes on, with exactly one PUT in all."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.core.changes.remark_text import told
from bot.lab.azure import AzureEvent, all_healthy
from bot.lab.scenarios import scenario as named
from tests.children import Child, start
from tests.workflow.conftest import Scene, open_scene

STEPS = [
    f"{step} {state}"
    for step in ("backend", "write", "azure", "compare", "health", "diagnose")
    for state in ("running", "done")
    if (step, state) != ("compare", "running")
]


@asynccontextmanager
async def prepared(tmp_path: Path) -> AsyncIterator[tuple[Scene, str]]:
    """A scene in which the recommended change is approved, and nothing of it done yet."""
    async with asyncio.timeout(110), open_scene(named("ilb-ase"), tmp_path) as scene:
        change = await scene.approved()
        yield scene, change.id


async def started(scene: Scene, folder: Path) -> Child:
    """A process that goes on with the change."""
    mapped = ",".join(
        f"{host}:{port}={to}:{real}"
        for (host, port), (to, real) in scene.backends.connect_to.items()
    )
    store = f"sqlite:///{folder / 'agw.db'}"
    return await start("tests.workflow.worker", scene.azure.url, store, mapped)


async def finished(scene: Scene, folder: Path, change_id: str) -> None:
    """Start anew, let it end, and look at what there is."""
    again = await started(scene, folder)
    _, err = await again.communicate()
    assert (again.returncode, err) == (0, b"")
    change = await scene.workflow.store.change(change_id)
    assert change is not None
    assert change.state == "healthy", told(change)
    assert scene.puts == 1
    await scene.azure.wait_health(scene.gateway, all_healthy)


@pytest.mark.parametrize("moment", STEPS, ids=lambda it: it.replace(" ", "-"))
async def test_killed_at_a_step(moment: str, tmp_path: Path) -> None:
    async with prepared(tmp_path) as (scene, change_id):
        process = await started(scene, tmp_path)
        async for line in process.stdout:
            if line.decode().strip() == moment:
                process.kill()
                break
        assert await process.wait() == -signal.SIGKILL
        await finished(scene, tmp_path, change_id)


@pytest.mark.parametrize("count", range(1, 9))
async def test_killed_when_azure_has_just_handled_a_request(count: int, tmp_path: Path) -> None:
    """Among these are: the PUT carried out and its answer never read; the operation half-way."""
    async with prepared(tmp_path) as (scene, change_id):
        process = await started(scene, tmp_path)
        stop = scene.azure.subscribe(_after(count, process.kill))
        await process.stdout.read()
        stop()
        assert await process.wait() == -signal.SIGKILL
        await finished(scene, tmp_path, change_id)


def _after(count: int, then: Callable[[], None]) -> Callable[[AzureEvent], None]:
    seen = 0

    def look(event: AzureEvent) -> None:
        nonlocal seen
        if event.kind == "request":
            seen += 1
            if seen == count:
                then()

    return look
