"""Asking the approvers in their own channel, and the answer to whoever asked for it."""

from collections.abc import Iterator

from bot.core.changes.change import Change, Sought
from handlers.blocks.history import STATE_WORDS, by_whom
from handlers.blocks.kit import Block, Message, actions, context, message, sections
from handlers.blocks.plan import approve_button
from handlers.blocks.text import MOST_SITES, clean, code, link, moment, names, outside, user

_DECIDED: dict[str, str] = {
    "approved": "approved",
    "rejected": "rejected",
    "withdrawn": "withdrawn",
    "expired": "not decided in time",
}


def request(change: Change, sought: Sought, url: str) -> Message:
    """The option, the sites, the card, and the button as long as it may be pressed; then what was decided."""
    title, gateway = clean(change.plan.title), clean(change.plan.gateway_name)
    waiting = change.state == "offered"
    text = f"{title} on {gateway}: {STATE_WORDS[change.state]}"
    return message(text, [*sections(_said(change, sought, url)), *_below(change, waiting=waiting)])


def answered(change: Change, state: str) -> Message | None:
    """What was decided, for whoever had asked; None if nobody had."""
    if change.sought is None:
        return None
    words = _DECIDED.get(state, state)
    who = by_whom(change)
    said = f"{user(change.sought.by)} *{outside(change.plan.title)}*, which you asked for, was {words}{who}."
    return message(said, sections([said]))


def _said(change: Change, sought: Sought, url: str) -> Iterator[str]:
    card = f" See {link(url, 'the card')}." if url else ""
    yield (
        f"{user(sought.by)} asks for *{outside(change.plan.title)}*"
        f" on {code(change.plan.gateway_name, 80)}.{card}"
    )
    if sites := change.plan.blast_radius.hosts:
        yield f"*Sites:* {names(sites, MOST_SITES)}"


def _below(change: Change, *, waiting: bool) -> Iterator[Block]:
    if waiting:
        yield actions("decide", [approve_button(change, change.plan.title, primary=True)])
        yield context(f"until {moment(change.expires)}")
    else:
        yield context(f"*{STATE_WORDS[change.state]}*{by_whom(change)}")
