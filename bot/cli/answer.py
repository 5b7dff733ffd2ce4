"""The answer on one screen: verdict, who suffers, what is wrong and why, what to do. `--verbose` has the rest."""

from collections.abc import Iterator
from shlex import quote

from bot.cli.lines import clean
from bot.cli.page import BLANK, Line, fits, height, labelled, shown, under
from bot.cli.terminal import verdict_line
from bot.cli.what_to_do import forms
from bot.core.model.marked import mark_command
from bot.core.report.faults import (
    Same,
    headline_finding,
    open_questions,
    other_faults,
    warned,
)
from bot.core.report.looked_at import scope_words
from bot.core.report.report import Report

ROWS = 29
"""Rows of a screen that the answer may fill."""

MOST_OTHERS = MOST_WARNINGS = MOST_NOTES = 2
MOST_REASONS = 3


def answer(report: Report, again: str, *, colour: bool, width: int) -> str:
    """The answer as text; `again` is the command that gave it, to be typed once more."""
    head, tail = list(_head(report)), [BLANK, *_tail(report, again)]
    room = ROWS - height([*head, *tail], width)
    do: list[Line] = []
    for form in forms(report, again, ROWS):
        do = list(form)
        if fits(do, width, room):
            break
    return shown([*head, *do, *tail], colour=colour, width=width)


def _head(report: Report) -> Iterator[Line]:
    gateway = report.gateway
    states = ((gateway.operational_state, "Running"), (gateway.provisioning_state, "Succeeded"))
    told = [f"{gateway.tier} ({gateway.generation})", *(it for it, usual in states if it != usual)]
    yield verdict_line(report, f"{gateway.name} in {gateway.resource_group}: {', '.join(told)}")
    yield BLANK
    if report.site:
        site = report.site
        way = f"listener {site.listener}, rule {site.rule}, pool {site.pool}"
        yield labelled(
            "Asked about", f"{site.host}{site.path}: {way}, settings {site.http_settings}"
        )
    if report.suffering:
        yield labelled("Who suffers" if report.verdict == "fault" else "Clients", report.suffering)
    match report.verdict:
        case "fault":
            yield from _fault(headline_finding(report))
        case "undecided":
            yield from _not_known(report)
        case "healthy":
            yield from _healthy(report)
    scope = "" if report.verdict == "healthy" else scope_words(report.looked_at)
    if scope:
        yield labelled("Looked at", f"{scope}.")


def _fault(same: Same) -> Iterator[Line]:
    first = same[0]
    where = f" The same at {len(same)} backends." if len(same) > 1 else ""
    sure = "" if first.confidence == "high" else f" Confidence: {first.confidence}."
    yield labelled("Fault", f"{first.summary}{where}{sure}")
    yield labelled("Cause", first.cause)


def _not_known(report: Report) -> Iterator[Line]:
    reasons = list(dict.fromkeys(it.because for it in report.undecided))
    for number, because in enumerate(reasons[:MOST_REASONS]):
        yield labelled("" if number else "Not known", f"{because}.")
    if len(reasons) > MOST_REASONS:
        yield under(f"... and {len(reasons) - MOST_REASONS} more.")


def _healthy(report: Report) -> Iterator[Line]:
    yield labelled("Checked", report.conclusion)
    for same in warned(report)[:MOST_WARNINGS]:
        yield labelled("Warning", same[0].summary)


def _tail(report: Report, again: str) -> Iterator[Line]:
    others = other_faults(report)
    for same in others[:MOST_OTHERS]:
        yield labelled("Also at fault", f"{same[0].summary} {_ended(report, same)}")
    if len(others) > MOST_OTHERS:
        yield under(f"... and {len(others) - MOST_OTHERS} more faults.")
    for note in report.notes[:MOST_NOTES]:
        yield labelled("Note", note)
    yield labelled("More", f"{mark_command(f'{again} --verbose')} ({', '.join(_left(report))})")
    about = [*(it.rule for it in headline_finding(report)), *(it.rule for it in report.undecided)]
    if about and report.verdict != "healthy":
        yield under(f"agw explain {about[0]}")


def _ended(report: Report, same: Same) -> str:
    """What ends another fault."""
    ids = same[0].ended_by
    if report.recommended in ids:
        return "The same change ends it."
    option = next((it for it in report.options if it.id in ids), None)
    if option is None:
        return same[0].remedy
    plan = f"agw plan {quote(clean(report.gateway.name))} {option.id}"
    return f"{option.title} ends it: {mark_command(plan)}"


def _left(report: Report) -> Iterator[str]:
    """What is not on this screen."""
    yield "evidence"
    if report.options:
        yield "every option"
    shown_of = MOST_WARNINGS if report.verdict == "healthy" else 0
    counts = (
        (len(warned(report)) - shown_of, "warning"),
        (open_questions(report), "open question"),
        (len(report.notes) - MOST_NOTES, "note"),
    )
    yield from (f"{many} more {what}{'s' * (many > 1)}" for many, what in counts if many > 0)
