"""The card shows the parts of a verdict, whatever words they are made of; a report without parts is shown whole."""

import json
from dataclasses import replace
from pathlib import Path

from bot.core.changes.change import Change
from bot.core.changes.plan import Line
from bot.core.changes.remark_text import remark
from bot.core.report.incident import Incident
from bot.core.report.report import Report
from bot.store.values import change_from_text, from_text
from handlers.blocks import modals
from handlers.blocks.card import CardView, card
from handlers.blocks.evidence import evidence
from handlers.blocks.plan import changed_lines
from tests.handlers import make
from tests.handlers.bench import shown
from tests.handlers.valid import check, check_view

CLIENTS_OF = "test.appgwtestase.com"
RECORDED = Path(__file__).parents[1] / "store" / "recorded"


def text_of(report: Report, *changes: Change) -> str:
    """All that the card of a report shows."""
    made = card(CardView(make.incident(report), changes, ("U0ADA",)))
    check(made)
    return shown(list(made.blocks))


def test_the_verdict_shows_the_conclusion_as_it_is() -> None:
    report = make.examined().report
    text = text_of(replace(report, conclusion=f"{report.gateway.name}: is its own name"))
    suffering = f"Clients of `{CLIENTS_OF}` get 502."
    assert (
        f"fault found*\n{suffering}\n{report.gateway.name.capitalize()}: is its own name\n" in text
    )


def test_who_suffers_is_said_only_where_it_is_known() -> None:
    report = make.examined().report
    first, second, *_ = text_of(replace(report, suffering="", conclusion="it is so")).splitlines()
    assert first.endswith("fault found*")
    assert second == "It is so"


def test_a_line_of_opposites_shows_only_what_comes_after() -> None:
    plan = make.plan()
    lines = (
        Line("a", "without x", "with x", opposite=True),
        Line("b", "with the old", "without the old"),
        Line("c", "with x", "without x", opposite=True),
    )
    assert list(changed_lines(replace(plan, lines=lines))) == [
        "\u2022 a: *with x*",
        "\u2022 b: with the old \u2192 *without the old*",
        "\u2022 c: *without x*",
    ]


def test_a_report_from_before_there_were_parts_is_shown_whole() -> None:
    incident = from_text((RECORDED / "incident.json").read_text(encoding="utf-8"), Incident)
    change = change_from_text("offered", (RECORDED / "change.json").read_text(encoding="utf-8"))
    report = incident.report
    assert report is not None
    text = text_of(report, change)
    best = next(it for it in report.options if it.recommended)
    assert report.headline[1:] in text
    assert best.title in text
    assert best.reason[1:] in shown(modals.details_view(report, (change,), "")["blocks"])
    assert "approve_upload_ilb_certificate" in json.dumps(
        [*card(CardView(incident, (change,), ("U0ADA",))).blocks]
    )
    pages = evidence(report)
    assert pages
    for page in pages:
        check(page)


NOTES = (remark("cures_failed"), remark("stays", where="tags"))


def approver_sees(change: Change) -> str:
    """All that the modal shows before the press that counts."""
    view = modals.approval_view(change, make.incident(make.examined().report))
    check_view(view)
    return shown(view["blocks"])


def test_whoever_approves_is_shown_what_the_plan_says_of_itself() -> None:
    text = approver_sees(make.change(replace(make.plan(), notes=NOTES)))
    assert "*Note:* The gateway's provisioning state is Failed." in text
    assert "*Note:* What somebody else changed since stays as it is: tags." in text


def test_so_is_whoever_approves_an_undo() -> None:
    done = make.change(make.plan(), "healthy")
    undo = make.change(replace(make.plan(), notes=NOTES[1:]), id="undo", undoes=done.id)
    assert "*Note:* What somebody else changed since stays as it is: tags." in approver_sees(undo)
    assert "asked to undo this" in text_of(make.examined().report, done, undo)
