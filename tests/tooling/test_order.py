"""What takes long begins first in each process, and nothing is left out or run twice."""

import pytest

from tests import order
from tests.tooling.tree import ROOT


@pytest.mark.parametrize("processes", [1, 2, 3, 6])
@pytest.mark.parametrize("long", [0, 1, 7, 40])
def test_each_process_begins_with_its_share(processes: int, long: int) -> None:
    everything = [*range(100)]
    ordered = order.in_shares(everything, lambda it: it % 2 == 1 and it < 2 * long, processes)
    assert sorted(ordered) == everything
    at = 0
    for process in range(processes):
        size = (100 - at) // (processes - process)
        share = [it % 2 == 1 and it < 2 * long for it in ordered[at : at + size]]
        assert share == sorted(share, reverse=True)
        assert sum(share) in (long // processes, -(-long // processes))
        at += size


def test_what_is_called_long_is_there() -> None:
    assert [it for it in order.LONG if not (ROOT / it).exists()] == []
