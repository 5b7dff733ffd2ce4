"""A whole diagnosis against what it has to wait for, where every round trip takes 20 ms.

It has to wait for Azure's answers that the next step needs, and for the slowest chain of looks at one server, since no
server gets two connections at a time. Everything else is the bot's own.
"""

import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from statistics import median

from bot.azure import ResourceManager
from bot.cli.wiring import now
from bot.core.model.certificate import Certificate
from bot.core.model.observation import Attempt, Observation
from bot.probe import NetworkProber
from bot.workflow import Policy
from bot.workflow.diagnosing import Diagnostician
from tests.azure.wild import Reply, Request, answer, raw, wild_server
from tests.bench import large
from tests.bench.children import servers, until_asked
from tests.bench.measure import Ratio, seconds
from tests.probe.servers import over_tls, serving, tls_context

ROUND_TRIP = 0.02
LISTENER = 1
ROUNDS, FEWER = 3, 1
MANY = 500
"""Rounds, and from how many servers on there are fewer, since each takes seconds."""

HEALTHY = ((1, 1.15), (20, 1.15), (100, 1.15), (500, 1.5), (1_200, 1.5))
FAULTY = ((1, 1.25), (20, 1.25), (100, 1.25), (500, 2.0), (1_200, 2.0))
"""Servers, and how many times what must be waited for a diagnosis may take."""


async def what_must_be_waited_for() -> list[Ratio]:
    """All servers healthy, then all of them faulty."""
    found = []
    for word, cases in (("healthy", HEALTHY), ("faulty", FAULTY)):
        for count, goal in cases:
            async with servers("tests.bench.waiting", word, str(count)) as (arm, backend):
                took, cpu, waited = await _diagnosed(arm, backend, count)
            what = f"diagnosis of {count:,} {word} servers, against what must be waited for"
            found.append(Ratio(what, took, waited, goal))
            found.append(Ratio("  of that CPU, which a busy machine does not change", cpu, waited))
    return found


class _Chains(NetworkProber):
    """Adds up how long the slowest chain of looks at one server has to take."""

    waited = 0.0

    async def observe(
        self,
        attempts: Sequence[Attempt],
        anchors: Iterable[Certificate],
        timeout: float,
        done: Callable[[Observation], None] | None = None,
    ) -> tuple[Observation, ...]:
        chains: Counter[str] = Counter()
        for it in dict.fromkeys(attempts):
            chains[it.server] += 1 + (it.path is not None)
        self.waited += max(chains.values(), default=0) * ROUND_TRIP
        return await super().observe(attempts, anchors, timeout, done)


async def _diagnosed(arm: str, backend: int, count: int) -> tuple[float, float, float]:
    """Seconds for one diagnosis, those of CPU, and what of it must be waited for."""
    ways = {(large.address(it), 443): ("127.0.0.1", backend) for it in range(count)}
    prober = _Chains(ways, loopback_only=True)
    manager = ResourceManager(arm)
    waits: list[float] = []
    worked: list[float] = []

    async def diagnose() -> None:
        prober.waited = 0.0
        began = time.process_time()
        await Diagnostician(manager, prober, Policy(timeout=120), now).examine(large.ID)
        worked.append(time.process_time() - began)
        # The gateway first; then health is asked for twice, while the looks begin.
        waits.append(ROUND_TRIP + max(prober.waited, 2 * ROUND_TRIP))

    try:
        took = await seconds(diagnose, FEWER if count >= MANY else ROUNDS)
        return took, median(worked), waits[-1]
    finally:
        await manager.close()


@asynccontextmanager
async def _far_away(port: int) -> AsyncIterator[int]:
    """The same server, a round trip away: what a client sends arrives that much later."""

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        with suppress(OSError):
            await asyncio.gather(
                _pump(reader, back, ROUND_TRIP), _pump(there, writer), return_exceptions=True
            )

    async with await asyncio.start_server(relay, "127.0.0.1", 0, backlog=1_024) as server:
        yield server.sockets[0].getsockname()[1]


async def _pump(
    source: asyncio.StreamReader, sink: asyncio.StreamWriter, late: float = 0.0
) -> None:
    try:
        while data := await source.read(65_536):
            await asyncio.sleep(late)
            sink.write(data)
            await sink.drain()
    finally:
        sink.close()


async def _serve(word: str, count: int) -> None:
    document = large.gateway(count, LISTENER)
    healthy = word == "healthy"
    report = large.health(
        document,
        word="Healthy" if healthy else "Unhealthy",
        log="Success. Received 200 status code"
        if healthy
        else "Received invalid status code: 404 in the backend server's HTTP response.",
    )

    def reply(request: Request) -> Reply:
        path = request.target.partition("?")[0].lower()
        if path.endswith("/backendhealth"):
            later = f"http://{request.headers['host']}{large.ID}/report"
            return raw(202, b"null", Location=later)
        if path.endswith("/report"):
            return answer(200, report)
        if path == large.ID.lower():
            return answer(200, document)
        return answer(404, {"error": {"code": "ResourceNotFound", "message": "not there"}})

    status = b"200 OK" if healthy else b"404 Not Found"
    page = b"HTTP/1.1 " + status + b"\r\nContent-Length: 2\r\n\r\nok"
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        context = tls_context(folder, (large.site_certificate(0), large.root()))
        backend = await stack.enter_async_context(serving(over_tls(context, page)))
        arm = await stack.enter_async_context(wild_server(reply))
        far_arm = await stack.enter_async_context(_far_away(int(arm.url.rpartition(":")[2])))
        far_backend = await stack.enter_async_context(_far_away(backend.port))
        await until_asked([f"http://127.0.0.1:{far_arm}", far_backend])


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], int(sys.argv[2])))
