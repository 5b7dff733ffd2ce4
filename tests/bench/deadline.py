"""A gateway with 1,200 servers that say nothing: the time is kept, and what was found by then is shown."""

import asyncio
import time

from bot.azure import ResourceManager
from bot.cli.wiring import now
from bot.probe import NetworkProber
from bot.workflow import Policy
from bot.workflow.connecting import MOST
from bot.workflow.diagnosing import Diagnostician
from tests.azure.wild import Reply, Request, answer, wild_server
from tests.bench import large
from tests.bench.children import servers, until_asked
from tests.bench.measure import Ratio
from tests.probe.servers import saying, serving

PATIENCE = 2.0
"""Seconds by which a command may exceed its time."""

TIMES = (4.0, 5.0)


async def kept_time() -> list[Ratio]:
    """How long a diagnosis takes that has so much time, and how many connections it makes."""
    async with servers("tests.bench.deadline") as (arm, backend):
        ways = {(large.address(it), 443): ("127.0.0.1", backend) for it in range(large.SERVERS)}
        prober = NetworkProber(ways, loopback_only=True)
        made = [await _within(it, arm, prober) for it in TIMES]
    return [it for each in made for it in each]


async def _within(seconds: float, arm: str, prober: NetworkProber) -> list[Ratio]:
    manager = ResourceManager(arm)
    began = time.perf_counter()
    try:
        found = await Diagnostician(manager, prober, Policy(timeout=seconds), now).examine(large.ID)
    finally:
        took = time.perf_counter() - began
        await manager.close()
    name = f"1,200 silent servers, {seconds:g} s"
    count = len(found.what_if.case.observations)
    return [
        Ratio(name, took, seconds + PATIENCE, goal=1),
        Ratio(f"{name}: connections", count, MOST, goal=1, unit="made"),
    ]


async def _serve() -> None:
    """In a process of its own: a Resource Manager and a server that takes connections and says nothing."""
    document = large.gateway(large.SERVERS, 1)
    report = large.health(document, word="Unhealthy", log="Cannot connect to backend server.")

    def reply(request: Request) -> Reply:
        path = request.target.partition("?")[0].lower()
        if path.endswith("/backendhealth"):
            return answer(200, report)
        if path == large.ID.lower():
            return answer(200, document)
        return answer(404, {"error": {"code": "ResourceNotFound", "message": "not there"}})

    async with wild_server(reply) as server, serving(saying(b"")) as backend:
        await until_asked([server.url, backend.port])


if __name__ == "__main__":
    asyncio.run(_serve())
