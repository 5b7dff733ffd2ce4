"""The Home tab: what waits for whoever opens it, the gateways, and what was changed lately."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.core.arm.document import Json
from bot.core.changes.limits import Limits, Once
from bot.core.problem import Problem
from bot.workflow import Policy
from tests.core import make
from tests.handlers.bench import ADA, APPROVE, BEN, QUICK, Bench, buttons, open_bench, shown
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


async def test_it_says_what_expires_and_what_the_bot_may_do(tmp_path: Path) -> None:
    async with open_bench(tmp_path, gateway(), gateway("agw-shop")) as bench:
        view = await opened(bench, BEN, "*What I may do*")
        said = shown(view["blocks"])
        assert "None seen at the 0 gateways diagnosed within a day, of 2." in said
        assert "change what one of these approves: <!subteam^S0NETOPS>" in said

        await bench.report()
        await bench.idle()
        (incident,) = await bench.store.recent_incidents(None, make.NOW, limit=9)
        report = incident.report
        assert report is not None
        soon = replace(
            report.findings[0], rule="served_certificate_expiring", summary="it expires in 9 days"
        )
        more = replace(report, findings=(*report.findings, soon))
        await bench.store.alter_incident(incident.id, lambda it: replace(it, report=more))
        view = await opened(bench, BEN, "`agw-test`: It expires in 9 days")
        # An offer has changed nothing yet.
        assert "*Recent changes*\nNone so far." in shown(view["blocks"])


@pytest.mark.parametrize(
    ("policy", "settings", "words"),
    [
        (replace(QUICK, read_only=True), {}, "read-only mode"),
        (QUICK, {"approvers": ()}, "nobody may approve a change"),
        (replace(QUICK, limits=Limits(never=("agw-test",))), {}, "Never change `agw-test`"),
        (
            replace(QUICK, limits=Limits((Once(make.NOW, make.NOW + timedelta(days=1)),))),
            {},
            "Changes are frozen until",
        ),
    ],
)
async def test_it_says_what_the_operator_has_ruled_out(
    tmp_path: Path, policy: Policy, settings: Json, words: str
) -> None:
    async with open_bench(tmp_path, policy=policy, **settings) as bench:
        await opened(bench, BEN, words)


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
