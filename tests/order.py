"""In which order tests run: what takes long begins first, a share of it in each process; else it is by chance.

So nobody waits for a long test alone at the end. `--dist worksteal` gives each process as many tests that stand next to
each other, and when one has ended it takes over half of what another one still has
(https://pytest-xdist.readthedocs.io/en/stable/distribution.html).
"""

import os
from collections.abc import Callable, Sequence
from typing import TypeVar

import pytest

T = TypeVar("T")

LONG = (
    "tests/cli/test_lab.py",
    "tests/random_worlds/test_runs.py",
    "tests/store/test_durability.py",
    "tests/store/test_replicas.py",
    "tests/story/",
    "tests/tooling/test_installing.py",
    "tests/tooling/test_soak.py",
    "tests/workflow/test_kill.py",
    "tests/workflow/test_partition.py",
)
"""Where tests wait for whole processes of the bot, in real time; a test with a deadline of its own is long as well."""


def begin_with_the_long(items: list[pytest.Item]) -> None:
    """Put them in that order, which all processes of a run must agree on."""
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    items[:] = in_shares(items, _takes_long, processes)


def in_shares(items: Sequence[T], takes_long: Callable[[T], bool], processes: int) -> list[T]:
    """Shares of one size, one after the other; each begins with its part of what takes long."""
    long = [it for it in items if takes_long(it)]
    rest = iter([it for it in items if not takes_long(it)])
    ordered: list[T] = []
    for at in range(processes):
        first = long[at::processes]
        # As xdist counts: what is left, by the processes that have none yet.
        size = (len(items) - len(ordered)) // (processes - at)
        ordered += first
        ordered += (it for _, it in zip(range(size - len(first)), rest, strict=False))
    return [*ordered, *rest]


def _takes_long(item: pytest.Item) -> bool:
    return item.nodeid.startswith(LONG) or item.get_closest_marker("timeout") is not None
