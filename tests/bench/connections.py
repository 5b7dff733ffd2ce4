"""How many connections a diagnosis makes, over the whole corpus, and that no server ever has two at a time.

Against a diagnosis as it was before clients' requests were looked at: each scenario is diagnosed again without them and
without the looks that have come since. That one already asked a server for the probe's page as clients would, under
each name in play, so that most of their requests are in it; a third diagnosis leaves these out too. Connections that
no server took are not counted.
"""

import socket
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from bot.core.analysis import follow_up_probes
from bot.core.model.gateway import Gateway
from bot.core.routing.gateway_request import GatewayRequest, probe_request
from bot.core.routing.routes import Backend
from bot.lab.scenarios import SCENARIOS
from bot.probe.tcp import Stream
from tests.bench.measure import Ratio
from tests.corpus.running import running
from tests.eventloop import LeapingLoop

MOST_TIMES = 2.0
"""How many times the connections of before a diagnosis may make, in the median."""

FIRST_LOOKS = {
    "looks_at_addresses",
    "_alternate_endpoints",
    "_misplaced_hosts",
    "_large_client_hellos",
    "_tls12",
}
"""The looks of `follow_up_probes.LOOKS` that there were before clients' requests."""


@dataclass(frozen=True, slots=True)
class Made:
    """One scenario: connections now, as it was before, for probes alone; the most to one server at the same time."""

    scenario: str
    now: int
    before: int
    probes: int
    at_once: int

    @property
    def times(self) -> float:
        """How many times those of before."""
        return _times(self.now, self.before)

    @property
    def times_probes(self) -> float:
        """How many times those for probes alone."""
        return _times(self.now, self.probes)


def _times(now: int, then: int) -> float:
    # Where there were none, each one counts as one time.
    return now / then if then else max(1.0, now)


class CountingLoop(LeapingLoop):
    """Counts what the prober opens, by where it goes: the lab has a port for each server."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = 0
        self.at_once: Counter[object] = Counter()
        self._sockets: dict[object, list[socket.socket]] = {}

    def forget(self) -> None:
        """Count from nought."""
        self.opened = 0
        self.at_once.clear()

    async def create_connection(
        self, protocol_factory: Callable[[], Any], *args: Any, **kwargs: Any
    ) -> tuple[Any, Any]:
        """As the loop's own."""
        transport, protocol = await super().create_connection(protocol_factory, *args, **kwargs)
        if isinstance(protocol, Stream):
            peer = transport.get_extra_info("peername")
            held = [it for it in self._sockets.get(peer, ()) if it.fileno() != -1]
            held.append(transport.get_extra_info("socket"))
            self._sockets[peer] = held
            self.opened += 1
            self.at_once[peer] = max(self.at_once[peer], len(held))
        return transport, protocol


EVERY = 10
"""Of so many scenarios one is diagnosed: all of them would take five minutes."""


def corpus(every: int = EVERY) -> list[Made]:
    """The scenarios, or a sample of them."""
    loop = CountingLoop()
    try:
        return [loop.run_until_complete(_made(loop, at)) for at in range(0, len(SCENARIOS), every)]
    finally:
        loop.close()


async def _made(loop: CountingLoop, number: int) -> Made:
    scenario = SCENARIOS[number]
    with tempfile.TemporaryDirectory() as folder:
        async with running(scenario, Path(folder)) as run:
            await run.settled()
            loop.forget()
            await run.diagnosed()
            now, at_once = loop.opened, max(loop.at_once.values(), default=0)
            loop.forget()
            with as_before():
                await run.diagnosed()
            before = loop.opened
            loop.forget()
            with for_probes_alone():
                await run.diagnosed()
            return Made(scenario.name, now, before, loop.opened, at_once)


@contextmanager
def as_before() -> Iterator[None]:
    """Diagnoses in it look at no client's request.

    Raises:
        LookupError: a name has moved, so that what is put in its place is not what a diagnosis asks for.
    """
    looks = tuple(it for it in follow_up_probes.LOOKS if it.__name__ in FIRST_LOOKS)
    if len(looks) != len(FIRST_LOOKS):
        raise LookupError(f"only {[it.__name__ for it in looks]} are left of {sorted(FIRST_LOOKS)}")
    with (
        patch("bot.core.routing.route_ends.all_client_requests", return_value=()) as clients,
        patch.object(follow_up_probes, "LOOKS", looks),
    ):
        yield
    if not clients.called:
        raise LookupError("nobody asked for clients' requests where they are taken away")


@contextmanager
def for_probes_alone() -> Iterator[None]:
    """As before, and no server is asked for the probe's page as clients would."""

    def as_the_probe(gateway: Gateway, backend: Backend, _: str) -> GatewayRequest:
        return probe_request(gateway, backend)

    with as_before(), patch("bot.core.case.attempts.client_request", as_the_probe):
        yield


def ratios(made: list[Made]) -> list[Ratio]:
    """The figures, and whether they are as they should be."""
    crowded = max(made, key=lambda it: it.at_once)
    steepest = max(made, key=lambda it: it.times)
    most = max(made, key=lambda it: it.now)
    over = f"over {len(made)} of {len(SCENARIOS)} scenarios"
    return [
        Ratio(
            f"connections of a diagnosis, {over}, against those before, median",
            median(it.times for it in made),
            1,
            MOST_TIMES,
            "times",
        ),
        Ratio(
            "  against those for probes alone, median",
            median(it.times_probes for it in made),
            1,
            unit="times",
        ),
        Ratio(f"  the highest ratio, {steepest.scenario}", *_both(steepest), None, "made"),
        Ratio(f"  the most in all, {most.scenario}", *_both(most), None, "made"),
        Ratio("  at one server at the same time, the most", crowded.at_once, 1, 1, "made"),
    ]


def _both(made: Made) -> tuple[int, int]:
    return made.now, max(1, made.before)
