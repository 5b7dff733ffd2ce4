"""Proposals for several backends in one: each fact once, and nothing that contradicts another."""

from dataclasses import replace

from bot.core.arm.edit import Item, Reference, Value
from bot.core.remedies.combining import Combined, combined
from bot.core.remedies.option import Proposal
from tests.core.make import APP, ILB, document

BASE = document()
HOST = Value("probes", "probe", "host", "test.appgwtestase.com", "a.example")
PATH = Value("probes", "probe", "path", "/", "/up")


def test_one_alone_stays_as_it_is() -> None:
    assert combined((), BASE) is None
    alone = Proposal("ask for /up", (PATH,), steps=("look", "look"))
    assert combined((alone,), BASE) is alone


def test_what_is_the_same_is_said_and_done_once() -> None:
    one = Proposal("ask for /up", (PATH,), certificates=(APP,), steps=("look",))
    assert combined((one, one), BASE) == one
    more = replace(one, by_hand=True, certificates=(ILB, APP), steps=("look", "wait"))
    both = combined((one, more), BASE)
    assert both == Proposal(
        "ask for /up", (PATH,), by_hand=True, certificates=(APP, ILB), steps=("look", "wait")
    )


def test_different_ones_are_told_one_after_the_other() -> None:
    one, other = Proposal("ask for /up", (PATH,)), Proposal("send a.example", (HOST,))
    both = combined((one, other), BASE)
    assert both == Proposal("ask for /up; and send a.example", (PATH, HOST))
    third = replace(one, summary="ask for /up; and send a.example")
    assert combined((one, other, third), BASE) == both


def test_the_document_has_every_edit_of_it() -> None:
    found = Combined(BASE)
    assert found.add(Proposal("a", (PATH,)))
    assert found.add(Proposal("b", (HOST,)))
    changed = found.document["properties"]["probes"][0]["properties"]
    assert (changed["path"], changed["host"]) == ("/up", "a.example")
    assert BASE["properties"]["probes"][0]["properties"]["path"] == "/"


def test_what_sets_the_same_thing_otherwise_is_left_out() -> None:
    found = Combined(BASE)
    assert found.add(Proposal("a", (PATH,)))
    assert not found.add(Proposal("b", (replace(PATH, after="/other"),)))
    assert not found.add(Proposal("c", (HOST, replace(HOST, after="b.example"))))
    assert found.proposal == Proposal("a", (PATH,))
    assert (
        combined((Proposal("a", (PATH,)), Proposal("b", (replace(PATH, after="/"),))), BASE) is None
    )


def test_what_does_not_fit_the_document_is_left_out() -> None:
    found = Combined(BASE)
    assert not found.add(Proposal("a", (Item("add", "probes", "probe", {}),)))
    assert found.proposal is None
    assert found.document is BASE


def test_a_list_of_references_takes_several() -> None:
    def trusting(name: str) -> Proposal:
        target = f"{BASE['id']}/authenticationCertificates/{name}"
        place = ("backendHttpSettingsCollection", "https", "authenticationCertificates", target)
        return Proposal(name, (Reference("add", *place),))

    both = combined((trusting("one"), trusting("two")), BASE)
    assert both is not None
    assert len(both.edits) == 2


def test_one_that_contradicts_itself_is_joined_with_no_other() -> None:
    """It is made as it is, one edit after the other; what it is about is not known well enough for more."""
    again = replace(PATH, before="/up", after="/again")
    found = Combined(BASE)
    assert found.add(Proposal("a", (PATH, again)))
    assert not found.add(Proposal("b", (HOST,)))
