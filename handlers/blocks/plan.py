"""A plan as an approver sees it: exactly what changes, what else uses it, how to undo it."""

from collections.abc import Iterable, Iterator

from bot.core.changes.change import Change
from bot.core.changes.plan import BlastRadius, Line, Plan
from bot.core.changes.relief_text import relief_lines
from bot.core.changes.remark_text import in_words
from bot.core.model.generation import V1, V2
from bot.core.model.marked import parts
from handlers.blocks.kit import Block, Element, button, confirm, context, sections
from handlers.blocks.text import code, day, moment, outside
from handlers.ids import approve

MOST_LINES = 8
MOST_NAMES = 6

# An update rolls through the instances and ends connections that outlast the drain time; WebSockets drop
# (learn.microsoft.com/azure/application-gateway/configuration-http-settings, and Microsoft's staff in
# learn.microsoft.com/answers/questions/1810966).
LONG_CONNECTIONS = (
    "*While it runs:* sites stay up, but long-lived connections (WebSockets, long downloads) may drop. Azure takes"
    f" {V2.typical_update} on v2 and {V1.typical_update} on v1."
)


def described(change: Change) -> Iterator[Block]:
    """The plan in full: what is changed, and what an approver needs to know about it."""
    yield from sections(_lines(change))
    yield context(
        "\n".join(
            (
                LONG_CONNECTIONS,
                "*Undo:* one button reverts exactly this, as long as nobody has changed it since.",
                f"*Valid until* {moment(change.expires)}; refused if the gateway or certificate changes before then.",
            )
        )
    )


def short_radius(radius: BlastRadius) -> str:
    """What else uses the changed settings, on one line."""
    parts = (
        ("listeners", radius.listeners),
        ("rules", radius.rules),
        ("pools", radius.pools),
        ("sites", radius.hosts),
    )
    return "; ".join(f"{what} {_names(names)}" for what, names in parts if names) or "nothing else"


def approve_button(change: Change, label: str, *, primary: bool) -> Element:
    """The button that approves this plan, with its confirmation dialog."""
    plan = change.plan
    question = confirm(
        label + "?",
        f"This changes {code(plan.gateway_name, 80)}: {outside(plan.title, 100)}.",
        "Approve",
    )
    return button(
        label,
        approve(plan.option),
        change.id,
        style="primary" if primary else None,
        confirm=question,
    )


def changed_lines(plan: Plan) -> Iterator[str]:
    """Each changed place, before and after."""
    for line in plan.lines[:MOST_LINES]:
        yield f"\u2022 {outside(line.place, 200)}: {_exchange(line)}"
    if len(plan.lines) > MOST_LINES:
        yield f"\u2022 ... and {len(plan.lines) - MOST_LINES} more"


def _lines(change: Change) -> Iterator[str]:
    plan = change.plan
    yield f"*What \u201c{outside(plan.title)}\u201d changes*"
    yield from changed_lines(plan)
    for it in plan.certificates:
        yield (
            f"*Certificate:* {code(it.subject)} issued by {code(it.issuer)}, valid"
            f" {day(it.not_before)} to {day(it.not_after)}, SHA-256 {code(it.sha256)}"
        )
    yield f"*Shared by:* {short_radius(plan.blast_radius)}"
    for what, told in relief_lines(plan.relief):
        yield f"*{what.capitalize()}:* {outside(told, 600)}"
    for note in plan.notes:
        yield f"*Note:* {outside(in_words(note), 600)}"


def _exchange(line: Line) -> str:
    after = outside(line.after, 120)
    # A name stands out by itself, and one like *.contoso.com would end the bold letters.
    named = any(is_name for _, is_name in parts(line.after))
    after = after if named else f"*{after}*"
    return after if line.opposite else f"{outside(line.before, 120)} \u2192 {after}"


def _names(names: Iterable[str]) -> str:
    every = tuple(names)
    shown = ", ".join(code(name, 80) for name in every[:MOST_NAMES])
    more = len(every) - MOST_NAMES
    return f"{shown} and {more} more" if more > 0 else shown
