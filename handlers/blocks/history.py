"""What was found and done: recent diagnoses, past changes, and how far each has come."""

from collections.abc import Mapping, Sequence

from bot.core.changes.change import Change, ChangeState
from bot.core.changes.remark_text import outcome_text
from bot.core.report.incident import Incident
from handlers.blocks.composition import clipped
from handlers.blocks.kit import Message, message, sections
from handlers.blocks.text import VERDICT_EMOJI, code, link, moment, outside, user

MOST_LISTED = 10
MOST_COUNTED = 1_000 + MOST_LISTED

STATE_WORDS: dict[ChangeState, str] = {
    "offered": "waiting for approval",
    "rejected": "rejected",
    "withdrawn": "withdrawn",
    "expired": "expired",
    "approved": "approved, starting",
    "writing": "being written",
    "written": "rolling out",
    "verifying": "being verified",
    "healthy": "done, healthy",
    "not_healthy": "done, but not healthy",
    "refused": "refused, nothing changed",
    "failed": "failed",
}


def status(
    gateway: str | None,
    incidents: Sequence[tuple[Incident, str | None]],
    open_changes: Sequence[Change],
) -> Message:
    """Recent diagnoses, each with the link to its card if it still has one, and open changes."""
    lines = [f"*Status of* {_scope(gateway)}"]
    lines += [_incident(incident, url) for incident, url in incidents[:MOST_LISTED]]
    lines += [change_line(change) for change in open_changes[:MOST_LISTED]]
    if len(lines) == 1:
        lines.append("No recent diagnosis, no open offer, no running change.")
    return message(lines[0], sections(lines))


def history(
    gateway: str | None,
    changes: Sequence[Change],
    number: int,
    incidents: Sequence[Incident],
    urls: Mapping[tuple[str, str], str],
) -> Message:
    """Past changes and diagnoses, newest first, with the links to their cards by channel and timestamp.

    `number`: how many changes there are in all, counted up to `MOST_COUNTED`.
    """
    lines = [f"*Changes to* {_scope(gateway)}"]
    lines += [
        change_line(it, urls.get((it.card.channel, it.card.ts))) for it in changes[:MOST_LISTED]
    ]
    if not changes:
        lines.append("None so far.")
    if number > MOST_LISTED:
        at_least = "at least " if number >= MOST_COUNTED else ""
        older = f"{at_least}{number - MOST_LISTED:,}"
        lines.append(f"... and {older} older ones. `agw audit` lists all.")
    told = [_incident(it, urls.get((it.channel, it.ts))) for it in incidents[:MOST_LISTED]]
    if len(incidents) > MOST_LISTED:
        told.append("... and older ones. `agw audit` lists all.")
    seen = [f"*Diagnoses of* {_scope(gateway)}", *(told or ["None so far."])]
    return message(lines[0], [*sections(lines), *sections(seen)])


def _scope(gateway: str | None) -> str:
    return code(gateway, 80) if gateway is not None else "all gateways"


def _incident(incident: Incident, url: str | None) -> str:
    report = incident.report
    at = _card(url)
    if report is None:
        return f":mag: {moment(incident.created)} {at}{code(incident.gateway_name, 80)}: no result"
    return (
        f"{VERDICT_EMOJI[report.verdict]} {moment(report.made)} {at}{outside(report.headline, 200)}"
    )


def _card(url: str | None) -> str:
    """The link to a card, before what is told of it; empty where there is none."""
    return f"{link(url, 'card')} " if url else ""


def change_line(change: Change, url: str | None = None) -> str:
    """One change: when, where, what, and how far it has come."""
    at = _card(url)
    line = (
        f"\u2022 {moment(change.decided or change.created)} {at}{code(change.plan.gateway_name, 80)}:"
        f" {outside(change.plan.title, 100)} - {STATE_WORDS[change.state]}{by_whom(change)}"
    )
    said = outside(outcome_text(change), 160)
    return clipped(line + (f". {said}" if said else ""), 900)


def by_whom(change: Change) -> str:
    """Who decided, as the end of a sentence; empty if nobody did."""
    return f" by {user(change.approved_by)}" if change.approved_by else ""
