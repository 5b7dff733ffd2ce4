"""The life of a change: one table, looked at state by state."""

from itertools import product
from typing import get_args

import pytest

from bot.core.changes.change import ACTIVE, CHANGED, NEXT, ChangeState, may_move

STATES: tuple[ChangeState, ...] = get_args(ChangeState)
ALLOWED = {
    ("offered", "approved"),
    ("offered", "rejected"),
    ("offered", "withdrawn"),
    ("offered", "expired"),
    ("approved", "writing"),
    ("approved", "refused"),
    ("approved", "failed"),
    ("writing", "approved"),
    ("writing", "not_healthy"),
    ("writing", "written"),
    ("writing", "refused"),
    ("writing", "failed"),
    ("written", "verifying"),
    ("written", "failed"),
    ("written", "not_healthy"),
    ("verifying", "healthy"),
    ("verifying", "not_healthy"),
    ("verifying", "failed"),
}


@pytest.mark.parametrize(("before", "after"), list(product(STATES, STATES)))
def test_every_state_against_every_other(before: ChangeState, after: ChangeState) -> None:
    assert may_move(before, after) is ((before, after) in ALLOWED)


def test_every_active_state_has_an_end_and_no_end_goes_on() -> None:
    assert set(NEXT) == set(STATES)
    assert all(NEXT[state] for state in ACTIVE)
    assert all(not NEXT[state] for state in set(STATES) - ACTIVE - {"offered"})
    assert all(not NEXT[state] for state in CHANGED)
