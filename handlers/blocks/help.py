"""Answers that only one person sees: help, misunderstandings, menus, overviews."""

import hashlib
from collections.abc import Sequence

from bot.core.changes.change import Change, State
from bot.core.report.incident import Incident
from bot.workflow.lookup_result import Ambiguous, Candidate, NotFound
from handlers import ids
from handlers.blocks.kit import (
    MOST_OPTIONS,
    Message,
    actions,
    clipped,
    context,
    menu,
    message,
    note,
    section,
    sections,
)
from handlers.blocks.text import (
    VERDICT_EMOJI,
    approvers,
    clean,
    code,
    link,
    moment,
    outside,
    user,
)

PICK_BLOCK = "pick:"
_MOST_BLOCK_ID = 255
MOST_LISTED = 10

STATE_WORDS: dict[State, str] = {
    "offered": "offered, waits for an approval",
    "rejected": "rejected",
    "expired": "ran out of time",
    "approved": "approved, running",
    "writing": "being written",
    "written": "rolling out",
    "verifying": "being verified",
    "healthy": "done, healthy",
    "not_healthy": "done, not healthy",
    "refused": "refused, nothing changed",
    "failed": "failed",
}


def help_text(who_may: tuple[str, ...]) -> Message:
    """What can be asked, by example."""
    return message(
        "agw finds out why an Application Gateway answers 502, and repairs it",
        [
            section(
                "*I find out why an Application Gateway answers 502, and repair it when you approve.*"
            ),
            section(
                "\n".join(
                    (
                        "`/agw diagnose agw-prod` - find the cause, get options and buttons",
                        "`/agw diagnose https://shop.contoso.com` - a site, a host name, `group/name`, a resource id"
                        " or a portal link will do",
                        "`/agw diagnose agw-prod again` - even if somebody just did",
                        "`/agw status` or `/agw status agw-prod` - what is going on",
                        "`/agw history` or `/agw history agw-prod` - the changes so far",
                        "`/agw version` - what is running",
                    )
                )
            ),
            section(
                "The same works when you mention me, also in a thread: `@agw 502 from gateway agw-prod`."
                " On any message, the shortcut *Diagnose gateway* does it."
            ),
            context(f"Nothing is changed without an approval. May approve: {approvers(who_may)}"),
        ],
    )


def usage(said: str, meant: str | None) -> Message:
    """Not understood."""
    hint = f" Did you mean {code(f'/agw {meant}')}?" if meant else ""
    return note(f"I do not know {code(said)}.{hint} `/agw help` shows what I understand.")


def not_found(answer: NotFound) -> Message:
    """No such gateway."""
    lines = [f"I see no gateway {code(answer.target.said)}."]
    if answer.nearest:
        near = ", ".join(code(name) for name in answer.nearest)
        lines.append(f"Did you mean {near}? Then `/agw diagnose` with that name.")
    else:
        lines.append(
            "Say it as name, `group/name`, resource id, portal link or the site's address."
        )
    lines += [f"_Not searched: {outside(gap)}_" for gap in answer.gaps[:3]]
    return message(lines[0], sections(lines))


def no_name() -> Message:
    """A message that names no gateway."""
    return note(f"That message names no gateway. Try {code('/agw diagnose <gateway>')}.")


def which(answer: Ambiguous) -> Message:
    """A menu of the gateways that may be meant."""
    question = f"Several gateways answer to {code(answer.target.said)}. Which one?"
    options = [
        (it.name, f"{it.resource_group}, subscription {it.subscription}", option_value(it))
        for it in answer.candidates
    ]
    blocks = [
        section(question),
        actions(
            f"{PICK_BLOCK}{clean(answer.target.said)}"[:_MOST_BLOCK_ID],
            [menu("Choose a gateway", ids.PICK_GATEWAY, options)],
        ),
    ]
    if len(options) > MOST_OPTIONS:
        blocks.append(context(f"Only the first {MOST_OPTIONS} are shown; say `group/name`."))
    return message(question, blocks)


def option_value(candidate: Candidate) -> str:
    """An opaque value for a menu: resource ids are longer than the 150 characters it may have."""
    return hashlib.sha256(candidate.id.lower().encode()).hexdigest()[:32]


def said_in(block_id: str) -> str:
    """What was said when the menu was made."""
    return block_id.removeprefix(PICK_BLOCK)


def status(
    where: str, incidents: Sequence[tuple[Incident, str | None]], open_changes: Sequence[Change]
) -> Message:
    """What is going on; each incident comes with the link to its card, if it still has one."""
    lines = [f"*Status of {outside(where, 80)}*"]
    lines += [_incident(incident, url) for incident, url in incidents[:MOST_LISTED]]
    lines += [_change(change) for change in open_changes[:MOST_LISTED]]
    if len(lines) == 1:
        lines.append("Nothing is going on: no recent diagnosis, no open or running change.")
    return message(lines[0], sections(lines))


def history(where: str, changes: Sequence[Change]) -> Message:
    """The changes so far, newest first."""
    lines = [f"*Changes to {outside(where, 80)}*", *map(_change, changes[:MOST_LISTED])]
    if not changes:
        lines.append("None so far.")
    if len(changes) > MOST_LISTED:
        lines.append(f"... and {len(changes) - MOST_LISTED} older ones: `agw audit` has them all.")
    return message(lines[0], sections(lines))


def _incident(incident: Incident, url: str | None) -> str:
    report = incident.report
    at = link(url, "card") + " " if url else ""
    if report is None:
        return (
            f":mag: {moment(incident.created)} {at}{outside(incident.gateway_name, 80)}: no result"
        )
    return (
        f"{VERDICT_EMOJI[report.verdict]} {moment(report.made)} {at}{outside(report.headline, 200)}"
    )


def _change(change: Change) -> str:
    who = f" by {user(change.approved_by)}" if change.approved_by else ""
    line = (
        f"\u2022 {moment(change.decided or change.created)} {code(change.plan.gateway_name, 80)}:"
        f" {outside(change.plan.title, 100)} - {STATE_WORDS[change.state]}{who}"
    )
    said = outside(change.outcome, 160)
    return clipped(line + (f". {said}" if said else ""), 900)
