"""A plan for the terminal: what would be written, who shares it, what it heals and what it does not."""

from collections.abc import Iterator
from shlex import quote

from bot.cli.lines import clean
from bot.cli.page import BLANK, Line, command, shown
from bot.cli.steps import step_lines
from bot.core.changes.plan import BlastRadius, Plan
from bot.core.changes.relief_text import relief_lines
from bot.core.changes.remark_text import in_words
from bot.core.report.option_facts import OptionFacts
from bot.core.report.planned import Planned


def render(gateway: str, made: Planned, *, colour: bool, width: int) -> str:
    """The whole plan as text."""
    return shown(_lines(gateway, made), colour=colour, width=width)


def _lines(gateway: str, made: Planned) -> Iterator[Line]:
    option, plan = made.option, made.plan
    too = f" with {option.together_with}" if option.together_with else ""
    said = f"{gateway}: {option.title} [{option.id}{too}], {_stands(option)}; nothing was written"
    yield Line(said, "PLAN  ", "bold", "bold cyan")
    yield Line(option.reason, "  ")
    for what, told in relief_lines(plan.relief) if plan else ():
        yield _beside(what, told)
    for it in plan.notes if plan else ():
        yield _beside("note", in_words(it))
    if plan and made.edits:
        yield from _heading("Changes")
        yield from _changes(plan)
    elif plan:
        yield from _heading("No button writes this: it is done by hand")
    if option.steps:
        yield from _heading("By hand")
        yield from step_lines(option.steps, 2)
    if made.document is not None:
        yield from _heading("The whole document")
        yield command(f"agw plan {quote(clean(gateway))} {option.id} --json")


def _heading(text: str) -> Iterator[Line]:
    yield BLANK
    yield Line(text, style="bold")


def _stands(option: OptionFacts) -> str:
    if option.works:
        return "recommended" if option.recommended else "works"
    unknown = option.outcome is not None and option.outcome.kind == "cannot_tell"
    return "may help or not" if unknown else "does not work"


def _changes(plan: Plan) -> Iterator[Line]:
    for line in plan.lines:
        yield _beside(line.place, f"{line.before} -> {line.after}")
    for it in plan.certificates:
        dates = f"valid {it.not_before:%Y-%m-%d} to {it.not_after:%Y-%m-%d}"
        told = f"{it.subject}, issued by {it.issuer}, {dates}, SHA-256 {it.sha256}"
        yield _beside("certificate", told)
    yield _beside("shared by", _radius(plan.blast_radius))


def _radius(radius: BlastRadius) -> str:
    every = ((what, getattr(radius, what)) for what in radius.__slots__)
    return "; ".join(f"{what} {', '.join(names)}" for what, names in every if names) or "nothing"


def _beside(what: str, told: str) -> Line:
    return Line(told, f"  {what}: ")
