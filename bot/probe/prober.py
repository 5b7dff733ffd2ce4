"""Connections to backends, made in parallel, each as the gateway would make it."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import ceil
from pathlib import Path

from bot.aside import aside
from bot.core.arm.certificates_reader import Certificates
from bot.core.model.certificate import Certificate, Unreadable
from bot.core.model.endpoint import Endpoint
from bot.core.model.observation import Attempt, Lookup, NotTried, Observation, Question
from bot.probe.address_resolver import AddressResolver, look_up
from bot.probe.bundle import read_bundles
from bot.probe.handed import read_handed
from bot.probe.probe_run import Lines, ProbeRun
from bot.probe.slices import Slices
from bot.probe.trust import Anchors, PublicRoots
from bot.probe.x509 import read_certificates
from bot.telemetry import span

AT_ONCE = 256
"""Servers that are contacted at the same time, each by one connection: as many as one look asks, so that all of them
are waited for together. Most processes may have four times as many files open."""


_FEW = 10
"""Anchors that are loaded on the event loop, in less than a millisecond: a thread would take as long to wake."""


class NetworkProber:
    """Probes backends considerately: one connection at a time to each server, a deadline, limited concurrency.

    `connect_to` redirects connections from its left side to its right side, as curl's `--connect-to` does: a name on
    the left is never resolved; other names are, and their addresses are looked up on the left again. `dns_servers`, by
    IP and port, resolve names; if there are none, this machine's resolver does. With `loopback_only` nothing but
    loopback is contacted, DNS servers included. `extra_public_roots` is a PEM file of CAs that count as well-known.
    `concurrency` is how many servers are contacted at once.
    """

    def __init__(
        self,
        connect_to: Mapping[Endpoint, Endpoint],
        loopback_only: bool,
        extra_public_roots: Path | None = None,
        concurrency: int = AT_ONCE,
        dns_servers: Sequence[Endpoint] = (),
    ) -> None:
        self._resolver = AddressResolver(connect_to, loopback_only, dns_servers)
        self._public = PublicRoots(extra_public_roots)
        self._concurrency = concurrency

    def read_public_roots(self) -> None:
        """Read the well-known CAs and the additional file now, and not at the first certificate.

        Raises:
            Problem: `bad_public_roots`, the additional file cannot be read.
        """
        _ = self._public.store

    def read_certificates(self, data: Iterable[str]) -> Certificates:
        """The certificate in each text of a gateway's document; never raises."""
        return read_certificates(data)

    def read_bundles(self, data: Iterable[str]) -> Certificates:
        """The leaf certificate in each PKCS#7 bundle of a gateway's document; never raises."""
        return read_bundles(data)

    def read_handed(self, content: bytes) -> Certificate | Unreadable:
        """The one certificate in a file or text that a person hands in; never raises."""
        return read_handed(content)

    async def observe(
        self,
        attempts: Sequence[Attempt],
        anchors: Iterable[Certificate],
        timeout: float,
        done: Callable[[Observation], None] | None = None,
    ) -> tuple[Observation, ...]:
        """Make the attempts; equal ones are made once. The results are in the attempts' order.

        `timeout`, in seconds, is for all of them together. `done` is called as each one ends.

        Raises:
            Problem: `bad_public_roots`, the extra file of public roots cannot be read.
        """
        distinct = tuple(dict.fromkeys(attempts))
        judges = await self._judges(tuple(anchors))
        lines, slices = Lines(), Slices()
        turns = _Turns(len(distinct), self._concurrency, timeout)
        found: dict[Attempt, Observation] = {}

        async def one_after_another(wanted: list[Attempt]) -> None:
            for left, attempt in zip(range(len(wanted) - 1, -1, -1), wanted, strict=True):
                async with turns.free:
                    deadline = turns.deadline(alone=not left)
                    found[attempt] = await self._make(attempt, judges, lines, slices, deadline)
                if done is not None:
                    done(found[attempt])

        by_server = _by_server(distinct)
        with span("probes", connections=len(distinct), servers=len(by_server)):
            async with asyncio.TaskGroup() as group:
                for wanted in by_server:
                    group.create_task(one_after_another(wanted))
        return tuple(found[attempt] for attempt in attempts)

    async def _judges(self, anchors: tuple[Certificate, ...]) -> Anchors:
        """
        Raises:
            Problem: as `observe`.
        """
        few = self._public.are_read and len(anchors) <= _FEW
        return self._against(anchors) if few else await aside(self._against, anchors)

    def _against(self, anchors: Iterable[Certificate]) -> Anchors:
        return Anchors(anchors, self._public.store, self._public.store_with_dates)

    async def look_up(self, questions: Sequence[Question], timeout: float) -> tuple[Lookup, ...]:
        """Query individual DNS servers in parallel within `timeout` seconds; the answers are in the same order."""
        return await look_up(self._resolver, questions, timeout)

    async def _make(
        self,
        attempt: Attempt,
        anchors: Anchors,
        lines: Lines,
        slices: Slices,
        deadline: float,
    ) -> Observation:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        if begun >= deadline:
            return Observation(attempt, NotTried("time ran out before its turn"))
        with span("connection", server=attempt.server, port=attempt.port) as told:
            outcome, addresses = await ProbeRun(
                attempt, self._resolver, anchors, lines, slices, deadline
            ).make()
            told.tell("sni", attempt.sni)
            told.tell("outcome", type(outcome).__name__)
        return Observation(attempt, outcome, loop.time() - begun, addresses)


def _by_server(attempts: Iterable[Attempt]) -> list[list[Attempt]]:
    """The attempts at each server, in their order."""
    found: dict[str, list[Attempt]] = {}
    for it in attempts:
        found.setdefault(it.server.lower(), []).append(it)
    return list(found.values())


class _Turns:
    """Divides the time, so that unresponsive servers do not use up the turns of the others.

    With 200 attempts and 32 at once there are seven rounds, and the first may take a seventh of the time; what it does
    not use goes to the next ones. While more attempts at the same server wait, one may take half of what is left: the
    first is the most telling.
    """

    def __init__(self, count: int, at_once: int, timeout: float) -> None:
        self.free = asyncio.Semaphore(at_once)
        self._at_once = at_once
        self._waiting = count
        self._clock = asyncio.get_running_loop().time
        self._end = self._clock() + timeout

    def deadline(self, *, alone: bool) -> float:
        """The deadline of the next attempt, as a time of the loop's clock; `alone`: no other waits for its server."""
        now = self._clock()
        rounds = max(ceil(self._waiting / self._at_once), 1 if alone else 2)
        self._waiting -= 1
        return now + (self._end - now) / rounds
