"""How many connections a diagnosis makes, over the whole corpus, and that no server ever has two at a time.

Against what the health probes alone call for: each scenario is diagnosed a second time as if no client made requests.
"""

import socket
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from bot.lab.scenarios import SCENARIOS
from bot.probe.tcp import Stream
from tests.bench.measure import Ratio
from tests.corpus.running import running
from tests.eventloop import LeapingLoop

MOST_TIMES = 2.0
"""How many times the connections that probes alone call for a diagnosis may make, in the median."""


@dataclass(frozen=True, slots=True)
class Made:
    """One scenario: connections with clients' requests and without, and the most to one server at the same time."""

    scenario: str
    both: int
    probes: int
    at_once: int

    @property
    def times(self) -> float:
        """How many times those that probes alone call for; where those are none, none are made for clients either."""
        return self.both / self.probes if self.probes else 1.0


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
            both, at_once = loop.opened, max(loop.at_once.values(), default=0)
            loop.forget()
            with patch("bot.core.routing.route_ends.all_client_requests", return_value=()):
                await run.diagnosed()
            return Made(scenario.name, both, loop.opened, at_once)


def ratios(made: list[Made]) -> list[Ratio]:
    """The figures, and whether they are as they should be."""
    crowded = max(made, key=lambda it: it.at_once)
    over = f"over {len(made)} of {len(SCENARIOS)} scenarios"
    return [
        Ratio(
            f"connections of a diagnosis, {over}, against those for probes alone",
            median(it.times for it in made),
            1,
            MOST_TIMES,
            "times",
        ),
        Ratio("  in the scenario with most, in all", *_most(made), None, "made"),
        Ratio("  at one server at the same time, the most", crowded.at_once, 1, 1, "made"),
    ]


def _most(made: list[Made]) -> tuple[int, int]:
    most = max(made, key=lambda it: it.both)
    return most.both, max(1, most.probes)
