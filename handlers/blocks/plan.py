"""A plan as an approver sees it: exactly what changes, what else uses it, how to undo it."""

from collections.abc import Iterator
from typing import Literal

from bot.core.changes.change import Change
from bot.core.changes.plan import BlastRadius, Line, Plan
from bot.core.changes.relief_text import relief_lines
from bot.core.changes.remark_text import in_words
from bot.core.model.generation import TRAITS, Generation
from bot.core.model.marked import parts
from handlers.blocks.composition import Element
from handlers.blocks.elements import button
from handlers.blocks.kit import Block, context, sections
from handlers.blocks.text import MOST_SITES, code, day, moment, outside
from handlers.blocks.text import names as listed
from handlers.ids import approve

MOST_LINES = 8
MOST_NAMES = 6
UNDO = "*Undo:* one button reverts exactly this, as long as nobody has changed it since."


def described(change: Change, *generations: Generation) -> Iterator[Block]:
    """The plan in full: what is changed, and what an approver needs to know about it."""
    yield from sections(decisive_lines(change))
    yield context("\n".join((*course(*generations), UNDO, _valid(change))))


def course(*generations: Generation) -> Iterator[str]:
    """How it goes, and for how long.

    An update rolls through the instances and ends connections that outlast the drain time; WebSockets drop
    (learn.microsoft.com/azure/application-gateway/configuration-http-settings, and Microsoft's staff in
    learn.microsoft.com/answers/questions/1810966).
    """
    yield f"*Duration:* {usual(*generations)}; then the backends' health is watched."
    yield (
        "*While it runs:* sites stay up, but long-lived connections (WebSockets, long downloads) may drop."
    )


def usual(*generations: Generation) -> str:
    """How long Azure takes for a change; of every generation if none is named."""
    return ", ".join(
        f"{it} often takes {TRAITS[it].typical_update}" for it in generations or tuple(TRAITS)
    )


def short_radius(radius: BlastRadius) -> str:
    """What else uses the changed settings, on one line."""
    parts = (
        ("listeners", radius.listeners),
        ("rules", radius.rules),
        ("pools", radius.pools),
        ("sites", radius.hosts),
    )
    return (
        "; ".join(f"{what} {listed(names, MOST_NAMES)}" for what, names in parts if names)
        or "nothing else"
    )


def approve_button(change: Change, label: str, *, primary: bool) -> Element:
    """The button that asks to approve this plan: the modal that it opens shows it in full."""
    style: Literal["primary"] | None = "primary" if primary else None
    return button(label, approve(change.plan.option), change.id, style=style)


def changed_lines(plan: Plan) -> Iterator[str]:
    """Each changed place, before and after."""
    for line in plan.lines[:MOST_LINES]:
        yield f"\u2022 {outside(line.place, 200)}: {_exchange(line)}"
    if len(plan.lines) > MOST_LINES:
        yield f"\u2022 ... and {len(plan.lines) - MOST_LINES} more"


def decisive_lines(change: Change) -> Iterator[str]:
    """Which sites, what changes, with which certificate, what shares it, which faults it ends."""
    plan = change.plan
    yield from _sites(plan)
    yield from _change(plan)
    yield from _certificates(plan)
    yield from _reach(plan)
    yield from _notes(plan)


def first_lines(change: Change) -> Iterator[str]:
    """What an approver weighs first, so that it stands above the fold of a phone, with the way back."""
    plan = change.plan
    yield from _sites(plan)
    yield from _certificates(plan)
    yield from _notes(plan)
    yield UNDO


def further_lines(change: Change, *generations: Generation) -> Iterator[str]:
    """The rest: the change itself, what shares it, which faults it ends, and how it goes."""
    yield from _change(change.plan)
    yield from _reach(change.plan)
    yield from course(*generations)


def _sites(plan: Plan) -> Iterator[str]:
    if plan.blast_radius.hosts:
        yield f"*Sites:* {listed(plan.blast_radius.hosts, MOST_SITES)}"


def _change(plan: Plan) -> Iterator[str]:
    yield "*What changes:*"
    yield from changed_lines(plan)


def _certificates(plan: Plan) -> Iterator[str]:
    for it in plan.certificates:
        yield (
            f"*Certificate:* {code(it.subject)} issued by {code(it.issuer)}, valid"
            f" {day(it.not_before)} to {day(it.not_after)}, SHA-256 {code(it.sha256)}"
        )


def _reach(plan: Plan) -> Iterator[str]:
    yield f"*Shared by:* {short_radius(plan.blast_radius)}"
    for what, told in relief_lines(plan.relief):
        yield f"*{what.capitalize()}:* {outside(told, 600)}"


def _notes(plan: Plan) -> Iterator[str]:
    for note in plan.notes:
        yield f"*Note:* {outside(in_words(note), 600)}"


def _valid(change: Change) -> str:
    return f"*Valid until* {moment(change.expires)}; refused if the gateway or certificate changes before then."


def _exchange(line: Line) -> str:
    after = outside(line.after, 120)
    # A name stands out by itself, and one like *.contoso.com would end the bold letters.
    named = any(is_name for _, is_name in parts(line.after))
    after = after if named else f"*{after}*"
    return after if line.opposite else f"{outside(line.before, 120)} \u2192 {after}"
