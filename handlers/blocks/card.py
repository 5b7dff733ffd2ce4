"""The one message of an incident, built anew from the store whenever something changes.

A card is a pure function of the incident, its changes and the steps under way, so it can be redrawn at any time: after
a restart, after a lost edit, on another replica.
"""

from collections.abc import Iterator

from bot.core.changes.change import ACTIVE, Change
from bot.core.model.marked import plain
from bot.core.report.report import Report
from handlers.blocks import outcome, plan, progress
from handlers.blocks.card_state import CardState, card_state
from handlers.blocks.card_view import (
    CardView,
    again_button,
    cancel_button,
    details_button,
    evidence_button,
    reject_button,
    request_line,
    undo_button,
)
from handlers.blocks.diagnosis import recommendation, verdict
from handlers.blocks.kit import Block, Message, actions, context, message, section, sections
from handlers.blocks.open_card import open_card, to_decide, who_may_press
from handlers.blocks.text import code, outside, user

__all__ = ["CardView", "card"]


def card(view: CardView) -> Message:
    """The card as it should look now."""
    report = view.incident.report
    stands = card_state(view.changes)
    current = stands.current
    if report is None or (view.trouble and current is None):
        return _failed(view) if view.trouble else _looking(view)
    if current is None:
        return message(_first_line(report), open_card(view, report, stands))
    if current.state in ACTIVE:
        head = f"{outside(current.plan.gateway_name, 80)}: {outside(current.plan.title)}, approved. Working on it."
        return message(head, _working(view, report, current))
    return message(outcome.headline(current), _ended(view, report, stands, current))


def _looking(view: CardView) -> Message:
    name = view.incident.gateway_name
    return message(
        f"Diagnosing {outside(name, 80)} ...",
        [
            section(f":mag: *Diagnosing* {code(name, 80)} ..."),
            progress.checklist(progress.DIAGNOSIS, view.steps),
            context(request_line(view)),
        ],
    )


def _failed(view: CardView) -> Message:
    name, why = view.incident.gateway_name, outside(view.trouble, 1200)
    return message(
        f"{outside(name, 80)} could not be diagnosed: {why}",
        [
            section(f":warning: {code(name, 80)} *could not be diagnosed*\n{why}"),
            actions("tools", [again_button(view)]),
            context(request_line(view)),
        ],
    )


def _working(view: CardView, report: Report, change: Change) -> Iterator[Block]:
    if change.undoes is None:
        yield verdict(report)
    yield from outcome.under_way(change)
    if not view.handed_over:
        yield progress.checklist(progress.CHANGE, view.steps)
        if view.now is not None and change.sent is not None:
            passed = progress.passed(view.now - change.sent)
            usual = plan.usual(report.gateway.generation)
            yield context(f":stopwatch: {passed} since it was sent to Azure; {usual}")
    if change.state == "approved":
        yield actions("decide", [cancel_button(change)])
    if view.handed_over:
        yield section(f":arrows_counterclockwise: {outcome.handed_over(change)}")
    if view.trouble:
        yield section(f":warning: {outside(view.trouble, 1200)}")
    yield context(request_line(view))


def _ended(view: CardView, report: Report, stands: CardState, change: Change) -> Iterator[Block]:
    yield from outcome.ended(change)
    offered = stands.offered if view.approvers else ()
    if offered:
        yield from sections(filter(None, (recommendation(report),)))
        yield from to_decide(view, report, offered)
    undo = stands.undo
    if undo is not None and undo.state == "offered":
        yield from sections(
            [f"*{user(undo.requested_by)} asked to undo this. It needs an approval.*"]
        )
        yield actions(
            "decide", [plan.approve_button(undo, "Undo", primary=True), reject_button(view)]
        )
    tools = [] if stands.undoable is None else [undo_button(stands.undoable)]
    yield actions(
        "tools", [*tools, evidence_button(view), details_button(view), again_button(view)]
    )
    if offered:
        yield context(*who_may_press(view, offered))
    yield context(request_line(view))


def _first_line(report: Report) -> str:
    best = next((it for it in report.options if it.recommended), None)
    said = outside(plain(report.headline), 1000)
    return said + (f" Recommended: {outside(best.title)}." if best else "")
