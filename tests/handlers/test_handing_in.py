"""A certificate handed in by mouse: as a file or as text, refused or taken, approved like any other change."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.arm.document import Json
from bot.lab.slack import ALL_SCOPES, SlackWorkspace
from tests.core import make
from tests.handlers.bench import (
    ADA,
    APPROVE,
    BEN,
    IMPATIENT,
    INCIDENTS,
    Bench,
    Clock,
    buttons,
    open_bench,
    shown,
)
from tests.handlers.edges import MemoryProber

HAND_IN = "hand_in_certificate"


@pytest.fixture
async def far(tmp_path: Path) -> AsyncIterator[Bench]:
    """A bot that reaches no backend."""
    async with open_bench(tmp_path, prober=MemoryProber(near=False)) as bench:
        yield bench


def pasted(text: str) -> Json:
    return {"cer_text": {"cer_text": {"type": "plain_text_input", "value": text}}}


def chosen(file: Json) -> Json:
    return {"cer_file": {"cer_file": {"type": "file_input", "files": [file]}}}


async def modal(bench: Bench, card: Json, person: str = BEN) -> Json:
    await bench.click(card, HAND_IN, person)
    (view,) = await bench.slack.wait_for(lambda: bench.slack.views(person))
    return dict(view)


async def submitted(bench: Bench, view: Json, values: Json, says: str, person: str = BEN) -> Json:
    """Submit it, and wait until the modal says that."""
    result = await bench.slack.submit_view(person, view["id"], values)
    assert result.ok, result

    def found() -> Json | None:
        return next((it for it in bench.slack.views(person) if says in shown(it["blocks"])), None)

    told: Json | None = await bench.slack.wait_for(found)
    assert told is not None
    return told


async def test_a_file_becomes_an_offer_and_the_approver_sees_that_nobody_saw_it_served(
    far: Bench,
) -> None:
    card = await far.report()
    assert APPROVE not in buttons(card)
    assert "I cannot reach the backend" in shown(card)
    view = await modal(far, card)
    text = shown(view["blocks"])
    assert "without a name" in text
    assert "Never a private key" in text
    file = far.slack.give_file(BEN, "ilb.cer", b"ILB")
    done = await submitted(far, view, chosen(file), "waits for an approval")
    assert make.ILB.sha256 in shown(done["blocks"])

    card = await far.card(lambda it: APPROVE in buttons(it))
    assert HAND_IN not in buttons(card)
    assert "<@U0BEN> handed in `CN=*.ase.appgwtestase.com`" in shown(card)
    assert "I did not see it served" in shown(card)
    await far.slack.wait_for(
        lambda: any("handed in" in shown(it) for it in far.thread(card)) or None
    )
    # Ben handed it in, and is no approver; Ada is, and is told all before she presses.
    await far.slack.click(ADA, INCIDENTS, card["ts"], APPROVE)
    (asked,) = await far.slack.wait_for(lambda: far.slack.views(ADA))
    said = shown(asked["blocks"])
    for needed in (make.ILB.sha256, "did not see it served", "asked for by <@U0BEN>"):
        assert needed in said
    await far.slack.submit_view(ADA, asked["id"], {})
    card = await far.card(lambda it: "undo" in buttons(it))
    assert "healthy again" in shown(card)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("hello", "it is neither base64 nor PEM"),
        ("ROOT", "is the certificate of a CA"),
        ("  ", "Nothing was handed in"),
    ],
)
async def test_what_is_wrong_is_said_in_the_modal_and_can_be_mended_there(
    far: Bench, text: str, why: str
) -> None:
    card = await far.report()
    view = await modal(far, card)
    again = await submitted(far, view, pasted(text), why)
    assert again["id"] == view["id"]
    await far.idle()
    entries = [it async for it in far.store.entries()] if hasattr(far.store, "entries") else []
    assert all(text not in str(it) for it in entries if text.strip())
    await submitted(far, again, pasted("ILB"), "waits for an approval")


async def test_who_has_closed_the_modal_is_told_all_the_same(far: Bench) -> None:
    card = await far.report()
    view = await modal(far, card)
    far.slack.faults.fail("views.update", "not_found", times=9)
    await far.slack.submit_view(BEN, view["id"], pasted("hello"))
    assert "neither base64" in shown(await far.told(BEN, "neither base64"))


async def test_a_file_that_is_too_long_is_not_read_to_its_end(far: Bench) -> None:
    card = await far.report()
    view = await modal(far, card)
    file = far.slack.give_file(BEN, "big.cer", b"x" * 1_000_000)
    await submitted(far, view, chosen(file), "it is neither base64 nor PEM")


async def test_without_the_scope_the_text_can_still_be_pasted(tmp_path: Path) -> None:
    clock = Clock()
    scopes = tuple(it for it in ALL_SCOPES if it != "files:read")
    async with (
        SlackWorkspace.open(
            limits=IMPATIENT, scopes=scopes, clock=lambda: clock().timestamp()
        ) as slack,
        open_bench(tmp_path, slack=slack, clock=clock, prober=MemoryProber(near=False)) as bench,
    ):
        card = await bench.report()
        view = await modal(bench, card)
        kinds = [it["element"]["type"] for it in view["blocks"] if it["type"] == "input"]
        assert kinds == ["plain_text_input"]
        await submitted(bench, view, pasted("ILB"), "waits for an approval")


async def test_a_card_that_needs_none_has_no_such_button(bench: Bench) -> None:
    card = await bench.report()
    assert HAND_IN not in buttons(card)


async def test_a_button_of_a_card_that_is_gone_is_answered(far: Bench) -> None:
    card = await far.report()
    old = {**card, "blocks": [{**it} for it in card["blocks"]]}
    for block in old["blocks"]:
        if block.get("block_id") == "hand_in":
            block["elements"] = [{**block["elements"][0], "value": "unknown"}]
    await far.click_stale(old, HAND_IN, BEN)
    await far.told(BEN, "I no longer have")
