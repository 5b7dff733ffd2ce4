"""Answers that only one person sees: help, usage errors, menus."""

import hashlib
from datetime import datetime

from bot.workflow.lookup_result import Ambiguous, Candidate, NotFound
from handlers import ids
from handlers.blocks.composition import MOST_OPTIONS
from handlers.blocks.elements import MOST_VALUE, button, menu
from handlers.blocks.kit import Message, actions, context, message, note, section, sections
from handlers.blocks.text import (
    approvers,
    clean,
    code,
    moment,
    outside,
)

PICK_BLOCK = "pick:"
_MOST_BLOCK_ID = 255
MOST_GAPS = 3


def help_text(who_may: tuple[str, ...]) -> Message:
    """The commands, by example."""
    return message(
        "agw finds out why an Application Gateway returns 502, and fixes it",
        [
            section(
                "*I find out why an Application Gateway returns 502, and fix it once you approve.*"
            ),
            section(
                "\n".join(
                    (
                        "`/agw diagnose agw-prod` - find the cause and the options",
                        "`/agw diagnose https://shop.contoso.com` - a site, a host name, `group/name`, a resource id"
                        " or a portal link works too",
                        "`/agw diagnose agw-prod again` - even if it was just diagnosed",
                        "`/agw` or `/agw diagnose` - choose from a menu; `/agw list` or `/agw list shop` - the gateways"
                        " and what is open",
                        "`/agw status` or `/agw status agw-prod` - recent diagnoses, open offers and running changes",
                        "`/agw history` or `/agw history agw-prod` - past changes and diagnoses",
                        "`/agw version` - the version that is running",
                    )
                )
            ),
            section(
                "You can also mention me, even in a thread: `@agw 502 from gateway agw-prod`."
                " Or use the shortcut *Diagnose gateway* on any message."
            ),
            context(f"Nothing is changed without approval. Approvers: {approvers(who_may)}"),
        ],
    )


def usage(said: str, meant: str | None) -> Message:
    """The command was not understood."""
    hint = f" Did you mean {code(f'/agw {meant}')}?" if meant else ""
    return note(f"I do not understand {code(said)}.{hint} `/agw help` lists the commands.")


def not_found(answer: NotFound) -> Message:
    """No such gateway."""
    lines = [f"I see no gateway that matches {code(answer.target.said)}."]
    if answer.nearest:
        near = ", ".join(code(name) for name in answer.nearest)
        lines.append(f"Did you mean {near}? Try `/agw diagnose` with that name.")
    else:
        lines.append("Give a name, `group/name`, a resource id, a portal link or a site's URL.")
    lines += [f"_{it}_" for it in not_searched(answer.gaps)]
    return message(lines[0], sections(lines))


def not_searched(gaps: tuple[str, ...]) -> tuple[str, ...]:
    """Where gateways may be that were not seen, and why."""
    return tuple(f"Not searched: {outside(it)}" for it in gaps[:MOST_GAPS])


def late(said: str, name: str, written: datetime) -> Message:
    """Is what was reported a while ago still so? The button's value is what was named."""
    question = (
        f"{code(name)} was reported {moment(written)}, but I hear of it only now. Is it still so?"
    )
    tools = [button("Diagnose now", ids.DIAGNOSE_NOW, said[:MOST_VALUE], style="primary")]
    return message(question, [section(question), actions("late", tools)])


def no_name() -> Message:
    """A message that names no gateway."""
    return note(f"That message names no gateway. Try {code('/agw diagnose <gateway>')}.")


def which(answer: Ambiguous) -> Message:
    """A menu of the gateways that could be meant."""
    question = f"Several gateways match {code(answer.target.said)}. Which one?"
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
        blocks.append(
            context(f"Only the first {MOST_OPTIONS} are listed. If yours is not, use `group/name`.")
        )
    return message(question, blocks)


def option_value(candidate: Candidate) -> str:
    """An opaque menu value: a resource id may exceed the 150 characters allowed."""
    return hashlib.sha256(candidate.id.lower().encode()).hexdigest()[:32]


def said_in(block_id: str) -> str:
    """The name that was looked up when the menu was made."""
    return block_id.removeprefix(PICK_BLOCK)
