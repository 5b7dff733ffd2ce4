"""What a chain is worth where several anchors are trusted together."""

from bot.core.model.observation import PUBLIC, Handshake, Trust, together


def handshake(*trust: Trust) -> Handshake:
    return Handshake("TLSv1.3", "AES", (), trust)


def no(anchor: str, code: int = 20, *, related: bool = True) -> Trust:
    return Trust(anchor, code, "no", related=related)


def yes(anchor: str) -> Trust:
    return Trust(anchor, 0, "ok", path=("leaf", anchor), related=True)


def test_the_answer_for_all_of_them_counts_and_not_those_for_each() -> None:
    both = together(("b", "a"))
    seen = handshake(no("a"), no("b", 2), yes(both), no("c", related=False))
    assert seen.trusted_by_all(("a", "b", "c")) == yes(both)
    assert seen.trusted_by_all(("b", "a", "a")) == yes(both)
    assert seen.trusted_by_all(("a", "c")) == no("a")
    assert seen.anchors == ("a", "b")


def test_together_they_may_be_worth_less_than_one_alone() -> None:
    seen = handshake(yes("a"), no("b"), no(together(("a", "b")), 7))
    verdict = seen.trusted_by_all(("a", "b"))
    assert verdict is not None
    assert verdict.code == 7


def test_those_that_lead_nowhere_have_the_answer_of_any_of_them() -> None:
    seen = handshake(no("x", 19, related=False), no("y", 19, related=False))
    assert seen.trusted_by_all(("y", "x")) == no("y", 19, related=False)


def test_one_that_suffices_alone_suffices_where_nobody_asked_about_all() -> None:
    seen = handshake(no("a"), yes("b"))
    assert seen.trusted_by_all(("a", "b")) == yes("b")
    assert seen.trusted_by_all(("new", "b")) == yes("b")
    assert seen.anchors == ("b",)


def test_it_is_not_known_where_one_was_not_tried_or_two_not_together() -> None:
    seen = handshake(no("a"), no("b"), no(PUBLIC))
    assert seen.trusted_by_all(("a", "new")) is None
    assert seen.trusted_by_all(("a", "b")) is None
    assert seen.trusted_by_all(()) is None
    assert seen.anchors == ()
