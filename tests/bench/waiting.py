"""A whole diagnosis against what it has to wait for, where every round trip takes 20 ms.

It has to wait for Azure's answers that the next step needs, and for the slowest chain of looks at one server, since no
server gets two connections at a time. Everything else is the bot's own, and what its connections cost OpenSSL: a client
in C that makes the same ones from the same servers, and nothing else, shows how near to the wait one thread on this
machine may come, and two of them how near two. All take turns, so that a busy machine slows each. The servers are in C
as well, since they share the machine.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from aiohttp import web

from bot.azure import ResourceManager
from bot.cli.garbage import look_seldom
from bot.cli.serving import keep_for_good
from bot.cli.wiring import now
from bot.core.model.certificate import Certificate
from bot.core.model.observation import Attempt, NotTried, Observation
from bot.probe import NetworkProber
from bot.workflow import Policy
from bot.workflow.diagnosing import Diagnostician
from tests.bench import large
from tests.bench.children import ended, servers, until_asked
from tests.bench.client import Connected, connected, write_roots
from tests.bench.compiled import NoCompiler, compiled
from tests.bench.measure import Ratio

ROUND_TRIP = 0.02
LISTENER = 1
ROUNDS = 3

HEALTHY = ((1, 1.15), (20, 1.15), (100, 1.15), (500, 1.5), (1_200, 1.5))
FAULTY = ((1, 1.25), (20, 1.25), (100, 1.25), (500, 2.0), (1_200, 2.0))
"""Servers, and how many times what must be waited for a diagnosis may take."""

STATUS = {"healthy": "200 OK", "faulty": "404 Not Found"}


async def what_must_be_waited_for() -> list[Ratio]:
    """All servers healthy, then all of them faulty."""
    found: list[Ratio] = []
    look_seldom()  # As `agw serve` does.
    keep_for_good()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            client, server = compiled(folder, "client"), compiled(folder, "server")
        except NoCompiler as why:
            print(f"diagnosis against what must be waited for: left out, {why}")
            return []
        for word, cases in (("healthy", HEALTHY), ("faulty", FAULTY)):
            for count, goal in cases:
                async with AsyncExitStack() as stack:
                    there = servers("tests.bench.waiting", word, str(count))
                    arm, *keys = await stack.enter_async_context(there)
                    far = far_servers(folder, server, STATUS[word], *keys)
                    port = await stack.enter_async_context(far)
                    taken = await _in_turns(arm, port, count, client, folder / "roots.pem")
                found += taken.lines(f"diagnosis of {count:,} {word} servers", goal)
    return found


@dataclass(slots=True)
class _Taken:
    """Seconds of each round: what must be waited for, what a diagnosis took, its CPU; those of the client in C.

    `least_of_two`: of two of them at once, each with half of the connections.
    """

    waited: list[float] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    least: list[float] = field(default_factory=list)
    least_cpu: list[float] = field(default_factory=list)
    least_of_two: list[float] = field(default_factory=list)

    def lines(self, what: str, goal: float) -> list[Ratio]:
        waited, took, cpu = median(self.waited), median(self.took), median(self.cpu)
        least, least_cpu = median(self.least), median(self.least_cpu)
        of_two = median(self.least_of_two)
        return [
            Ratio(f"{what}, against what must be waited for", took, waited, goal),
            Ratio("  the floor: a client in C that makes its connections", least, waited),
            Ratio("  two of them at once, each with half of the connections", of_two, waited),
            Ratio("  the diagnosis against the floor of one", took, least, goal),
            Ratio("  its CPU, which a busy machine does not change, against C's", cpu, least_cpu),
        ]


class _Chains(NetworkProber):
    """Adds up how long the slowest chain of looks at one server has to take, and remembers the connections."""

    waited = 0.0
    made: list[list[int]]

    async def observe(
        self,
        attempts: Sequence[Attempt],
        anchors: Iterable[Certificate],
        timeout: float,
        done: Callable[[Observation], None] | None = None,
    ) -> tuple[Observation, ...]:
        seen = await super().observe(attempts, anchors, timeout, done)
        trips: Counter[str] = Counter()
        chains: Counter[str] = Counter()
        for it in {each.attempt: each for each in seen}.values():
            if not isinstance(it.outcome, NotTried):
                # For the connection, for the handshake, and for the request.
                trips[it.attempt.server] += 2 + (it.attempt.path is not None)
                chains[it.attempt.server] += 1
        self.waited += max(trips.values(), default=0) * ROUND_TRIP
        if chains:
            longest = max(chains.values())
            # First one to each server, then a second to those that get two, and so on.
            self.made.append([sum(it > n for it in chains.values()) for n in range(longest)])
        return seen


async def _in_turns(arm: str, port: int, count: int, client: Path, roots: Path) -> _Taken:
    """Diagnoses and the same connections by the client in C, after one diagnosis that does not count."""
    ways = {(large.address(it), 443): ("127.0.0.1", port) for it in range(count)}
    prober = _Chains(ways, loopback_only=True)
    manager = ResourceManager(arm)
    taken = _Taken()
    try:
        for number in range(ROUNDS + 1):
            prober.waited, prober.made = 0.0, []
            began, worked = time.perf_counter(), time.process_time()
            await Diagnostician(manager, prober, Policy(timeout=120), now).examine(large.ID)
            took, cpu = time.perf_counter() - began, time.process_time() - worked
            if number:
                taken.took.append(took)
                taken.cpu.append(cpu)
                # The gateway first; then health is asked for twice, while the looks begin.
                taken.waited.append(_waited([prober.waited]))
                await _by_client(taken, client, port, roots, prober.made)
    finally:
        await manager.close()
    return taken


async def _by_client(
    taken: _Taken, client: Path, port: int, roots: Path, made: list[list[int]]
) -> None:
    async def look(counts: list[int]) -> Connected:
        return await connected(client, port, roots, counts, with_http=True)

    looks = [await look(counts) for counts in made]
    taken.least.append(_waited(it.took for it in looks))
    taken.least_cpu.append(sum(it.cpu for it in looks))
    both = [await asyncio.gather(*map(look, _halves(counts))) for counts in made]
    taken.least_of_two.append(_waited(max(it.took for it in each) for each in both))


def _waited(looks: Iterable[float]) -> float:
    first, *later = looks
    return ROUND_TRIP + max(2 * ROUND_TRIP, first) + sum(later)


def _halves(counts: list[int]) -> list[list[int]]:
    """The same connections for two clients; one where there is but one server."""
    shared = [[it // 2 for it in counts], [it - it // 2 for it in counts]]
    return [it for it in shared if it[0]]


@asynccontextmanager
async def far_servers(
    folder: Path, program: Path, status: str, root_pem: str, leaf_pem: str, key_pem: str
) -> AsyncIterator[int]:
    """The port of a server in C, a round trip away, that gives every request that status."""
    chain, key = folder / "chain.pem", folder / "key.pem"
    await asyncio.to_thread(write_roots, folder / "roots.pem", root_pem)
    chain.write_text(leaf_pem + root_pem)
    key.write_text(key_pem)
    process = await asyncio.create_subprocess_exec(
        *(str(program), str(chain), str(key), status, f"{ROUND_TRIP * 1000:.0f}"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        yield int(await process.stdout.readline())
    finally:
        await ended(process)


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
    """Azure, whose answers are there before they are asked for, on connections that last; and the keys for them."""
    shown = (large.root().pem, large.site_certificate(0).pem, large.site_certificate(0).key_pem)
    document = large.gateway(count, LISTENER)
    healthy = word == "healthy"
    report = large.health(
        document,
        word="Healthy" if healthy else "Unhealthy",
        log="Success. Received 200 status code"
        if healthy
        else "Received invalid status code: 404 in the backend server's HTTP response.",
    )
    gateway, health = json.dumps(document), json.dumps(report)
    nothing = json.dumps({"error": {"code": "ResourceNotFound", "message": "not there"}})

    async def reply(request: web.Request) -> web.Response:
        path = request.path.lower()
        if path.endswith("/backendhealth"):
            later = f"http://{request.host}{large.ID}/report"
            return web.json_response(status=202, headers={"Location": later})
        if path.endswith("/report"):
            return web.json_response(text=health)
        if path == large.ID.lower():
            return web.json_response(text=gateway)
        return web.json_response(text=nothing, status=404)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", reply)
    async with AsyncExitStack() as stack:
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        far_arm = await stack.enter_async_context(_far_away(runner.addresses[0][1]))
        await until_asked([f"http://127.0.0.1:{far_arm}", *(it.decode() for it in shown)])


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], int(sys.argv[2])))
