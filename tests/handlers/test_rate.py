"""How many diagnoses one person, or one monitor, may have begun within a while."""

import asyncio
from datetime import timedelta
from pathlib import Path

from slack_bolt.request.async_request import AsyncBoltRequest

from bot.core.arm.document import Json
from bot.core.changes.change import Person
from handlers.rate import over_rate
from tests.handlers.bench import ADA, BEN, INCIDENTS, Bench, buttons, open_bench, shown
from tests.handlers.edges import gateway

NAMES = ("agw-test", "agw-one", "agw-two")
WORLD = tuple(gateway(it) for it in NAMES)
REFUSED = "`AGW_RATE` allows one person or monitor no further diagnosis now."


async def ask(bench: Bench, name: str, person: str = BEN, again: str = "") -> None:
    await bench.slack.command(person, INCIDENTS, f"/agw diagnose {name} {again}")


async def cards(bench: Bench, number: int) -> None:
    def ready() -> bool:
        return len([it for it in bench.cards() if "evidence" in buttons(it)]) == number

    await bench.slack.wait_for(ready)


async def test_who_has_had_as_many_as_are_allowed_is_refused_in_one_sentence(
    tmp_path: Path,
) -> None:
    async with open_bench(tmp_path, *WORLD, rate=(2, timedelta(hours=1))) as bench:
        for number, name in enumerate(NAMES[:2], 1):
            await ask(bench, name)
            await cards(bench, number)
        await ask(bench, NAMES[2])
        said = await bench.told(BEN, REFUSED)
        assert "No more than 2 within 60 minutes" in shown(said)
        await bench.idle()
        assert len(bench.cards()) == 2
        # Somebody else has not had any.
        await ask(bench, NAMES[2], ADA)
        await cards(bench, 3)


async def test_the_button_counts_and_a_link_to_a_recent_card_does_not(tmp_path: Path) -> None:
    async with open_bench(tmp_path, *WORLD, rate=(2, timedelta(hours=1))) as bench:
        card = await bench.report(person=BEN)
        await bench.idle()
        await ask(bench, NAMES[0])
        await bench.told(BEN, "was diagnosed")
        await bench.click(card, "diagnose_again", BEN)
        await cards(bench, 2)
        await bench.idle()
        await bench.click(card, "diagnose_again", BEN)
        await bench.told(BEN, REFUSED)


async def test_a_person_has_no_more_by_another_name_of_his_workspace(tmp_path: Path) -> None:
    """In an org, Slack names a workspace as itself or as its org."""
    async with open_bench(tmp_path, rate=(1, timedelta(hours=1))) as bench:
        assert await over_rate(bench.shell, Person("T0LAB", BEN)) is None
        assert REFUSED in str(await over_rate(bench.shell, Person("E0LAB", BEN)))
        assert await over_rate(bench.shell, Person("E0LAB", ADA)) is None


async def test_after_a_while_it_is_allowed_again(tmp_path: Path) -> None:
    async with open_bench(tmp_path, *WORLD, rate=(1, timedelta(seconds=0.5))) as bench:
        await ask(bench, NAMES[0])
        await cards(bench, 1)
        async with asyncio.timeout(30):
            while len(bench.cards()) < 2:
                await ask(bench, NAMES[1])
                await bench.idle()


def alert(name: str) -> Json:
    return {
        "type": "message",
        "channel": INCIDENTS,
        "bot_id": "B0AM",
        "text": f"FIRING: 502 from {name}",
        "team": "T0LAB",
    }


async def test_a_monitor_is_refused_in_the_thread_of_its_alert(tmp_path: Path) -> None:
    bots = frozenset({"B0AM"})
    limit = (1, timedelta(hours=1))
    async with open_bench(tmp_path, *WORLD, alert_bots=bots, rate=limit) as bench:
        for number, name in enumerate(NAMES[:2]):
            parent = await bench.slack.post(ADA, INCIDENTS, f"place of alert {number}")
            event = alert(name) | {"ts": parent["ts"]}
            body = {"type": "event_callback", "team_id": "T0LAB", "event": event}
            await bench.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
            await cards(bench, 1)
        await bench.slack.wait_for(
            lambda: any(
                REFUSED in shown(it) for it in bench.slack.messages(INCIDENTS, parent["ts"])
            )
        )
        assert len([it for it in bench.cards() if "evidence" in buttons(it)]) == 1
