"""What is stored to be said when a change moves: with a card, at the states that it shows, each under its own key."""

from dataclasses import replace
from typing import get_args

from bot.core.changes.change import Card, Change, ChangeState, Person, Sought
from bot.core.changes.words import words_of
from tests.core import make
from tests.core.changes.test_on_demand import plan

STATES: tuple[ChangeState, ...] = get_args(ChangeState)
PROGRESS = {"writing", "written", "verifying"}
ENDS = {"healthy", "not_healthy", "refused", "failed"}


def change(card: Card) -> Change:
    ada = Person("T1", "U1")
    return Change("c1", plan(), "offered", ada, make.NOW, make.NOW, card)


def in_state(change: Change, state: ChangeState) -> Change:
    return replace(change, state=state)


def test_a_change_without_a_card_has_nothing_to_say() -> None:
    assert all(words_of(in_state(change(Card()), state)) == () for state in STATES)


def test_every_state_but_progress_brings_the_card_in_line_and_every_end_is_also_answered() -> None:
    kinds = {
        state: [it.kind for it in words_of(in_state(change(Card("C1", "1.1", "i1")), state))]
        for state in STATES
    }
    assert {state for state, said in kinds.items() if not said} == PROGRESS
    assert {state for state, said in kinds.items() if said == ["card", "reply"]} == ENDS
    others = set(STATES) - PROGRESS - ENDS
    assert all(kinds[state] == ["card"] for state in others)


def test_an_approval_that_was_asked_for_elsewhere_is_answered_and_its_request_kept_in_line() -> (
    None
):
    sought = replace(change(Card("C1", "1.1", "i1")), sought=Sought(Person("T1", "U2"), "C2"))
    words = {state: words_of(in_state(sought, state))[1:] for state in STATES}
    answers = {state: it for state, said in words.items() for it in said if "answer" in it.parts}
    assert set(answers) == {"approved", "rejected", "withdrawn", "expired"}
    assert all(it.parts["answer"] == state for state, it in answers.items())
    assert {it.place for it in answers.values()} == {"i1"}
    requests = {state for state, said in words.items() if "request" in {it.kind for it in said}}
    assert requests == set(STATES) - PROGRESS


def test_each_has_its_own_key_and_the_place_of_its_card() -> None:
    made = [
        it for state in STATES for it in words_of(in_state(change(Card("C1", "1.1", "i1")), state))
    ]
    assert len({it.key for it in made}) == len(made)
    assert {(it.place, it.about) for it in made} == {("i1", "c1")}
