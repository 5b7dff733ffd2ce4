"""Which gateway? The menu and the list of all that there are."""

from dataclasses import replace
from pathlib import Path

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.core.arm.document import Json
from bot.core.report.looked_at import LookedAt
from bot.workflow.lookup_result import Candidate
from handlers.blocks.gateway_now import GatewayNow
from handlers.blocks.gateways import gateway_line
from tests.core import make
from tests.handlers.bench import (
    ADA,
    APPROVE,
    BEN,
    GENERAL,
    INCIDENTS,
    Bench,
    button,
    buttons,
    open_bench,
    shown,
)
from tests.handlers.edges import gateway
from tests.handlers.make import examined, incident

QUESTION = "Which gateway shall I diagnose?"


def stopped(name: str) -> Json:
    made = gateway(name)
    made["properties"]["operationalState"] = "Stopped"
    return made


def names(said: Json) -> list[str]:
    return [it["text"]["text"] for it in button(said, "pick_gateway")["options"]]


@pytest.mark.parametrize("text", ["/agw", "/agw diagnose"])
async def test_without_a_name_it_asks_which_one_and_diagnoses_that(
    tmp_path: Path, text: str
) -> None:
    async with open_bench(tmp_path, gateway(), gateway("agw-other"), stopped("agw-z")) as bench:
        await bench.slack.command(BEN, INCIDENTS, text)
        said = await bench.told(BEN, QUESTION)
        assert names(said) == ["agw-z", "agw-other", "agw-test"]
        first, second, _ = button(said, "pick_gateway")["options"]
        assert first["description"]["text"] == "Stopped, rg-test"
        await bench.slack.click(
            BEN, INCIDENTS, said["ts"], "pick_gateway", selected_option=second["value"]
        )
        card = await bench.card(lambda it: "evidence" in buttons(it))
        assert card["text"].startswith("agw-other")
        assert len(bench.cards()) == 1


async def test_what_is_open_comes_first_in_the_menu(tmp_path: Path) -> None:
    async with open_bench(tmp_path, gateway("agw-a"), gateway()) as bench:
        await bench.report()
        await bench.idle()
        await bench.slack.command(BEN, INCIDENTS, "/agw")
        said = await bench.told(BEN, QUESTION)
        first, second = button(said, "pick_gateway")["options"]
        assert first["text"]["text"] == "agw-test"
        assert first["description"]["text"].startswith("Running, fault found, 2 options waiting")
        assert second["description"]["text"] == "Running, rg-test"


async def test_an_offer_that_expired_waits_no_more(bench: Bench) -> None:
    await bench.report()
    await bench.idle()
    bench.clock.turn(hours=1)
    await bench.slack.command(BEN, INCIDENTS, "/agw list")
    said = shown(await bench.told(BEN, "*Gateways*: 1"))
    assert "fault found" in said
    assert "waiting" not in said


async def test_the_list_says_state_last_diagnosis_and_what_is_open(tmp_path: Path) -> None:
    async with open_bench(tmp_path, gateway(), stopped("agw-shop")) as bench:
        card = await bench.report()
        await bench.idle()
        await bench.slack.command(BEN, INCIDENTS, "/agw list")
        said = await bench.told(BEN, "*Gateways*: 2")
        lines = said["blocks"][0]["text"]["text"].splitlines()
        assert lines[1].startswith(":warning: `agw-test` in `rg-test`: Running, ")
        assert "fault found" in lines[1]
        assert card["ts"].replace(".", "") in lines[1]
        assert lines[1].endswith("2 options waiting for approval")
        assert lines[2] == "\u2022 `agw-shop` in `rg-test`: Stopped"

        await bench.press(card, APPROVE)
        await bench.card(lambda it: "undo" in buttons(it))
        await bench.idle()
        await bench.slack.command(BEN, INCIDENTS, "/agw list TEST")
        said = await bench.told(BEN, "*Gateways with* `TEST`: 2")
        assert "waiting" not in shown(said)


async def test_hundreds_are_searched_by_a_part_of_their_names(tmp_path: Path) -> None:
    many = [gateway(f"agw-{number:03}", f"rg-{number % 7}") for number in range(250)]
    async with open_bench(tmp_path, *many) as bench:
        await bench.slack.command(BEN, INCIDENTS, "/agw")
        said = await bench.told(BEN, QUESTION)
        assert button(said, "pick_gateway")["type"] == "external_select"
        await bench.slack.command(BEN, INCIDENTS, "/agw list")
        assert "225 more: `/agw list PART`" in shown(await bench.told(BEN, "*Gateways*: 250"))

        await bench.slack.command(BEN, INCIDENTS, "/agw list RG-3/agw-24")
        found = await bench.told(BEN, "*Gateways with* `RG-3/agw-24`: 2")
        assert names(found) == ["agw-241", "agw-248"]
        assert "more" not in shown(found)


async def test_where_there_is_no_gateway_it_says_so(bench: Bench) -> None:
    bench.azure.documents.clear()
    await bench.slack.command(BEN, INCIDENTS, "/agw")
    said = await bench.told(BEN, "I see no gateway.")
    assert buttons(said) == []
    await bench.slack.command(BEN, INCIDENTS, "/agw list shop")
    await bench.told(BEN, "I see no gateway with `shop` in its name.")


async def test_what_vanished_meanwhile_cannot_be_chosen(tmp_path: Path) -> None:
    async with open_bench(tmp_path, gateway(), gateway("agw-a")) as bench:
        await bench.slack.command(BEN, INCIDENTS, "/agw")
        said = await bench.told(BEN, QUESTION)
        value = button(said, "pick_gateway")["options"][0]["value"]
        bench.azure.documents.pop(gateway("agw-a")["id"].lower())
        bench.clock.turn(minutes=2)
        await bench.slack.click(BEN, INCIDENTS, said["ts"], "pick_gateway", selected_option=value)
        await bench.told(BEN, "no longer there")
        assert bench.cards() == []


async def test_in_the_thread_of_a_card_it_is_the_gateway_of_that_card(tmp_path: Path) -> None:
    async with open_bench(tmp_path, gateway("agw-a"), gateway()) as bench:
        card = await bench.report()
        await bench.idle()
        bench.clock.turn(days=2)
        await bench.slack.post(BEN, INCIDENTS, "<@U0AGW>", card["ts"])
        await bench.slack.wait_for(lambda: len(bench.cards()) == 2)
        newest = await bench.card(lambda it: "evidence" in buttons(it))
        assert newest["text"].startswith("agw-test")
        await bench.idle()
        assert not any(QUESTION in shown(it) for it in bench.slack.ephemerals(BEN, INCIDENTS))


@pytest.mark.parametrize("error", ["missing_scope", None])
async def test_in_another_thread_it_asks(bench: Bench, error: str | None) -> None:
    card = await bench.report()
    parent = await bench.slack.post(ADA, GENERAL, "lunch?")
    place, thread = (INCIDENTS, card["ts"]) if error else (GENERAL, parent["ts"])
    if error:
        bench.slack.faults.fail("conversations.replies", error)
    await bench.slack.post(BEN, place, "<@U0AGW>", thread)
    said = await bench.told(BEN, QUESTION, place)
    assert said["thread_ts"] == thread


@pytest.mark.parametrize("text", ["502 from gateway", "Getting 502 from the gateway again!"])
async def test_a_report_without_a_name_is_asked_back_so_that_only_its_author_sees_it(
    bench: Bench, text: str
) -> None:
    await bench.slack.post(BEN, INCIDENTS, text)
    await bench.told(BEN, QUESTION)
    await bench.idle()
    assert bench.cards() == []
    assert bench.slack.ephemerals(ADA, INCIDENTS) == []


async def test_a_report_without_a_name_in_the_thread_of_a_card_is_about_its_gateway(
    bench: Bench,
) -> None:
    card = await bench.report()
    await bench.idle()
    bench.clock.turn(minutes=5)
    await bench.slack.post(BEN, INCIDENTS, "still 502 from the gateway", card["ts"])
    await bench.slack.wait_for(lambda: len(bench.cards()) == 2)


async def test_trouble_in_plain_words_is_heard_in_a_report_channel(bench: Bench) -> None:
    await bench.slack.post(BEN, INCIDENTS, "what is wrong with agw-unknown-to-all?")
    await bench.slack.post(BEN, INCIDENTS, "gateway agw-test is down")
    await bench.card(lambda it: "evidence" in buttons(it))
    await bench.idle()
    assert bench.slack.ephemerals(BEN, INCIDENTS) == []


async def test_what_is_said_to_the_bot_alone_needs_no_mention(bench: Bench) -> None:
    said = {
        "type": "message",
        "channel_type": "im",
        "channel": GENERAL,
        "ts": f"{bench.clock.now.timestamp():.6f}",
        "team": "T0LAB",
        "user": BEN,
        "text": "please check agw-test",
    }
    body = {"type": "event_callback", "team_id": "T0LAB", "event": said}
    await bench.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
    await bench.slack.wait_for(
        lambda: any("evidence" in buttons(it) for it in bench.slack.messages(GENERAL))
    )


def test_the_list_calls_healthy_only_what_was_looked_at() -> None:
    looked = LookedAt(2, 1, 1, unasked_healthy=1, silent_healthy=0, requests=0, requests_tried=0)
    report = replace(examined().report, verdict="healthy", looked_at=looked)
    shown = GatewayNow(Candidate(make.ID, "agw-test", "rg-test", "sub"), incident(report), ())
    said = gateway_line(shown, {})
    assert "no fault seen" in said
    assert "healthy" not in said


async def test_more_than_a_menu_holds_are_searched(tmp_path: Path) -> None:
    many = [gateway(f"agw-{it:03}") for it in range(101)]
    async with open_bench(tmp_path, *many) as bench:
        await bench.slack.command(BEN, INCIDENTS, "/agw")
        said = await bench.told(BEN, QUESTION)
        assert button(said, "pick_gateway")["type"] == "external_select"
        first = await bench.slack.suggest(BEN, INCIDENTS, said["ts"], "pick_gateway")
        assert len(first) == 100
        found = await bench.slack.suggest(BEN, INCIDENTS, said["ts"], "pick_gateway", " -07")
        assert [it["text"]["text"] for it in found] == [f"agw-07{it}" for it in range(10)]
        assert await bench.slack.suggest(BEN, INCIDENTS, said["ts"], "pick_gateway", "nope") == []
        await bench.slack.click(
            BEN, INCIDENTS, said["ts"], "pick_gateway", selected_option=found[7]
        )
        card = await bench.card(lambda it: "evidence" in buttons(it))
        assert card["text"].startswith("agw-077")


async def test_who_may_not_use_the_bot_is_offered_no_names(tmp_path: Path) -> None:
    many = [gateway(f"agw-{it:03}") for it in range(101)]
    async with open_bench(tmp_path, *many) as bench:
        await bench.slack.command(BEN, INCIDENTS, "/agw")
        said = await bench.told(BEN, QUESTION)
        bench.slack.describe(BEN, is_restricted=True, is_ultra_restricted=False)
        assert await bench.slack.suggest(BEN, INCIDENTS, said["ts"], "pick_gateway", "agw") == []


async def test_where_azure_does_not_answer_there_are_no_options(tmp_path: Path) -> None:
    many = [gateway(f"agw-{it:03}") for it in range(101)]
    async with open_bench(tmp_path, *many) as bench:
        await bench.slack.command(BEN, INCIDENTS, "/agw")
        said = await bench.told(BEN, QUESTION)
        bench.clock.turn(minutes=5)
        bench.azure.silent = True
        assert await bench.slack.suggest(BEN, INCIDENTS, said["ts"], "pick_gateway", "agw") == []
