"""From the report to a healthy gateway and back, as people see it."""

from tests.core import make
from tests.handlers.bench import APPROVE, Bench, button, buttons, shown
from tests.store.make import entries_of


async def test_report_diagnosis_approval_healthy_undo(bench: Bench) -> None:
    card = await bench.report()

    assert card["text"].startswith(
        "agw-test: 10.1.5.11 does not serve the allow-listed certificate"
    )
    assert card["text"].endswith("Recommended: Upload ILB certificate.")
    recommended, *others = [it for it in buttons(card) if it.startswith("approve_")]
    assert recommended == APPROVE
    assert buttons(card) == [
        APPROVE,
        *others,
        "reject",
        "evidence",
        "details",
        "certificate",
        "as_code",
        "diagnose_again",
    ]
    assert "`agw-test`: *fault found*" in card["blocks"][0]["text"]["text"]
    assert len(card["blocks"]) <= 6
    assert button(card, APPROVE)["style"] == "primary"

    await bench.click(card, APPROVE)
    (view,) = await bench.slack.wait_for(lambda: bench.slack.views("U0ADA"))
    assert view["callback_id"] == "approve"
    for needed in (
        "*Upload ILB certificate* on `agw-test`",
        "*Sites:* `test.appgwtestase.com`",
        make.ILB.sha256,
        "*Shared by:* listeners `site`; rules `rule`; pools `pool`",
        "v1 often takes 10 to 20 minutes",
        "*Undo:*",
    ):
        assert needed in shown(view["blocks"])
    assert bench.azure.puts == []
    await bench.slack.close_view("U0ADA", view["id"])
    assert APPROVE in buttons(bench.cards()[-1])

    healed = await bench.approve(card)
    assert healed["ts"] == card["ts"]
    assert "healthy again" in healed["text"]
    assert "approved by <@U0ADA>" in shown(healed)
    assert len(bench.azure.puts) == 1
    await bench.slack.wait_for(
        lambda: (said := bench.thread(card)) and "healthy again" in said[-1]["text"]
    )

    await bench.click(healed, "undo")
    undone = await bench.card(lambda it: "undone" in it["text"])
    assert buttons(undone) == ["evidence", "details", "diagnose_again"]
    assert len(bench.azure.puts) == 2
    assert len(bench.cards()) == 1
    actions = [it.action async for it in entries_of(bench.store)]
    assert [it for it in actions if it in ("diagnosed", "approved", "verified", "undone")] == [
        "diagnosed",
        "approved",
        "verified",
        "approved",
        "undone",
    ]


async def test_a_healthy_gateway_gets_a_short_card(bench: Bench) -> None:
    healed = await bench.approve(await bench.report())
    await bench.click(healed, "diagnose_again")
    card = await bench.card(lambda it: "healthy; no fault found" in it["text"])

    assert card["ts"] != healed["ts"]
    assert buttons(card) == ["evidence", "diagnose_again"]
    assert "`agw-test`: *healthy*" in card["blocks"][0]["text"]["text"]
    assert "*Warning:* This is a v1 gateway" in shown(card)
    assert "*Checked:* the probe's request at 1 backend, " in shown(card)
    assert "*Does it still fail for somebody?* Which host and path, and when?" in shown(card)
    assert len(card["blocks"]) <= 5


async def test_a_change_that_does_not_heal_says_so_and_can_be_undone(bench: Bench) -> None:
    card = await bench.report()
    bench.azure.stubborn = True
    ended = await bench.approve(card)

    assert "changed, but not healthy" in ended["text"]
    assert buttons(ended) == ["undo", "evidence", "details", "diagnose_again"]
    assert button(ended, "undo")["style"] == "danger"


async def test_the_working_card_has_no_buttons_but_a_checklist(bench: Bench) -> None:
    card = await bench.report()
    bench.azure.operating.clear()
    await bench.press(card, APPROVE)

    working = await bench.card(lambda it: "Waiting for Azure to roll it out" in shown(it))
    assert buttons(working) == []
    assert "approved by <@U0ADA>" in shown(working)
    assert ":white_check_mark: Azure accepted the change" in shown(working)
    assert ":white_circle: Watch backend health" in shown(working)
    assert "less than a minute since it was sent to Azure; v1 often takes" in shown(working)
    # Nothing new comes from Azure, and the card says all the same how long it has been.
    bench.clock.turn(minutes=3, seconds=20)
    await bench.slack.wait_for(
        lambda: "3 min since it was sent to Azure" in shown(bench.cards()[-1]), timeout=90
    )
    bench.azure.operating.set()
    await bench.card(lambda it: "healthy again" in it["text"])
