"""What people must learn when a change moves to another state: stored with the move, said until Slack has taken it."""

from bot.core.changes.change import Change, ChangeState
from bot.core.changes.word import Word

ANNOUNCED: frozenset[ChangeState] = frozenset({"healthy", "not_healthy", "refused", "failed"})
"""The ends that are also answered in the card's thread: editing a card notifies nobody, a reply does."""
SHOWN: frozenset[ChangeState] = ANNOUNCED | {
    "offered",
    "approved",
    "rejected",
    "withdrawn",
    "expired",
}
"""The states that change what a card offers or says. Those in between are shown as progress, which may be lost."""


DECIDED: frozenset[ChangeState] = frozenset({"approved", "rejected", "withdrawn", "expired"})
"""The states that answer whoever had asked the approvers."""


def request_place(change: Change) -> str:
    """Where words to the approvers' channel wait for each other."""
    return f"request:{change.id}"


def words_of(change: Change) -> tuple[Word, ...]:
    """What to store with the move of a change to the state that it has now; nothing for one without a card."""
    place, state = change.card.incident, change.state
    if not place or state not in SHOWN:
        return ()
    key = f"{change.id}:{state}"
    card = Word(key, place, "card", change.id)
    reply = Word(f"{key}:reply", place, "reply", change.id)
    shown = (card, reply) if state in ANNOUNCED else (card,)
    return (*shown, *_sought(change, key))


def _sought(change: Change, key: str) -> tuple[Word, ...]:
    if change.sought is None:
        return ()
    request = Word(f"{key}:request", request_place(change), "request", change.id)
    if change.state not in DECIDED:
        return (request,)
    told = {"answer": change.state}
    answer = Word(f"{key}:answer", change.card.incident, "reply", change.id, told)
    return request, answer
