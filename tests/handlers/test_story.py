"""From the report to a healthy gateway and back, as people see it."""

from tests.core import make
from tests.handlers.bench import APPROVE, Bench, button, buttons, shown


async def test_report_diagnosis_approval_healthy_undo(bench: Bench) -> None:
    card = await bench.report()

    assert card["text"].startswith(
        "agw-test: 10.1.5.11 does not serve the allow-listed certificate"
    )
    assert card["text"].endswith("Recommended: Upload ILB certificate to HTTP settings.")
    recommended, *others = [it for it in buttons(card) if it.startswith("approve_")]
    assert recommended == APPROVE
    assert buttons(card) == [
        APPROVE,
        *others,
        "reject",
        "evidence",
        "certificate",
        "as_code",
        "diagnose_again",
    ]
    assert "`agw-test`: *fault found*" in card["blocks"][0]["text"]["text"]
    assert make.ILB.sha256 in shown(card)
    assert make.NOT_ALLOW_LISTED in shown(card)
    assert len(card["blocks"]) <= 20
    assert button(card, APPROVE)["style"] == "primary"
    assert "agw-test" in button(card, APPROVE)["confirm"]["text"]["text"]

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
    assert buttons(undone) == ["evidence", "diagnose_again"]
    assert len(bench.azure.puts) == 2
    assert len(bench.cards()) == 1
    actions = [it.action async for it in bench.store.audit_log()]
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
    assert len(card["blocks"]) <= 5


async def test_a_change_that_does_not_heal_says_so_and_can_be_undone(bench: Bench) -> None:
    card = await bench.report()
    bench.azure.stubborn = True
    ended = await bench.approve(card)

    assert "changed, but not healthy" in ended["text"]
    assert buttons(ended) == ["undo", "evidence", "diagnose_again"]
    assert button(ended, "undo")["style"] == "danger"


async def test_the_working_card_has_no_buttons_but_a_checklist(bench: Bench) -> None:
    card = await bench.report()
    bench.azure.operating.clear()
    await bench.click(card, APPROVE)

    working = await bench.card(lambda it: "Waiting for Azure to roll it out" in shown(it))
    assert buttons(working) == []
    assert "approved by <@U0ADA>" in shown(working)
    assert ":white_check_mark: Azure accepted the change" in shown(working)
    assert ":white_circle: Watch backend health" in shown(working)
    bench.azure.operating.set()
    await bench.card(lambda it: "healthy again" in it["text"])
