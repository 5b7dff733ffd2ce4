"""Words and leases: plain values, equal by what they say."""

from bot.core.changes.lease import Lease
from bot.core.changes.word import Unsaid, Word
from tests.core.make import NOW


def test_a_word_has_no_parts_unless_some_are_given() -> None:
    assert Word("k", "i1", "card") == Word("k", "i1", "card", "", {})
    assert Word("k", "i1", "note", parts={"user": "U1"}).parts["user"] == "U1"


def test_a_word_that_waits_knows_its_attempts() -> None:
    waiting = Unsaid(1, Word("k", "i1", "card"), 2, NOW, begun=True)
    assert (waiting.word.key, waiting.tries, waiting.begun) == ("k", 2, True)


def test_leases_of_one_thing_differ_by_their_fence() -> None:
    assert Lease("outbox", "a", 1) != Lease("outbox", "a", 2)
