"""Offers that a repair left behind, where the bot was killed between the repair's end and closing them."""

import pytest

from bot.core.arm.document import Json
from bot.core.changes.change import Change
from bot.workflow import Workflow
from handlers.carrying_out import CarryingOut
from tests.handlers.bench import APPROVE, BEN, INCIDENTS, Bench, buttons, shown
from tests.handlers.edges import gateway
from tests.store.make import entries_of


@pytest.fixture
def killed_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing comes after the end of a change."""

    async def nothing(_: Workflow, __: Change) -> tuple[Change, ...]:
        return ()

    monkeypatch.setattr(Workflow, "left_behind", nothing)


async def _reported_again(bench: Bench) -> Json:
    """A card of its own, after which some time passes."""
    count = len(bench.cards())
    bench.clock.turn(minutes=3)
    await bench.slack.post(BEN, INCIDENTS, "502 from gateway agw-test")
    await bench.slack.wait_for(lambda: len(bench.cards()) > count)
    card = await bench.card(lambda it: APPROVE in buttons(it))
    bench.clock.turn(minutes=1)
    return card


async def _sweep(bench: Bench) -> list[Change]:
    """What is still offered after it."""
    await bench.idle()
    await CarryingOut(bench.shell).sweep()
    return [it for it in await bench.store.changes() if it.state == "offered"]


@pytest.mark.usefixtures("killed_at_the_end")
async def test_the_next_sweep_closes_what_other_cards_offered(bench: Bench) -> None:
    first = await bench.report()
    await bench.approve(await _reported_again(bench))
    await bench.idle()
    assert APPROVE in buttons(bench.cards()[0])
    assert await _sweep(bench) == []
    left = await bench.card(lambda it: "*Closed*" in shown(it), index=0)
    assert left["ts"] == first["ts"]
    assert APPROVE not in buttons(left)
    assert "undo" in buttons(bench.cards()[-1])
    closed = [it.details async for it in entries_of(bench.store) if it.action == "superseded"]
    assert closed != []
    assert await bench.shell.workflow.expire() == ()


@pytest.mark.usefixtures("killed_at_the_end")
async def test_the_next_sweep_closes_what_was_offered_while_the_change_was_under_way(
    bench: Bench,
) -> None:
    """Azure still shows the old gateway then, under etags of its own."""
    card = await bench.report()
    bench.azure.operating.clear()
    await bench.press(card, APPROVE)
    await bench.slack.wait_for(lambda: len(bench.azure.puts) == 1)
    (key,) = bench.azure.documents
    written = bench.azure.documents[key]
    bench.azure.documents[key] = {**gateway(), "etag": 'W/"on the way"'}
    late = await _reported_again(bench)
    bench.azure.documents[key] = written
    bench.azure.operating.set()
    assert await _sweep(bench) == []
    closed = await bench.card(lambda it: "*Closed*" in shown(it))
    assert closed["ts"] == late["ts"]
    assert "undo" in buttons(bench.cards()[0])


@pytest.mark.usefixtures("killed_at_the_end")
async def test_the_next_sweep_closes_what_a_long_diagnosis_offered_afterwards(
    bench: Bench,
) -> None:
    """It read the gateway before the change was made."""
    card = await bench.report()
    (key,) = bench.azure.documents
    before = bench.azure.documents[key]
    await bench.approve(card)
    await bench.idle()
    written, bench.azure.documents[key] = bench.azure.documents[key], before
    late = await _reported_again(bench)
    bench.azure.documents[key] = written
    assert await _sweep(bench) == []
    closed = await bench.card(lambda it: "*Closed*" in shown(it))
    assert closed["ts"] == late["ts"]


@pytest.mark.usefixtures("killed_at_the_end")
async def test_what_was_offered_after_the_repair_stays(bench: Bench) -> None:
    await bench.approve(await bench.report())
    # Somebody takes it back: the gateway is neither as it was before the repair nor as it was after it.
    (key,) = bench.azure.documents
    bench.azure.documents[key] = {**gateway(), "etag": 'W/"somebody else"'}
    await _reported_again(bench)
    assert await _sweep(bench) != []
    assert APPROVE in buttons(bench.cards()[-1])
