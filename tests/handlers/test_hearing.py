"""What the bot hears in channels: reports, mentions, the shortcut; and what it lets pass."""

from pathlib import Path
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest

from bot.core.arm.document import Json
from handlers.people import OUTSIDER
from tests.handlers.bench import ADA, BEN, GENERAL, INCIDENTS, Bench, buttons, open_bench, shown


async def dispatch(bench: Bench, body: Json) -> tuple[int, Any]:
    """Hand a payload to the app that the lab would never send; gives status and body."""
    request = AsyncBoltRequest(mode="socket_mode", body=body)
    answer = await bench.app.async_dispatch(request)
    return answer.status, answer.body


def message_event(**changes: Any) -> Json:
    event = {
        "type": "message",
        "user": BEN,
        "team": "T0LAB",
        "text": "502 from gateway agw-test",
        "channel": INCIDENTS,
        "ts": "1.1",
    }
    kept = {key: it for key, it in (event | changes).items() if it is not None}
    return {"type": "event_callback", "team_id": "T0LAB", "event_id": "Ev1", "event": kept}


async def nothing_happens(bench: Bench) -> None:
    """Whatever is still on its way is behind a question that is answered at last."""
    await bench.slack.command(BEN, INCIDENTS, "/agw version")
    await bench.told(BEN, "agw `")
    await bench.idle()
    assert bench.cards() == []


async def test_chatter_in_a_report_channel_is_let_pass(bench: Bench) -> None:
    for text in ("good morning", "502 from our payment service", "the gateway is fine"):
        await bench.slack.post(BEN, INCIDENTS, text)
    await nothing_happens(bench)


async def test_what_only_looks_like_a_report_is_not_commented_on(bench: Bench) -> None:
    await bench.slack.post(BEN, INCIDENTS, "502 on post-deploy checks")
    await nothing_happens(bench)
    assert len(bench.slack.ephemerals(BEN, INCIDENTS)) == 1


async def test_a_report_of_an_unknown_gateway_is_answered_to_its_author_only(bench: Bench) -> None:
    await bench.slack.post(BEN, INCIDENTS, "502 from gateway nowhere-at-all")
    await bench.told(BEN, "I see no gateway that matches")
    assert bench.cards() == []


async def test_elsewhere_a_report_needs_a_mention(bench: Bench) -> None:
    await bench.slack.post(BEN, GENERAL, "502 from gateway agw-test")
    await nothing_happens(bench)
    await bench.slack.post(BEN, GENERAL, "<@U0AGW> 502 from gateway agw-test")
    await bench.slack.wait_for(
        lambda: any("evidence" in buttons(it) for it in bench.slack.messages(GENERAL))
    )


async def test_a_mention_in_a_report_channel_is_one_report(bench: Bench) -> None:
    await bench.slack.post(ADA, INCIDENTS, "<@U0AGW> 502 from gateway agw-test")
    await bench.card(lambda it: "evidence" in buttons(it))
    await bench.idle()
    assert len(bench.cards()) == 1
    assert bench.slack.ephemerals(ADA, INCIDENTS) == []


async def test_a_mention_alone_is_asked_which_gateway(bench: Bench) -> None:
    await bench.slack.post(BEN, GENERAL, "<@U0AGW>")
    await bench.told(BEN, "Which gateway", GENERAL)


async def test_asked_in_a_thread_it_says_there_where_the_card_is(bench: Bench) -> None:
    parent = await bench.slack.post(ADA, INCIDENTS, "the shop is down")
    await bench.slack.post(ADA, INCIDENTS, "<@U0AGW> diagnose agw-test", parent["ts"])
    said = await bench.told(ADA, "the card")
    assert said["thread_ts"] == parent["ts"]
    card = await bench.card(lambda it: "evidence" in buttons(it))
    assert "thread_ts" not in card or card["thread_ts"] == card["ts"]


async def test_an_event_that_comes_twice_counts_once(bench: Bench) -> None:
    bench.slack.faults.deliver_twice()
    await bench.report()
    await bench.idle()
    assert len(bench.cards()) == 1
    assert bench.slack.ephemerals(ADA, INCIDENTS) == []


async def test_a_command_that_comes_twice_counts_once(tmp_path: Path) -> None:
    async with open_bench(tmp_path, sockets=2) as bench:
        bench.slack.faults.deliver_twice()
        await bench.slack.command(BEN, INCIDENTS, "/agw diagnose agw-test")
        await bench.card(lambda it: "evidence" in buttons(it))
        await bench.idle()
        assert len(bench.cards()) == 1
        assert bench.slack.ephemerals(BEN, INCIDENTS) == []


async def test_what_slack_delivers_again_much_later_is_known(bench: Bench) -> None:
    asked = {
        "command": "/agw",
        "text": "version",
        "team_id": "T0LAB",
        "user_id": BEN,
        "channel_id": INCIDENTS,
        "trigger_id": "1",
    }
    await dispatch(bench, asked)
    await bench.told(BEN, "agw `")
    await bench.idle()
    await dispatch(bench, asked)
    await nothing_happens(bench)
    # One answer to the repeated question, one to the question after it.
    assert len(bench.slack.ephemerals(BEN, INCIDENTS)) == 2


async def test_bots_edits_and_joins_are_let_pass(bench: Bench) -> None:
    for changes in (
        {"bot_id": "B0OTHER"},
        {"subtype": "message_changed", "user": None, "team": None, "text": None},
        {"subtype": "channel_join"},
        {"subtype": "bot_message", "bot_id": "B0OTHER", "user": None},
        {"text": ""},
    ):
        assert (await dispatch(bench, message_event(**changes)))[0] == 200
    await nothing_happens(bench)


async def test_a_mention_by_a_bot_is_let_pass(bench: Bench) -> None:
    event = message_event(type="app_mention", bot_id="B0OTHER", text="<@U0AGW> diagnose agw-test")
    assert (await dispatch(bench, event))[0] == 200
    await nothing_happens(bench)


async def test_people_of_other_workspaces_are_not_heard(bench: Bench) -> None:
    event = message_event(user_team="T0OTHER", team="T0LAB")
    assert (await dispatch(bench, event))[0] == 200
    await nothing_happens(bench)


async def test_a_command_of_an_outsider_is_answered(bench: Bench) -> None:
    status, answer = await dispatch(
        bench,
        {
            "command": "/agw",
            "text": "diagnose agw-test",
            "team_id": "T0OTHER",
            "user_id": "U0EVE",
            "channel_id": INCIDENTS,
            "trigger_id": "1",
        },
    )
    assert status == 200
    assert OUTSIDER in str(answer)
    await nothing_happens(bench)


async def test_the_shortcut_diagnoses_what_a_message_speaks_of(bench: Bench) -> None:
    posted = await bench.slack.post(BEN, GENERAL, "is agw-test ill? follow-up please")
    result = await bench.slack.shortcut(ADA, "diagnose_gateway", GENERAL, posted["ts"])
    assert result.ok
    await bench.slack.wait_for(
        lambda: any("evidence" in buttons(it) for it in bench.slack.messages(GENERAL))
    )


async def test_the_shortcut_says_what_it_did_not_find(bench: Bench) -> None:
    for text, said in (
        ("hello", "names no gateway"),
        ("what about follow-up", "I see no gateway that matches `follow-up`"),
    ):
        posted = await bench.slack.post(BEN, GENERAL, text)
        await bench.slack.shortcut(ADA, "diagnose_gateway", GENERAL, posted["ts"])
        await bench.told(ADA, said, GENERAL)
    assert "`/agw diagnose &lt;gateway&gt;`" in shown(bench.slack.ephemerals(ADA, GENERAL)[0])
