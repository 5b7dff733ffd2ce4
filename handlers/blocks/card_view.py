"""What a card is built from, and the buttons and small print that more than one kind of card has."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.changes.change import Change
from bot.core.changes.limits import Closed
from bot.core.report.incident import Incident
from bot.workflow.progress import Step
from handlers import ids
from handlers.blocks.composition import Element, confirm
from handlers.blocks.elements import button
from handlers.blocks.text import code, moment, user


@dataclass(frozen=True, slots=True)
class CardView:
    """Everything a card is built from.

    `trouble` says why the diagnosis or the change does not continue. `handed_over`: this process ends, and leaves a
    change under way to the next one. `closed` and `frozen_until`: what the operator has ruled out.
    `now` is when the card is drawn.
    """

    incident: Incident
    changes: tuple[Change, ...] = ()
    approvers: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    trouble: str = ""
    read_only: bool = False
    closed: Closed | None = None
    frozen_until: datetime | None = None
    handed_over: bool = False
    now: datetime | None = None


def reject_button(view: CardView) -> Element:
    """Turns down all that the card offers."""
    return button("Reject", ids.REJECT, view.incident.id)


def cancel_button(change: Change) -> Element:
    """There until the PUT: from then on only Azure can tell how it ends."""
    return button("Cancel", ids.CANCEL, change.id)


def evidence_button(view: CardView) -> Element:
    """What was seen."""
    return button("Evidence", ids.EVIDENCE, view.incident.id)


def details_button(view: CardView) -> Element:
    """What can be done."""
    return button("Details", ids.DETAILS, view.incident.id)


def again_button(view: CardView) -> Element:
    """The same gateway once more."""
    return button("Diagnose again", ids.DIAGNOSE_AGAIN, view.incident.id)


def undo_button(done: Change) -> Element:
    """Takes a finished change back."""
    question = confirm(
        "Undo this change?",
        f"This reverts the change to {code(done.plan.gateway_name, 80)}, and nothing else."
        " Long-lived connections may drop meanwhile.",
        "Undo",
        danger=True,
    )
    return button("Undo", ids.UNDO, done.id, style="danger", confirm=question)


def request_line(view: CardView) -> str:
    """Who asked for it, and when."""
    return f"requested by {user(view.incident.asked_by)}, {moment(view.incident.created)}"
