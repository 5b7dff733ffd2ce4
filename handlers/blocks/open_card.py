"""The card of a diagnosis on which nothing is decided yet: what is down, why, what to do, and the buttons for it."""

from collections.abc import Iterable, Iterator

from bot.core.changes.change import Change
from bot.core.changes.limits import Closed, frozen_words
from bot.core.report.code_handout import with_code
from bot.core.report.faults import Same, headline_finding, other_faults
from bot.core.report.report import Report
from handlers import ids
from handlers.blocks import handing_in, outcome, plan
from handlers.blocks.card_state import CardState
from handlers.blocks.card_view import (
    CardView,
    again_button,
    details_button,
    evidence_button,
    reject_button,
    request_line,
)
from handlers.blocks.composition import Element
from handlers.blocks.diagnosis import (
    also_seen,
    checked,
    for_support,
    recommendation,
    scope,
    verdict,
    warnings,
)
from handlers.blocks.elements import button
from handlers.blocks.kit import Block, actions, context, section, sections
from handlers.blocks.text import approvers, count, moment, outside, sentence

MOST_OTHERS = 2
"""Faults beside the headline's that have a line of their own."""
MOST_APPROVERS = 3
BY_HAND = "By hand: *Details*."
ENDS_TOO = "The change above ends this too."


def open_card(view: CardView, report: Report, stands: CardState) -> Iterator[Block]:
    """A diagnosis, and the buttons to decide on it."""
    yield verdict(report)
    yield from sections(_to_do(report))
    yield from _hand_in(view, report, stands)
    if stands.offered and view.approvers:
        yield from to_decide(view, report, stands.offered)
    else:
        yield from sections(f"*Also:* {outside(it[0].summary)}" for it in other_faults(report))
    if not stands.offered and stands.closed is not None:
        yield outcome.closed(stands.closed)
    yield actions("tools", _tools(view, report))
    yield context("\n".join(_small_print(view, report, stands)))


def _hand_in(view: CardView, report: Report, stands: CardState) -> Iterator[Block]:
    """Where the bot cannot get a certificate itself: the button to hand it in, or what was handed in."""
    handed = [said for it in stands.offered if (said := handing_in.on_card(it))]
    if handed:
        yield from sections(handed)
    elif report.wanted and view.approvers and not view.read_only and not view.closed:
        yield section(handing_in.asks_for(report.wanted))
        label = handing_in.BUTTONS[report.wanted]
        press = button(label, ids.HAND_IN, view.incident.id, style="primary")
        yield actions("hand_in", [press])


def _to_do(report: Report) -> Iterator[str]:
    if report.verdict != "fault":
        yield from warnings(report)
    if report.verdict == "healthy":
        yield from checked(report)
    yield from filter(None, (recommendation(report), for_support(report)))


def to_decide(view: CardView, report: Report, offered: tuple[Change, ...]) -> Iterator[Block]:
    """The buttons for what the headline says, and under each other fault those that answer it."""
    others = {it: _answers(offered, it, report) for it in other_faults(report)[:MOST_OTHERS]}
    elsewhere = [change for them in others.values() for change in them]
    first = [it for it in offered if it not in elsewhere]
    yield actions("decide", [*_approvals(first, report), reject_button(view)])
    for number, (same, answers) in enumerate(others.items(), 1):
        yield section(f"*Also:* {sentence(same[0].summary, 600)} {_answered(same, first, answers)}")
        if answers:
            yield actions(f"decide_{number}", _approvals(answers, report))
    if more := len(other_faults(report)) - len(others):
        yield section(f"... and {count(more, 'more fault')}: *Evidence*")


def _approvals(offered: Iterable[Change], report: Report) -> list[Element]:
    return [
        plan.approve_button(it, it.plan.title, primary=it.plan.option == report.recommended)
        for it in offered
    ]


def _answered(same: Same, first: list[Change], own: list[Change]) -> str:
    if own:
        return ""
    return ENDS_TOO if first and _ends(first[0], same) else BY_HAND


def _answers(offered: tuple[Change, ...], same: Same, report: Report) -> list[Change]:
    """The offers that end this fault, and not the headline's."""
    return [it for it in offered if _ends(it, same) and not _ends(it, headline_finding(report))]


def _ends(change: Change, same: Same) -> bool:
    """Whether a change ends one of these findings."""
    return any(
        finding.rule in part.rules
        and (
            part.server is None
            or (part.server, part.http_settings) == (finding.server, finding.http_settings)
        )
        for part in change.plan.relief.heals
        for finding in same
    )


def _tools(view: CardView, report: Report) -> list[Element]:
    tools = [evidence_button(view)]
    if report.options:
        tools.append(details_button(view))
    served = (made.chain for backend in report.backends for made in backend.handshakes)
    if report.verdict == "fault" and any(served):
        tools.append(button("Get the .cer", ids.CERTIFICATE, view.incident.id))
    if with_code(report):
        tools.append(button("As code", ids.AS_CODE, view.incident.id))
    return [*tools, again_button(view)]


_CLOSED: dict[Closed, str] = {
    "never": "I may not change this gateway (AGW_CHANGE_NEVER).",
    "not_among": "This gateway is not among those that I may change (AGW_CHANGE_ONLY).",
}


def who_may_press(view: CardView, offered: tuple[Change, ...]) -> Iterator[str]:
    """Whom the buttons are for, and how long they are good; or why nobody may press them now."""
    if view.read_only:
        yield "Read-only mode: nothing can be changed."
    elif view.closed:
        yield _CLOSED[view.closed]
    elif offered and view.frozen_until:
        yield frozen_words(view.frozen_until)
    elif offered:
        until = moment(offered[0].expires)
        yield f"May press: {approvers(view.approvers, MOST_APPROVERS)}, until {until}"


def _small_print(view: CardView, report: Report, stands: CardState) -> Iterator[str]:
    yield from who_may_press(view, stands.offered)
    if (view.read_only or view.closed) and with_code(report):
        yield "By hand: *As code* has the commands."
    if report.verdict == "fault" and (more := also_seen(report)):
        yield more
    if told := scope(report):
        yield told
    yield request_line(view)
