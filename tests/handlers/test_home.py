"""The Home tab: what waits for whoever opens it, the gateways, and what was changed lately."""

from pathlib import Path

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.core.arm.document import Json
from bot.core.problem import Problem
from tests.handlers.bench import ADA, APPROVE, BEN, Bench, buttons, open_bench, shown
from tests.handlers.edges import gateway


async def opened(bench: Bench, person: str, fragment: str, tab: str = "home") -> Json:
    """The Home tab as soon as it has that in it."""
    event = {"type": "app_home_opened", "user": person, "channel": "D0X", "tab": tab}
    body = {"type": "event_callback", "team_id": "T0LAB", "event": event}
    await bench.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))

    def found() -> Json | None:
        view = bench.slack.home(person)
        return view if view is not None and fragment in shown(view["blocks"]) else None

    view: Json | None = await bench.slack.wait_for(found)
    assert view is not None
    await bench.idle()
    return view


async def test_it_shows_every_gateway_with_its_state(tmp_path: Path) -> None:
    async with open_bench(tmp_path, gateway(), gateway("agw-shop")) as bench:
        view = await opened(bench, BEN, "*Gateways*: 2")
        said = shown(view["blocks"])
        assert "`agw-shop` in `rg-test`: Running" in said
        assert "None so far." in said
        assert "Nothing." in said
        assert buttons(view) == []


async def test_an_approver_finds_there_what_waits_and_may_press(bench: Bench) -> None:
    card = await bench.report(person=BEN)
    await bench.idle()
    view = await opened(bench, ADA, "asked for by <@U0BEN>")
    said = shown(view["blocks"])
    assert "*Upload ILB certificate* on `agw-test`, sites `test.appgwtestase.com`" in said
    assert card["ts"].replace(".", "") in said
    assert "fault found" in said
    assert APPROVE in buttons(view)

    await bench.slack.click_in_view(ADA, view["id"], APPROVE)
    (modal,) = await bench.slack.wait_for(lambda: bench.slack.views(ADA))
    await bench.slack.submit_view(ADA, modal["id"], {})
    await bench.card(lambda it: "undo" in buttons(it))
    await bench.idle()
    view = await opened(bench, ADA, "done, healthy by <@U0ADA>")
    assert buttons(view) == []


async def test_who_may_not_approve_sees_what_they_asked_for(bench: Bench) -> None:
    await bench.report(person=BEN)
    await bench.idle()
    view = await opened(bench, BEN, "the approvers decide, you asked for it")
    assert buttons(view) == []


async def test_what_goes_wrong_is_one_sentence_there(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(timeout: float) -> None:
        raise Problem("forbidden", "I may not list the gateways.", "Give me the role Reader.")

    monkeypatch.setattr(bench.azure, "list_gateways", refused)
    await opened(bench, BEN, "I may not list the gateways. Give me the role Reader.")


async def test_a_guest_is_told_why_it_is_empty(bench: Bench) -> None:
    bench.slack.describe(BEN, is_restricted=True, is_ultra_restricted=False)
    view = await opened(bench, BEN, "uest")
    assert "Gateways" not in shown(view["blocks"])


async def test_the_messages_tab_is_no_home(bench: Bench) -> None:
    await opened(bench, ADA, "*Gateways*")
    event = {"type": "app_home_opened", "user": BEN, "channel": "D0X", "tab": "messages"}
    body = {"type": "event_callback", "team_id": "T0LAB", "event": event}
    await bench.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
    await bench.idle()
    assert bench.slack.home(BEN) is None
