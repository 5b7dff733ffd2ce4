"""A gateway's document may be long: a change reads, compares and edits it beside the event loop."""

from typing import Any

import pytest

from bot.core.arm import edit, verification
from bot.core.changes.change import Card
from bot.workflow import Refused, deciding, preflight
from tests.azure.test_turns import counted
from tests.probe.turns import counting_turns
from tests.workflow.conftest import ADA, Scene


async def test_a_change_and_its_undo_leave_the_loop_free(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    work: tuple[tuple[Any, str], ...] = (
        (edit, "apply"),
        (verification, "canonical"),
        (preflight, "read_gateway"),
        (deciding, "read_gateway"),
        (deciding, "undo_plan"),
    )
    with counting_turns() as turns:
        for on, name in work:
            counted(monkeypatch, on, name, turns)
        healed = await scene.healed()
        undo = await scene.workflow.offer_undo(healed.id, ADA, Card())
    assert not isinstance(undo, Refused)
    assert turns.elsewhere >= 10
    assert turns.total == 0
