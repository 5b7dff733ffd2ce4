"""The one message of an incident, built anew from the store whenever something changes.

A card is a pure function of the incident, its changes and the steps under way, so it can be redrawn at any time: after
a restart, after a lost edit, on another replica.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.changes.change import ACTIVE, Change
from bot.core.model.marked import plain
from bot.core.report.code_handout import with_code
from bot.core.report.incident import Incident
from bot.core.report.report import Report
from bot.workflow.progress import Step
from handlers import ids
from handlers.blocks import outcome, plan, progress
from handlers.blocks.card_state import CardState, card_state
from handlers.blocks.diagnosis import diagnosis, facts, scope, verdict
from handlers.blocks.kit import (
    Block,
    Element,
    Message,
    actions,
    button,
    confirm,
    context,
    message,
    section,
    sections,
)
from handlers.blocks.text import approvers, code, moment, outside, user


@dataclass(frozen=True, slots=True)
class CardView:
    """Everything a card is built from.

    `trouble` says why the diagnosis or the change does not continue. `handed_over`: this process ends, and leaves a
    change under way to the next one.
    """

    incident: Incident
    changes: tuple[Change, ...] = ()
    approvers: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    trouble: str = ""
    read_only: bool = False
    handed_over: bool = False


def card(view: CardView) -> Message:
    """The card as it should look now."""
    report = view.incident.report
    stands = card_state(view.changes)
    current = stands.current
    if report is None or (view.trouble and current is None):
        return _failed(view) if view.trouble else _looking(view)
    if current is None:
        return message(_first_line(report), _open(view, report, stands))
    if current.state in ACTIVE:
        head = f"{outside(current.plan.gateway_name, 80)}: {outside(current.plan.title)}, approved. Working on it."
        return message(head, _working(view, report, current))
    return message(outcome.headline(current), _ended(view, stands, current))


def _looking(view: CardView) -> Message:
    name = view.incident.gateway_name
    return message(
        f"Diagnosing {outside(name, 80)} ...",
        [
            section(f":mag: *Diagnosing* {code(name, 80)} ..."),
            progress.checklist(progress.DIAGNOSIS, view.steps),
            context(_asked(view)),
        ],
    )


def _failed(view: CardView) -> Message:
    name, why = view.incident.gateway_name, outside(view.trouble, 1200)
    return message(
        f"{outside(name, 80)} could not be diagnosed: {why}",
        [
            section(f":warning: {code(name, 80)} *could not be diagnosed*\n{why}"),
            actions("tools", [_again(view)]),
            context(_asked(view)),
        ],
    )


def _open(view: CardView, report: Report, stands: CardState) -> Iterator[Block]:
    """A diagnosis, and the buttons to decide on it."""
    yield from diagnosis(report)
    if stands.offered:
        yield from plan.described(stands.offered[0])
        if view.approvers:
            yield actions("decide", _decisions(view, report, stands.offered))
    elif stands.closed is not None:
        yield outcome.closed(stands.closed)
    yield actions("tools", _tools(view, report))
    yield context(*_small_print(view, report, stands))


def _working(view: CardView, report: Report, change: Change) -> Iterator[Block]:
    if change.undoes is None:
        yield verdict(report)
    yield from outcome.under_way(change)
    if not view.handed_over:
        yield progress.checklist(progress.CHANGE, view.steps)
    if change.state == "approved":
        yield actions("decide", [_cancel(change)])
    if view.handed_over:
        yield section(f":arrows_counterclockwise: {outcome.handed_over(change)}")
    if view.trouble:
        yield section(f":warning: {outside(view.trouble, 1200)}")
    yield context(_asked(view))


def _ended(view: CardView, stands: CardState, change: Change) -> Iterator[Block]:
    yield from outcome.ended(change)
    undo = stands.undo
    if undo is not None and undo.state == "offered":
        yield from sections(
            [f"*{user(undo.requested_by)} asked to undo this. It needs an approval.*"]
        )
        yield from plan.described(undo)
        yield actions("decide", [plan.approve_button(undo, "Undo", primary=True), _reject(view)])
    tools = [] if stands.undoable is None else [_undo(stands.undoable)]
    yield actions("tools", [*tools, _evidence(view), _again(view)])
    yield context(_asked(view))


def _first_line(report: Report) -> str:
    best = next((it for it in report.options if it.recommended), None)
    said = outside(plain(report.headline), 1000)
    return said + (f" Recommended: {outside(best.title)}." if best else "")


def _decisions(view: CardView, report: Report, offered: tuple[Change, ...]) -> list[Element]:
    labels = {it.id: it.button for it in report.options}
    made = [
        plan.approve_button(
            it,
            labels.get(it.plan.option, it.plan.title),
            primary=it.plan.option == report.recommended,
        )
        for it in offered
    ]
    return [*made, _reject(view)]


def _tools(view: CardView, report: Report) -> list[Element]:
    tools = []
    if report.findings or report.undecided:
        tools.append(_evidence(view))
    served = (made.chain for backend in report.backends for made in backend.handshakes)
    if report.verdict == "fault" and any(served):
        tools.append(button("Get the .cer", ids.CERTIFICATE, view.incident.id))
    if with_code(report):
        tools.append(button("As code", ids.AS_CODE, view.incident.id))
    return [*tools, _again(view)]


def _reject(view: CardView) -> Element:
    return button("Reject", ids.REJECT, view.incident.id)


def _cancel(change: Change) -> Element:
    """There until the PUT: from then on only Azure can tell how it ends."""
    return button("Cancel", ids.CANCEL, change.id)


def _evidence(view: CardView) -> Element:
    return button("Evidence", ids.EVIDENCE, view.incident.id)


def _again(view: CardView) -> Element:
    return button("Diagnose again", ids.DIAGNOSE_AGAIN, view.incident.id)


def _undo(done: Change) -> Element:
    question = confirm(
        "Undo this change?",
        f"This reverts the change to {code(done.plan.gateway_name, 80)}, and nothing else."
        " Long-lived connections may drop meanwhile.",
        "Undo",
        danger=True,
    )
    return button("Undo", ids.UNDO, done.id, style="danger", confirm=question)


def _small_print(view: CardView, report: Report, stands: CardState) -> Iterator[str]:
    yield facts(report)
    if told := scope(report):
        yield told
    yield _asked(view)
    yield f"took {report.seconds:.1f} s"
    if view.read_only:
        yield "read-only mode: nothing can be changed"
    elif stands.offered:
        yield f"approvers: {approvers(view.approvers)}"


def _asked(view: CardView) -> str:
    return f"requested by {user(view.incident.asked_by)}, {moment(view.incident.created)}"
