"""Guests, strangers and deactivated accounts do not drive the bot, whichever way they try."""

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from tests.handlers.bench import BEN, INCIDENTS, Bench, buttons, open_bench

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"is_restricted": True}, "Guests of this workspace"),
    ({"is_restricted": True, "is_ultra_restricted": True}, "Guests of this workspace"),
    ({"is_restricted": False, "is_ultra_restricted": True}, "Guests of this workspace"),
    ({"deleted": True}, "deactivated"),
    ({"is_stranger": True}, "another workspace"),
    # Somebody of another company in a channel that is shared with it.
    ({"is_stranger": False, "team_id": "T9OTHER"}, "another workspace"),
]


async def refused_everywhere(bench: Bench, card: dict[str, object], words: str) -> None:
    """By report, command, mention and button, somebody is told so, and nothing begins."""
    before = len(bench.cards())
    await bench.slack.post(BEN, INCIDENTS, "502 from gateway agw-test")
    await bench.told(BEN, words)
    acts: tuple[Callable[[], Awaitable[object]], ...] = (
        lambda: bench.slack.command(BEN, INCIDENTS, "/agw diagnose agw-test"),
        lambda: bench.slack.post(BEN, INCIDENTS, "<@U0AGW> diagnose agw-test"),
        lambda: bench.click(card, "diagnose_again", BEN),
        lambda: bench.click(card, "reject", BEN),
    )

    def told(least: int) -> bool:
        return len(bench.slack.ephemerals(BEN, INCIDENTS)) >= least

    for number, act in enumerate(acts, 2):
        await act()
        await bench.slack.wait_for(partial(told, number))
        await bench.told(BEN, words)
    await bench.idle()
    assert len(bench.cards()) == before
    assert "reject" in buttons(bench.cards()[-1])


async def test_a_guest_is_turned_away_whatever_he_tries(tmp_path: Path) -> None:
    async with open_bench(tmp_path) as bench:
        card = await bench.report()
        bench.slack.describe(BEN, is_restricted=True)
        await refused_everywhere(bench, card, "Guests of this workspace")


async def test_every_kind_of_them_is_turned_away_and_nobody_else(tmp_path: Path) -> None:
    async with open_bench(tmp_path) as bench:
        for flags, words in REFUSED:
            bench.slack.describe(BEN, **flags)
            await bench.slack.command(BEN, INCIDENTS, "/agw diagnose agw-test")
            await bench.told(BEN, words)
        await bench.idle()
        assert bench.cards() == []
        bench.slack.describe(BEN)
        await bench.slack.command(BEN, INCIDENTS, "/agw diagnose agw-test")
        assert await bench.card(lambda it: "diagnose_again" in buttons(it))


async def test_who_cannot_be_looked_up_is_turned_away(tmp_path: Path) -> None:
    async with open_bench(tmp_path) as bench:
        card = await bench.report()
        bench.slack.faults.fail("users.info", "missing_scope", times=9)
        await refused_everywhere(bench, card, "lacks the scope users:read")


async def test_an_operator_may_let_guests_in_and_nobody_else(tmp_path: Path) -> None:
    async with open_bench(tmp_path, allow_guests=True) as bench:
        bench.slack.describe(BEN, deleted=True)
        await bench.slack.command(BEN, INCIDENTS, "/agw diagnose agw-test")
        await bench.told(BEN, "deactivated")
        bench.slack.describe(BEN, team_id="T9OTHER")
        await bench.slack.command(BEN, INCIDENTS, "/agw diagnose agw-test")
        await bench.slack.wait_for(lambda: len(bench.slack.ephemerals(BEN, INCIDENTS)) == 2)
        assert bench.cards() == []
        bench.slack.describe(BEN, is_restricted=True)
        await bench.slack.command(BEN, INCIDENTS, "/agw diagnose agw-test")
        assert await bench.card(lambda it: "diagnose_again" in buttons(it))
