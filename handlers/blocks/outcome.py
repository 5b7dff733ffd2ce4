"""The decision, the work under way and the outcome."""

from collections.abc import Iterator

from bot.core.changes.change import CHANGED, Change, ChangeState
from bot.core.changes.remark_text import outcome_text
from bot.core.model.marked import plain
from bot.core.report.proof import FAILED
from handlers.blocks.kit import Block, Message, context, message, section, sections
from handlers.blocks.plan import changed_lines
from handlers.blocks.text import code, moment, outside, user

ENDS: dict[ChangeState, tuple[str, str]] = {
    "healthy": (":large_green_circle:", "healthy again"),
    "not_healthy": (":red_circle:", "changed, but not healthy"),
    "refused": (":warning:", "nothing was changed"),
    "failed": (":warning:", "the change failed"),
}
UNDO_ENDS: dict[ChangeState, tuple[str, str]] = {
    "healthy": (":leftwards_arrow_with_hook:", "undone"),
    "not_healthy": (":leftwards_arrow_with_hook:", "undone"),
    "refused": (":warning:", "not undone"),
    "failed": (":warning:", "the undo failed"),
}


def headline(change: Change) -> str:
    """The state in one plain sentence, for notifications."""
    name, (_, words) = outside(change.plan.gateway_name, 80), _ends(change)
    said = f" {outside(plain(outcome_text(change)), 600)}" if outcome_text(change) else ""
    return f"{name}: {words}.{said}"


def ended(change: Change) -> Iterator[Block]:
    """The outcome first, then what was done and who approved it."""
    emoji, words = _ends(change)
    yield section(
        f"{emoji} {code(change.plan.gateway_name, 80)}: *{words}*\n{outside(outcome_text(change), 1200)}"
    )
    # What is not in effect was not added.
    made = changed_lines(change.plan) if change.state in CHANGED else ()
    yield from sections([_who(change), *made])


def under_way(change: Change) -> Iterator[Block]:
    """Who approved it, and what is being changed."""
    yield from sections([f"{_who(change)} *Working on it.*", *changed_lines(change.plan)])


def handed_over(change: Change) -> str:
    """What happens to a change under way when the bot is stopped: stored is how far it has come."""
    far = {
        "approved": "Nothing of this change has been sent to Azure yet.",
        "writing": "Whether Azure has this change is looked up first.",
    }
    said = far.get(change.state, "Azure has this change and goes on with it.")
    return (
        f"*I am being restarted.* {said} When I run again, I go on from here and say how it ended."
    )


def closed(change: Change) -> Block:
    """Why the card no longer has buttons to decide."""
    if change.state in ("rejected", "withdrawn"):
        who = user(change.approved_by) if change.approved_by else "somebody"
        at = f", {moment(change.decided)}" if change.decided else ""
        return section(
            f":no_entry_sign: *{change.state.capitalize()}* by {who}{at}. Nothing was changed."
        )
    if change.superseded_by is not None:
        at = f" {moment(change.decided)}" if change.decided else ""
        return section(
            f":heavy_minus_sign: *Closed*{at}, because the gateway was changed after this was offered. Nothing of"
            " this offer was carried out. Diagnose again for what is still to be done."
        )
    return section(f":hourglass: *Expired* {moment(change.expires)}. Nothing was changed.")


def announcement(change: Change) -> Message:
    """The outcome, as a reply in the thread: editing a card notifies nobody, a reply does."""
    emoji, words = _ends(change)
    to = user(change.approved_by) if change.approved_by else ""
    return message(
        headline(change),
        [section(f"{emoji} {to} *{words}*: {outside(outcome_text(change), 1200)}")],
    )


def elsewhere(made: Message, channel: str, why: str) -> Message:
    """What should stand in a channel, for one person who waits for it."""
    where = context(
        f"I tell you here, because I can no longer say it in <#{channel}>: {outside(why, 300)}"
    )
    return message(made.text, [section(made.text), where])


def _ends(change: Change) -> tuple[str, str]:
    """No more than its remarks say: of what nobody has seen, not that it is there."""
    said = {it.code for it in change.remarks}
    if "not_known" in said:
        return ":grey_question:", "not known how it ended"
    if change.undoes is not None and said & FAILED:
        return ":red_circle:", "undone, but Azure calls that failed"
    ends = ENDS if change.undoes is None else UNDO_ENDS
    return ends.get(change.state, (":hourglass_flowing_sand:", "working on it"))


def _who(change: Change) -> str:
    who = user(change.approved_by) if change.approved_by else "somebody"
    at = f", {moment(change.decided)}" if change.decided else ""
    why = f" \u201c{outside(change.reason, 1000)}\u201d" if change.reason else ""
    return f"*{outside(change.plan.title)}*, approved by {who}{at}.{why}"
