"""What is stored to be said when a change moves."""

from dataclasses import replace

from bot.core.changes.change import Card
from bot.core.changes.words import words_of
from tests.core.changes.test_remark import change

ON_CARD = replace(change(), card=Card("C1", "1.1", "i1"))


def test_an_end_is_shown_on_the_card_and_answered_in_its_thread() -> None:
    card, reply = words_of(ON_CARD, "healthy")
    assert (card.kind, reply.kind, card.place) == ("card", "reply", "i1")
    assert card.key != reply.key


def test_a_decision_is_only_shown_and_progress_is_not_stored() -> None:
    assert [it.kind for it in words_of(ON_CARD, "approved")] == ["card"]
    assert words_of(ON_CARD, "writing") == ()


def test_a_change_without_a_card_has_nobody_to_tell() -> None:
    assert words_of(change(), "healthy") == ()
