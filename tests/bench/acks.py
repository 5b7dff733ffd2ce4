"""How soon 200 commands at once are acknowledged while 1,200 servers are judged, against bare Bolt under the same load.

Each bot is a process of its own and judges the same case over and over, in the thread in which a diagnosis does; Slack
and whoever types are in this one. Slack waits three seconds for an acknowledgement
(https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response).
"""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from statistics import median

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.aside import run_in
from bot.cli.garbage import look_seldom
from bot.cli.serving import give_way, keep_for_good
from bot.cli.shell import open_bot
from bot.lab.scenarios import scenario as named
from bot.lab.world import CHANNEL, World, open_world
from bot.settings import Settings
from bot.workflow.diagnosing import JUDGING
from tests.bench import judging
from tests.bench.children import ended
from tests.bench.measure import Ratio
from tests.bench.serving import ADA
from tests.core.make import document, v2_settings

AT_ONCE = 200
ROUNDS = 10
MOST = 1.5
READY = b"ready\n"


async def acknowledged() -> list[Ratio]:
    """The slowest of 100, and the usual one."""
    ours, bare = await _all("agw"), await _all("bolt")
    what = f"acknowledgement of {AT_ONCE} commands at once while 1,200 servers are judged"
    return [
        Ratio(f"{what}, p99, against bare Bolt", _p99(ours), _p99(bare), MOST),
        Ratio("  p50", median(ours), median(bare)),
    ]


def _p99(took: list[float]) -> float:
    return sorted(took)[len(took) * 99 // 100 - 1]


async def _all(which: str) -> list[float]:
    """Seconds of each acknowledgement, after one round that does not count."""
    took: list[float] = []
    async with open_world(named("ilb-ase")) as world, _bot(which, world):
        for number in range(ROUNDS + 1):
            found = await asyncio.gather(*(_one(world) for _ in range(AT_ONCE)))
            took += found if number else []
    return took


async def _one(world: World) -> float:
    began = time.perf_counter()
    await world.slack.command(ADA, CHANNEL, "/agw version")
    return time.perf_counter() - began


@asynccontextmanager
async def _bot(which: str, world: World) -> AsyncIterator[None]:
    environment = {"PATH": os.environ["PATH"], "HOME": os.devnull, **world.environment}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.acks", which),
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        assert await process.stdout.readline() == READY
        await world.slack.wait_connected()
        yield
    finally:
        await ended(process)


async def _judge() -> None:
    """The same 1,200 servers with a status that the probe does not take, again and again."""
    servers = tuple(f"10.2.{it // 250}.{it % 250 + 1}" for it in range(judging.LARGE))
    base = document(
        tier="Standard_v2", servers=servers, backendHttpSettingsCollection=[v2_settings()]
    )
    while True:
        looked = await run_in(JUDGING, judging.looked_at, base, "status")
        await run_in(JUDGING, judging.everything, looked, base)


async def _agw(environment: Mapping[str, str]) -> None:
    async with open_bot(Settings.from_environment(environment)):
        look_seldom()
        keep_for_good()
        give_way()
        await _under_load()


async def _bolt(environment: Mapping[str, str]) -> None:
    client = AsyncWebClient(
        token=environment["SLACK_BOT_TOKEN"], base_url=environment["SLACK_API_URL"]
    )
    app = AsyncApp(client=client)

    async def agw(ack: AsyncAck) -> None:
        await ack()

    app.command("/agw")(agw)
    await AsyncSocketModeHandler(app, environment["SLACK_APP_TOKEN"]).connect_async()
    await _under_load()


async def _under_load() -> None:
    loading = asyncio.create_task(_judge())
    print(READY.decode(), end="", flush=True)
    await loading


if __name__ == "__main__":
    asyncio.run({"agw": _agw, "bolt": _bolt}[sys.argv[1]](os.environ))
