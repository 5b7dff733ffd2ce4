"""From the report to a healthy gateway and back, as people see it."""

import base64

from tests.core import make
from tests.handlers.bench import ADA, APPROVE, INCIDENTS, Bench, button, buttons, shown


async def test_report_diagnosis_approval_healthy_undo(bench: Bench) -> None:
    card = await bench.report()

    assert card["text"].startswith("agw-test: 10.1.5.11 serves another certificate")
    assert buttons(card) == [APPROVE, "reject", "evidence", "certificate", "diagnose_again"]
    assert "agw-test: fault found" in card["blocks"][0]["text"]["text"]
    assert make.ILB.sha256 in shown(card)
    assert len(card["blocks"]) <= 20

    healed = await bench.approve(card)
    assert healed["ts"] == card["ts"]
    assert "healthy again" in healed["text"]
    assert len(bench.azure.puts) == 1
    await bench.slack.wait_for(lambda: "healthy again" in bench.thread(card)[-1]["text"])

    await bench.slack.click(ADA, INCIDENTS, card["ts"], "undo")
    undone = await bench.card(lambda it: "undone" in it["text"])
    assert "undo" not in buttons(undone)
    assert len(bench.azure.puts) == 2
