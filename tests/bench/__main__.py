"""`make bench`: what costs how much, as ratios within one run, because seconds of one machine say little of another.

Each figure is the median of a few rounds. Nothing is asserted: the table is for people who change something. Groups are
named to run only these: python -m tests.bench start rows. `--json FILE` writes the figures for a machine.
"""

import argparse
import asyncio
import json
import platform
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.lab.guard import loopback_only
from tests.bench import (
    acks,
    card,
    connections,
    deadline,
    diagnosis,
    hostile,
    judging,
    many,
    memory,
    probe_cpu,
    rows,
    start,
    waiting,
)
from tests.bench.measure import Ratio


async def _judged() -> list[Ratio]:
    return [Ratio(it.what, it.value, it.most, 1, it.unit.strip()) for it in judging.costs()]


GROUPS: Mapping[str, tuple[Callable[[], Awaitable[list[Ratio]]], ...]] = {
    "start": (start.help_and_python, start.help_and_diagnosis),
    "diagnosis": (diagnosis.one_server_and_many, waiting.what_must_be_waited_for),
    "judging": (_judged,),
    "probe": (probe_cpu.probe_and_client,),
    "acks": (acks.acknowledged,),
    "card": (card.card_and_diagnosis, card.first_answer_and_card),
    "hostile": (hostile.turns,),
    "deadline": (deadline.kept_time,),
    "memory": (memory.resident_processes, many.memory_of_many),
    "rows": (rows.in_a_file, rows.in_postgresql),
}
CONNECTIONS = "connections"


WIDTH = 82
"""Of the longest name of a comparison."""


async def measured(groups: list[str], took: dict[str, float]) -> list[Ratio]:
    """Every comparison, one after another: side by side they would disturb each other. Printed as they come."""
    head = f"{'':<{WIDTH}}  {'ratio':>7}  {'goal':>6}  {'':<6}  {'takes':>12}  {'against':>12}"
    print(head, flush=True)
    found: list[Ratio] = []
    for group in groups:
        with timed(took, group):
            for work in GROUPS.get(group, ()):
                for ratio in await work():
                    print(ratio.line(WIDTH), flush=True)
                    found.append(ratio)
    return found


@contextmanager
def timed(took: dict[str, float], group: str) -> Iterator[None]:
    """Add the seconds of this group."""
    began = time.monotonic()
    yield
    took[group] = took.get(group, 0.0) + time.monotonic() - began


def main() -> None:
    """Measure, print, write."""
    given = argparse.ArgumentParser(prog="python -m tests.bench")
    given.add_argument("groups", nargs="*", choices=[*GROUPS, CONNECTIONS, []], default=[])
    given.add_argument("--json", type=Path, metavar="FILE")
    said = given.parse_args()
    groups = said.groups or [*GROUPS, CONNECTIONS]
    took: dict[str, float] = {}
    with loopback_only():
        ratios = asyncio.run(measured(groups, took))
        if CONNECTIONS in groups:
            # In a loop of its own, in which nothing waits.
            with timed(took, CONNECTIONS):
                counted = connections.ratios(connections.corpus())
            print("\n".join(it.line(WIDTH) for it in counted), flush=True)
            ratios += counted
    print(f"took {sum(took.values()):.0f} s:", ", ".join(f"{it} {took[it]:.0f}" for it in took))
    if said.json:
        facts = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": platform.platform(),
            "python": platform.python_version(),
            "seconds": round(sum(took.values())),
            "seconds_of": {group: round(each, 1) for group, each in took.items()},
            "figures": [it.facts() for it in ratios],
        }
        said.json.write_text(json.dumps(facts, indent=2) + "\n")


if __name__ == "__main__":
    main()
