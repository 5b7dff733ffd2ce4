"""Many attempts at once: order, caps, deadlines, ways around, and what is never contacted."""

import asyncio
import ssl
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from bot.core.model.observation import (
    PUBLIC,
    Answered,
    Attempt,
    HandshakeFailed,
    NotConnected,
    NotTried,
    Observation,
    Response,
    Unresolved,
)
from bot.lab.backends import ANY_HOST, Backends, BackendSpec, Route
from bot.probe import NetworkProber
from bot.probe.address_resolver import AddressResolver
from bot.probe.probe_run import Lines, ProbeRun
from bot.probe.slices import Slices
from bot.probe.trust import Anchors, PublicRoots
from bot.probe.x509 import read_der
from tests.core.plainly import plainly
from tests.probe.asking import BACKEND, HOST, attempt, handshake, response
from tests.probe.conftest import Pki
from tests.probe.servers import Server, answering, over_tls, saying, serving, tls_context

T = TypeVar("T")

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


MANY = tuple(f"10.0.1.{n}" for n in range(200))


def through(server: Server, *, concurrency: int = 32) -> NetworkProber:
    """A prober that takes the test server for BACKEND and each of MANY, at 443 and 80."""
    ways = {(it, port): server.endpoint for it in (BACKEND, *MANY) for port in (443, 80)}
    return NetworkProber(ways, loopback_only=True, concurrency=concurrency)


async def test_the_result_is_in_the_order_of_the_attempts() -> None:
    async with serving(answering(OK)) as server:
        attempts = [attempt(tls=False, port=80, path=f"/{n}") for n in range(20)]
        attempts.insert(3, attempt(server="10.9.9.9"))
        found = await through(server).observe(attempts, [], 10)
    assert [observation.attempt for observation in found] == attempts
    assert isinstance(found[3].outcome, NotTried)
    assert all(observation.seconds >= 0 for observation in found)


async def test_equal_attempts_are_made_once_and_told_once() -> None:
    told: list[Observation] = []
    async with serving(answering(OK)) as server:
        same = attempt(tls=False, port=80)
        found = await through(server).observe([same, same, same], [], 10, told.append)
        assert server.opened == 1
    assert len(found) == 3
    assert set(found) == set(told)
    assert len(told) == 1


async def test_each_end_is_told_when_it_comes() -> None:
    told: asyncio.Queue[Observation] = asyncio.Queue()
    quick, slow = attempt(tls=False, port=80), attempt(tls=True, server=MANY[0])
    async with serving(answering(OK)) as server:
        # To this server a hello is a request that never ends.
        running = asyncio.create_task(
            through(server).observe([slow, quick], [], 30, told.put_nowait)
        )
        async with asyncio.timeout(10):
            first = await told.get()
        assert first.attempt == quick
        assert not running.done()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running


async def test_nothing_to_do() -> None:
    assert await NetworkProber({}, loopback_only=True).observe([], [], 1) == ()


async def test_200_at_once(pki: Pki) -> None:
    spec = BackendSpec(BACKEND, default=pki.site.path, routes=(Route(ANY_HOST),))
    async with Backends.open([spec]) as backends:
        (there,) = backends.connect_to.values()
        ways = {(it, 443): there for it in MANY}
        prober = NetworkProber(ways, loopback_only=True, concurrency=200)
        attempts = [attempt(server=it) for it in MANY]
        found = await prober.observe(attempts, [read_der(pki.root.der)], 60)
        assert backends.at(BACKEND).connections == 200
    for observation in found:
        assert isinstance(response(observation.outcome), Response)
        trust = handshake(observation.outcome).trusted_by(pki.root.sha256)
        assert trust is not None
        assert trust.code == 0


async def test_as_many_at_once_as_the_cap_and_no_more() -> None:
    full, held, most = asyncio.Barrier(3), 0, 0

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal held, most
        await reader.readuntil(b"\r\n\r\n")
        held += 1
        most = max(most, held)
        await full.wait()
        held -= 1
        writer.write(OK)

    async with serving(hold) as server:
        attempts = [attempt(server=it, tls=False, port=80) for it in MANY[:12]]
        found = await through(server, concurrency=3).observe(attempts, [], 10)
    assert all(isinstance(response(one.outcome), Response) for one in found)
    assert most == 3


async def test_a_server_has_one_connection_at_a_time_and_others_meanwhile_theirs() -> None:
    """Whatever the port, the protocol and the host; the pages take a while, so that others would come in between."""
    held: Counter[str] = Counter()
    most: Counter[str] = Counter()

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        server = head.split()[1].decode()
        for it in (server, "all"):
            held[it] += 1
            most[it] = max(most[it], held[it])
        await asyncio.sleep(0.1)
        held.subtract([server, "all"])
        writer.write(OK)

    async with serving(slow) as there:
        ports = (80, 443)
        attempts = [
            attempt(server=it, port=port, tls=False, host=host, path=f"/{it}")
            for it in MANY[:3]
            for port in ports
            for host in ("a.example", "b.example")
        ]
        found = await through(there).observe(attempts, [], 30)
    assert all(isinstance(response(one.outcome), Response) for one in found)
    assert {most[f"/{it}"] for it in MANY[:3]} == {1}
    assert most["all"] == 3


async def test_the_first_attempt_at_a_silent_server_gets_the_most_time_and_all_get_some() -> None:
    async with serving(saying(b"")) as server:
        attempts = [attempt(path=f"/{n}") for n in range(3)]
        found = await through(server).observe(attempts, [], 8)
        assert server.opened == 3
    kinds = [it.outcome.kind for it in found if isinstance(it.outcome, HandshakeFailed)]
    assert kinds == ["timeout"] * 3
    assert max(found, key=lambda it: it.seconds) == found[0]


async def test_silent_servers_do_not_use_up_the_time_of_the_others() -> None:
    async with serving(saying(b"")) as silent, serving(answering(OK)) as talking:
        ways = {(f"10.0.0.{n}", 443): silent.endpoint for n in range(4)}
        ways[BACKEND, 80] = talking.endpoint
        prober = NetworkProber(ways, loopback_only=True, concurrency=2)
        attempts = [attempt(server=server) for server, port in ways if port == 443]
        found = await prober.observe([*attempts, attempt(tls=False, port=80)], [], 1.5)
    *mute, last = found
    for observation in mute:
        assert isinstance(observation.outcome, HandshakeFailed)
        assert observation.outcome.kind == "timeout"
    assert isinstance(response(last.outcome), Response)
    assert sum(observation.seconds for observation in found) <= 2 * 2.5


async def test_when_the_time_is_up_the_rest_is_not_tried() -> None:
    async with serving(answering(OK)) as server:
        (found,) = await through(server).observe([attempt(tls=False, port=80)], [], 0)
        assert server.opened == 0
    assert found.outcome == NotTried("time ran out before its turn")


async def test_a_cancelled_look_leaves_no_connection_open() -> None:
    async with serving(saying(b"")) as server:
        attempts = [attempt(server=it) for it in MANY[:5]]
        looking = asyncio.create_task(through(server).observe(attempts, [], 30))
        await server.until(lambda state: state.opened == 5)
        looking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await looking
        await server.until(lambda state: state.closed == 5)


async def test_every_connection_is_closed_after_its_end(pki: Pki, tmp_path: Path) -> None:
    context = tls_context(tmp_path, pki.site.path)
    async with serving(over_tls(context, OK)) as server:
        attempts = [attempt(), attempt(path=None), attempt(tls=False, port=80)]
        await through(server).observe(attempts, [], 10)
        await server.until(lambda state: state.closed == 3)


@pytest.mark.parametrize(
    "server", ["app.internal.contoso.com", "APP.Internal.Contoso.COM", BACKEND]
)
async def test_a_mapped_server_is_reached_without_dns(server: str) -> None:
    async with serving(answering(OK)) as there:
        ways = {("App.internal.contoso.com", 80): there.endpoint, (BACKEND, 80): there.endpoint}
        prober = NetworkProber(ways, loopback_only=True)
        (found,) = await prober.observe([attempt(server=server, tls=False, port=80)], [], 5)
    assert isinstance(found.outcome, Answered)
    assert found.outcome.address == f"{server} via 127.0.0.1:{there.port}"


async def test_only_the_mapped_port_is_mapped() -> None:
    async with serving(answering(OK)) as server:
        (found,) = await through(server).observe([attempt(tls=False, port=8080)], [], 5)
        assert server.opened == 0
    assert isinstance(found.outcome, NotTried)


async def test_a_way_may_be_a_name() -> None:
    async with serving(answering(OK)) as server:
        ways = {(BACKEND, 80): ("localhost", server.port)}
        prober = NetworkProber(ways, loopback_only=True)
        (found,) = await prober.observe([attempt(tls=False, port=80)], [], 5)
    assert isinstance(found.outcome, Answered)
    assert found.outcome.address == f"{BACKEND} via 127.0.0.1:{server.port}"


async def test_with_loopback_only_not_even_dns_is_asked() -> None:
    # The guard around the tests would make a look-up an `Unresolved`.
    prober = NetworkProber({}, loopback_only=True)
    (found,) = await prober.observe([attempt(server="app.contoso.com")], [], 5)
    reason = "app.contoso.com was not resolved, because only loopback may be contacted"
    assert plainly(found.outcome) == NotTried(reason)


async def test_without_that_a_name_is_resolved() -> None:
    prober = NetworkProber({}, loopback_only=False)
    (found,) = await prober.observe([attempt(server="app.contoso.com")], [], 5)
    assert isinstance(found.outcome, Unresolved)


@pytest.mark.parametrize("server", ["127.0.0.1", "localhost", "::ffff:127.0.0.1"])
async def test_a_backend_is_never_the_bot_itself(server: str) -> None:
    async with serving(answering(OK)) as here:
        prober = NetworkProber({}, loopback_only=False)
        wanted = attempt(server=server, tls=False, port=here.port)
        (found,) = await prober.observe([wanted], [], 5)
        assert here.opened == 0
    assert isinstance(found.outcome, NotTried)
    assert "is this machine, not a backend" in found.outcome.reason


@pytest.mark.parametrize("server", ["169.254.169.254", "168.63.129.16", "fd00:ec2::254"])
async def test_metadata_is_never_contacted_even_if_mapped(server: str) -> None:
    for ways in ({}, {(BACKEND, 80): (server, 80)}):
        prober = NetworkProber(ways, loopback_only=False)
        wanted = attempt(server=BACKEND if ways else server, tls=False, port=80)
        (found,) = await prober.observe([wanted], [], 5)
        assert isinstance(found.outcome, NotTried)
        assert "never contacted" in found.outcome.reason


async def test_an_unreachable_backend_is_contacted_in_earnest() -> None:
    # Allowed by the prober's own guard, so that it is the one around the tests that says no.
    prober = NetworkProber({}, loopback_only=False)
    (found,) = await prober.observe([attempt()], [], 5)
    assert isinstance(found.outcome, NotConnected)
    assert (found.outcome.kind, found.outcome.address) == ("unreachable", BACKEND)


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (attempt(port=0), "0 is not a TCP port"),
        (attempt(port=99999), "99999 is not a TCP port"),
        (attempt(sni="a..b" + "c" * 300), "is not a host name"),
        (attempt(sni="a\0b"), "is not a host name"),
        (attempt(sni="ü" * 80), "is not a host name"),
    ],
)
async def test_what_cannot_be_sent_is_not_tried(wanted: Attempt, reason: str) -> None:
    (found,) = await NetworkProber({}, loopback_only=True).observe([wanted], [], 5)
    assert isinstance(found.outcome, NotTried)
    assert reason in found.outcome.reason


async def test_the_ase_of_the_article(pki: Pki) -> None:
    """Without SNI the ILB certificate, with SNI the app's: what tells the article's case."""
    ilb = pki.site
    spec = BackendSpec(
        BACKEND,
        certificates={"test.appgwtestase.com": pki.issuing.path},
        default=ilb.path,
        routes=(Route("test.appgwtestase.com"),),
    )
    async with Backends.open([spec]) as backends:
        prober = NetworkProber(backends.connect_to, loopback_only=True)
        host = "test.appgwtestase.com"
        attempts = [attempt(sni=None, host=host), attempt(sni=host, host=host), attempt(sni=None)]
        bare, named, other = await prober.observe(attempts, [], 10)
    assert handshake(bare.outcome).chain[0].sha256 == ilb.sha256
    assert handshake(named.outcome).chain[0].sha256 == pki.issuing.sha256
    assert [trust.anchor for trust in handshake(bare.outcome).trust] == [pki.root.sha256, PUBLIC]
    statuses = [response(found.outcome) for found in (bare, named, other)]
    assert [it.status for it in statuses if isinstance(it, Response)] == [200, 200, 404]
    assert attempts[2].host == HOST


async def test_whoever_has_an_address_in_common_waits_for_the_line() -> None:
    lines, held, order = Lines(), asyncio.Event(), list[str]()
    clock = asyncio.get_running_loop().time

    async def first() -> None:
        async with lines.to(["10.0.0.1", "10.0.0.2"], clock() + 30):
            held.set()
            with pytest.raises(TimeoutError):
                async with lines.to(["10.0.0.2", "10.0.0.3"], clock() + 1):
                    order.append("never")
            order.append("first")

    async def second() -> None:
        await held.wait()
        async with lines.to(["10.0.0.2"], clock() + 30):
            order.append("second")

    await asyncio.gather(first(), second())
    assert order == ["first", "second"]
    async with lines.to(["10.0.0.3"], clock() + 1):
        pass


async def test_who_comes_as_a_line_becomes_free_waits_until_the_own_deadline() -> None:
    lines, clock = Lines(), asyncio.get_running_loop().time
    waiting = asyncio.Event()

    async def twice() -> float:
        async with lines.to(["10.0.0.1"], clock() + 100):
            await waiting.wait()
        # In this very turn the line is free, and already meant for who has waited for it.
        began = clock()
        with pytest.raises(TimeoutError):
            async with lines.to(["10.0.0.1"], clock() + 1):
                pytest.fail("there are two at a time")
        return clock() - began

    async def wait_and_stay() -> None:
        waiting.set()
        async with lines.to(["10.0.0.1"], clock() + 100):
            await asyncio.sleep(50)

    first = asyncio.create_task(twice())
    await asyncio.sleep(0)
    second = asyncio.create_task(wait_and_stay())
    assert 1 <= await first < 2
    second.cancel()


class _Never(Slices):
    """Other work never ends."""

    async def do(self, work: Callable[[], T]) -> T:
        await asyncio.Event().wait()
        return work()


async def test_a_chain_that_could_not_be_looked_at_in_time_accuses_nobody(
    pki: Pki, tmp_path: Path
) -> None:
    context = tls_context(tmp_path, pki.site.path)
    # The handshake of TLS 1.2 is in a thread, so only the look at the chain is left for the loop.
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    async with serving(over_tls(context, OK)) as server:
        run = ProbeRun(
            attempt(),
            AddressResolver({(BACKEND, 443): server.endpoint}, loopback_only=True, dns_servers=()),
            Anchors([], PublicRoots().store),
            Lines(),
            _Never(),
            asyncio.get_running_loop().time() + 5,
        )
        found, _ = await run.make()
    assert found == NotTried("time ran out before the certificates it sent could be looked at")
