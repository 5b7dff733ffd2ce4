"""`/agw` and what it answers."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.problem import Problem
from bot.workflow import Policy
from handlers.blocks.history import MOST_LISTED
from tests.core import make
from tests.handlers.bench import (
    ADA,
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


async def command(bench: Bench, text: str, person: str = BEN, channel: str = INCIDENTS) -> None:
    result = await bench.slack.command(person, channel, text)
    assert result.ok
    assert result.response is None


async def test_help_is_for_one_person_and_shows_examples(bench: Bench) -> None:
    await command(bench, "/agw help")
    said = await bench.told(BEN, "/agw diagnose agw-prod")
    assert "<!subteam^S0NETOPS>" in shown(said)
    assert bench.cards() == []


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("diagnoze agw-test", "diagnose agw-test"), ("histori", "history"), ("hello there", "help")],
)
async def test_a_wrong_verb_gets_the_nearest_one(bench: Bench, wrong: str, meant: str) -> None:
    await command(bench, f"/agw {wrong}")
    await bench.told(BEN, f"Did you mean `/agw {meant}`?")
    assert bench.cards() == []


async def test_version(tmp_path: Path) -> None:
    async with open_bench(tmp_path, version="1.2.3") as bench:
        await command(bench, "/agw version")
        await bench.told(BEN, "1.2.3")


async def test_diagnose_posts_a_public_card_in_any_channel(bench: Bench) -> None:
    await command(bench, "/agw diagnose agw-test", channel=GENERAL)
    await bench.slack.wait_for(
        lambda: any("evidence" in buttons(it) for it in bench.slack.messages(GENERAL))
    )
    assert "requested by <@U0BEN>" in shown(bench.slack.messages(GENERAL)[0])


async def test_a_site_is_as_good_as_a_name(bench: Bench) -> None:
    await command(bench, "/agw diagnose https://test.appgwtestase.com/basket")
    await bench.card(lambda it: "fault found" in shown(it))


async def test_an_unknown_gateway_gets_the_nearest_names(bench: Bench) -> None:
    await command(bench, "/agw diagnose agw-tset")
    said = await bench.told(BEN, "I see no gateway that matches `agw-tset`")
    assert "`agw-test`" in shown(said)
    assert bench.cards() == []


async def test_one_of_several_is_chosen_from_a_menu(tmp_path: Path) -> None:
    twins = (gateway(), gateway(group="rg-other"))
    async with open_bench(tmp_path, *twins) as bench:
        await command(bench, "/agw diagnose agw-test")
        menu = await bench.told(BEN, "Which one?")
        options = button(menu, "pick_gateway")["options"]
        assert [it["description"]["text"].split(",")[0] for it in options] == [
            "rg-test",
            "rg-other",
        ]
        await bench.slack.click(
            BEN, INCIDENTS, menu["ts"], "pick_gateway", selected_option=options[1]["value"]
        )
        card = await bench.card(lambda it: "fault found" in shown(it))
        await bench.click(card, "evidence", BEN)
        (view,) = await bench.slack.wait_for(lambda: bench.slack.views(BEN))
        assert "`rg-other` in `westeurope`" in shown(view["blocks"])
        said = bench.slack.ephemerals(BEN, INCIDENTS)[0]
        assert buttons(said) == []


async def test_a_gateway_that_vanished_meanwhile_cannot_be_chosen(tmp_path: Path) -> None:
    twins = (gateway(), gateway(group="rg-other"))
    async with open_bench(tmp_path, *twins) as bench:
        await command(bench, "/agw diagnose agw-test")
        menu = await bench.told(BEN, "Which one?")
        chosen = button(menu, "pick_gateway")["options"][1]["value"]
        bench.azure.documents.pop(twins[1]["id"].lower())
        bench.clock.turn(minutes=2)
        await bench.slack.click(BEN, INCIDENTS, menu["ts"], "pick_gateway", selected_option=chosen)
        await bench.told(BEN, "no longer there")
        assert bench.cards() == []


async def test_who_asks_again_is_shown_the_card_that_is_there(bench: Bench) -> None:
    card = await bench.report()
    await bench.idle()
    await command(bench, "/agw diagnose agw-test")
    said = await bench.told(BEN, "was diagnosed")
    assert card["ts"].replace(".", "") in shown(said)
    assert len(bench.cards()) == 1

    await command(bench, "/agw diagnose agw-test again")
    await bench.slack.wait_for(lambda: len(bench.cards()) == 2)


async def test_after_two_minutes_it_is_diagnosed_anew(bench: Bench) -> None:
    await bench.report()
    await bench.idle()
    bench.clock.turn(minutes=3)
    await command(bench, "/agw diagnose agw-test")
    await bench.slack.wait_for(lambda: len(bench.cards()) == 2)


async def test_if_the_recent_card_was_deleted_it_is_diagnosed_anew(bench: Bench) -> None:
    card = await bench.report()
    await bench.idle()
    await bench.app.client.chat_delete(channel=INCIDENTS, ts=card["ts"])
    await command(bench, "/agw diagnose agw-test")
    await bench.card(lambda it: "evidence" in buttons(it) and it["ts"] != card["ts"])


async def test_while_one_runs_nobody_starts_a_second(bench: Bench) -> None:
    bench.azure.reading.clear()
    await command(bench, "/agw diagnose agw-test", ADA)
    card = await bench.card(lambda it: "Diagnosing agw-test" in it["text"])
    for text in ("/agw diagnose agw-test", "/agw diagnose agw-test again"):
        await command(bench, text)
    await bench.slack.wait_for(lambda: len(bench.slack.ephemerals(BEN, INCIDENTS)) == 2)
    for said in bench.slack.ephemerals(BEN, INCIDENTS):
        assert card["ts"].replace(".", "") in shown(said)
    bench.azure.reading.set()
    await bench.card(lambda it: "fault found" in shown(it))
    assert len(bench.cards()) == 1


async def test_azure_trouble_is_one_sentence_on_the_card(bench: Bench) -> None:
    bench.azure.trouble = [Problem("forbidden", "I may not read it.", "Give me the role Reader.")]
    await command(bench, "/agw diagnose agw-test")
    card = await bench.card(lambda it: "could not be diagnosed" in it["text"])
    assert "I may not read it. Give me the role Reader." in shown(card)
    assert buttons(card) == ["diagnose_again"]

    await bench.click(card, "diagnose_again")
    await bench.slack.wait_for(lambda: len(bench.cards()) == 2)


async def test_the_unexpected_gets_a_reference_and_no_trace(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.azure.trouble = [RuntimeError("secret detail")]
    await command(bench, "/agw diagnose agw-test")
    said = shown(await bench.told(BEN, "reference"))
    card = await bench.card(lambda it: "could not be diagnosed" in it["text"])

    assert "secret detail" not in said + shown(card)
    reference = said.rpartition("reference: ")[2].rstrip(".")
    assert any(reference in it.message and it.exc_info for it in caplog.records)


async def test_where_the_bot_is_no_member_it_says_how_to_invite_it(bench: Bench) -> None:
    bench.slack.faults.fail("chat.postMessage", "not_in_channel")
    await command(bench, "/agw diagnose agw-test")
    await bench.told(BEN, "/invite @agw")


async def test_read_only_offers_nothing(tmp_path: Path) -> None:
    async with open_bench(tmp_path, policy=Policy(read_only=True)) as bench:
        card = await bench.report()
        assert buttons(card) == ["evidence", "details", "certificate", "as_code", "diagnose_again"]
        assert "Read-only mode" in shown(card)


async def test_without_approvers_nothing_can_be_pressed(tmp_path: Path) -> None:
    async with open_bench(tmp_path, approvers=()) as bench:
        card = await bench.report()
        assert buttons(card) == ["evidence", "details", "certificate", "as_code", "diagnose_again"]
        assert "no approvers are configured" in shown(card)


async def test_status_tells_what_is_open_and_what_was_seen(bench: Bench) -> None:
    await command(bench, "/agw status")
    await bench.told(BEN, "No recent diagnosis, no open offer, no running change")
    await bench.report()
    await command(bench, "/agw status agw-test")
    said = shown(await bench.told(BEN, "*Status of* `agw-test`"))
    assert "waiting for approval" in said
    assert "|card>" in said


async def test_status_of_one_whose_card_was_deleted_has_no_link(bench: Bench) -> None:
    card = await bench.report()
    await bench.idle()
    await bench.app.client.chat_delete(channel=INCIDENTS, ts=card["ts"])
    await command(bench, "/agw status agw-test")
    said = shown(await bench.told(BEN, "*Status of* `agw-test`"))
    assert "`10.1.5.11` does not serve the allow-listed certificate" in said
    assert "|card>" not in said


async def test_status_of_an_unknown_gateway(bench: Bench) -> None:
    await command(bench, "/agw status nowhere-at-all")
    await bench.told(BEN, "I see no gateway that matches `nowhere-at-all`")


async def test_history_tells_what_was_changed_by_whom(tmp_path: Path) -> None:
    twins = (gateway(), gateway("agw-other"))
    async with open_bench(tmp_path, *twins) as bench:
        await command(bench, "/agw history agw-other")
        await bench.told(BEN, "None so far")
        await bench.approve(await bench.report())
        await command(bench, "/agw history")
        said = shown(await bench.told(BEN, "*Changes to* all gateways"))
        assert "done, healthy by <@U0ADA>" in said
        changed, diagnosed = said.split("*Diagnoses of* all gateways")
        assert "|card> `agw-test`: Upload ILB certificate" in changed
        assert "|card>" in diagnosed
        assert "agw-test: healthy" in diagnosed


async def test_history_lists_the_newest_diagnoses_and_says_that_there_are_more(
    bench: Bench,
) -> None:
    await bench.report()
    (first,) = await bench.store.recent_incidents(None, make.NOW - timedelta(days=1), limit=2)
    for number in range(MOST_LISTED):
        at = make.NOW - timedelta(days=number + 1)
        await bench.store.add_incident(replace(first, id=f"i{number}", created=at, ts=""))
    await command(bench, "/agw history agw-test")
    said = shown(await bench.told(BEN, "*Diagnoses of* `agw-test`"))
    assert said.count("does not serve the allow-listed certificate") == MOST_LISTED
    # Of the ten that are shown, one has a card; so have the two offers.
    assert said.count("|card>") == 1 + 2
    assert "... and older ones. `agw audit` lists all." in said


async def test_history_of_one_of_several_asks_which(tmp_path: Path) -> None:
    async with open_bench(tmp_path, gateway(), gateway(group="rg-other")) as bench:
        await command(bench, "/agw history agw-test")
        said = await bench.told(BEN, "Which one?")
        assert "`rg-other/agw-test`" in shown(said)


async def test_the_card_shows_until_when_it_may_be_approved(tmp_path: Path) -> None:
    policy = Policy(approval_ttl=timedelta(seconds=90))
    async with open_bench(tmp_path, policy=policy) as bench:
        card = await bench.report()
        expires = int((bench.clock.now + timedelta(seconds=90)).timestamp())
        assert f"until <!date^{expires}^" in shown(card)
