"""What people must learn when a change moves to another state: stored with the move, said until Slack has taken it."""

from bot.core.changes.change import Change, ChangeState
from bot.core.changes.word import Word

ANNOUNCED: frozenset[ChangeState] = frozenset({"healthy", "not_healthy", "refused", "failed"})
"""The ends that are also answered in the card's thread: editing a card notifies nobody, a reply does."""
SHOWN: frozenset[ChangeState] = ANNOUNCED | {
    "offered",
    "approved",
    "rejected",
    "expired",
}
"""The states that change what a card offers or says. Those in between are shown as progress, which may be lost."""


def words_of(change: Change, state: ChangeState) -> tuple[Word, ...]:
    """What to store with the move of a change to a state; nothing for a change without a card."""
    place = change.card.incident
    if not place or state not in SHOWN:
        return ()
    key = f"{change.id}:{state}"
    card = Word(key, place, "card", change.id)
    reply = Word(f"{key}:reply", place, "reply", change.id)
    return (card, reply) if state in ANNOUNCED else (card,)
