"""Edits: one place each, exact opposites, and a refusal if the place is not as expected."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.arm.edit import Conflict, Edit, Item, Reference, Value, apply, holds, undone
from tests.core.make import ID, document, item, ref, rule, settings

CERTIFICATES = "authenticationCertificates"
SETTINGS = "backendHttpSettingsCollection"
UPLOAD = Item("add", CERTIFICATES, "ilb", {"data": "QUJD"})
REFER = Reference("add", SETTINGS, "https", CERTIFICATES, f"{ID}/{CERTIFICATES}/ilb")
HOST = Value("probes", "probe", "host", "test.appgwtestase.com", "other.example")


def test_add_a_certificate_and_refer_to_it() -> None:
    changed = apply([UPLOAD, REFER], document())
    assert [it["name"] for it in changed["properties"][CERTIFICATES]] == ["app", "ilb"]
    settings = changed["properties"][SETTINGS][0]["properties"]
    assert settings[CERTIFICATES] == [ref(CERTIFICATES, "app"), ref(CERTIFICATES, "ilb")]


def test_the_given_document_stays_as_it_was() -> None:
    base = document()
    kept = copy.deepcopy(base)
    apply([UPLOAD, REFER, HOST], base)
    assert base == kept


def test_a_value_can_be_set_changed_and_taken_away() -> None:
    fresh = Value("probes", "probe", "port", None, 8443)
    gone = Value("probes", "probe", "host", "test.appgwtestase.com", None)
    changed = apply([fresh, gone], document())["properties"]["probes"][0]["properties"]
    assert changed["port"] == 8443
    assert "host" not in changed


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (Item("add", CERTIFICATES, "APP", {}), "exists already"),
        (Item("remove", CERTIFICATES, "ilb", {}), "no longer there"),
        (Item("remove", CERTIFICATES, "app", {"data": "other"}), "changed by somebody else"),
        (
            Reference(
                "add", SETTINGS, "https", CERTIFICATES, f"{ID}/x/app".replace("x", CERTIFICATES)
            ),
            "already",
        ),
        (Reference("remove", SETTINGS, "https", CERTIFICATES, f"{ID}/x/y"), "no longer refers"),
        (Reference("add", SETTINGS, "gone", CERTIFICATES, f"{ID}/x/y"), "no longer there"),
        (Value("probes", "probe", "host", "else.example", "x"), "not 'else.example'"),
    ],
)
def test_refuses_what_is_not_as_expected(edit: Edit, says: str) -> None:
    with pytest.raises(Conflict, match=says):
        apply([edit], document())


def test_an_item_that_others_still_refer_to_is_not_removed() -> None:
    shared = apply([UPLOAD, REFER], document())
    with pytest.raises(Conflict, match="still referred to by backendHttpSettingsCollection/https"):
        apply([Item("remove", CERTIFICATES, "ilb", {"data": "QUJD"})], shared)


def test_holds_only_after_the_edits() -> None:
    edits = (UPLOAD, REFER)
    assert not holds(edits, document())
    assert holds(edits, apply(edits, document()))


def test_an_empty_collection_and_an_empty_reference_list_come_and_go() -> None:
    base = document()
    del base["properties"][CERTIFICATES]
    base["properties"][SETTINGS][0]["properties"][CERTIFICATES] = []
    changed = apply([UPLOAD, REFER], base)
    back = apply(undone([UPLOAD, REFER]), changed)
    assert back["properties"].get(CERTIFICATES, []) == []
    assert CERTIFICATES not in back["properties"][SETTINGS][0]["properties"]


def test_entries_without_properties_are_taken_as_empty() -> None:
    base = document(probes=[{"name": "probe", "id": f"{ID}/probes/probe"}])
    assert apply([Value("probes", "probe", "host", None, "a.example")], base)["properties"][
        "probes"
    ][0]["properties"] == {"host": "a.example"}
    bare = {"name": "bare", "id": f"{ID}/{CERTIFICATES}/bare"}
    assert apply(
        [Item("remove", CERTIFICATES, "bare", {})], document(authenticationCertificates=[bare])
    )


names = st.text("abcdefg", min_size=1, max_size=4)
values = st.one_of(
    st.none(), st.booleans(), st.integers(0, 99), names, st.just({"id": f"{ID}/x/y"})
)


@st.composite
def sound_edits(draw: st.DrawFn) -> list[Edit]:
    """Edits that the incident's document accepts."""
    base: Any = document()
    edits: list[Edit] = []
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["item", "reference", "value"]))
        if kind == "item":
            edits.append(
                Item("add", CERTIFICATES, f"n-{draw(names)}-{len(edits)}", {"data": draw(names)})
            )
        elif kind == "reference":
            target = f"{ID}/{CERTIFICATES}/r-{draw(names)}-{len(edits)}"
            edits.append(Reference("add", SETTINGS, "https", CERTIFICATES, target))
        else:
            field = draw(st.sampled_from(["host", "path", "interval", "fresh"]))
            now = apply(edits, base)["properties"]["probes"][0]["properties"].get(field)
            edits.append(Value("probes", "probe", field, now, draw(values)))
    return edits


@given(sound_edits())
def test_undo_after_apply_gives_back_the_same_document(edits: list[Edit]) -> None:
    base = document()
    assert apply(undone(edits), apply(edits, base)) == base


@given(sound_edits())
def test_what_is_not_edited_stays_identical(edits: list[Edit]) -> None:
    base, changed = document(), apply(edits, document())
    touched = {edit.collection for edit in edits}
    for key, value in base["properties"].items():
        if key not in touched:
            assert changed["properties"][key] == value
    assert {k: v for k, v in changed.items() if k != "properties"} == {
        k: v for k, v in base.items() if k != "properties"
    }


def test_what_is_no_entry_is_counted_and_left_alone() -> None:
    """The right one is changed, whatever stands before it."""
    made = document(backendHttpSettingsCollection=[7, "text", None, settings()])
    for one in (
        Value(SETTINGS, "https", "port", 443, 8443),
        Reference("add", SETTINGS, "https", "trustedRootCertificates", "/x"),
    ):
        changed = apply([one], made)["properties"][SETTINGS]
        assert changed[:3] == [7, "text", None]
        assert changed[3] != settings()
        assert apply(undone([one]), apply([one], made)) == made
    added = Item("add", SETTINGS, "new", {})
    removed = apply(undone([added]), apply([added], made))
    assert removed["properties"][SETTINGS] == made["properties"][SETTINGS]


def test_what_is_no_reference_is_counted_and_left_alone() -> None:
    made = document(
        backendHttpSettingsCollection=[settings(trustedRootCertificates=[7, "/a", {"id": "/B"}])]
    )
    gone = Reference("remove", SETTINGS, "https", "trustedRootCertificates", "/b")
    (changed,) = apply([gone], made)["properties"][SETTINGS]
    assert changed["properties"]["trustedRootCertificates"] == [7, "/a"]


@pytest.mark.parametrize(
    ("made", "one", "because"),
    [
        (
            {"id": ID, "properties": 7},
            Item("add", "probes", "p", {}),
            "probes/p: its properties are no object",
        ),
        (document(probes="text"), Item("add", "probes", "p", {}), "probes/p: probes is no list"),
        (document(probes={}), Item("remove", "probes", "p", {}), "probes/p: probes is no list"),
        (
            document(backendHttpSettingsCollection=[{"name": "https", "properties": []}]),
            Value(SETTINGS, "https", "port", None, 1),
            f"{SETTINGS}/https/port: its properties are no object",
        ),
        (
            document(backendHttpSettingsCollection=[settings(probe=7, list="text")]),
            Reference("add", SETTINGS, "https", "list", "/x"),
            f"{SETTINGS}/https/list: list is no list",
        ),
        (
            document(backendHttpSettingsCollection=7),
            Value(SETTINGS, "https", "port", None, 1),
            f"{SETTINGS}/https/port: https is no longer there",
        ),
    ],
)
def test_a_place_of_another_kind_is_refused(made: Any, one: Edit, because: str) -> None:
    before = copy.deepcopy(made)
    with pytest.raises(Conflict) as caught:
        apply([one], made)
    assert str(caught.value) == because
    assert made == before


def test_what_refers_to_a_part_may_have_any_shape() -> None:
    part = Item("add", "probes", "p", {"a": 1})
    made = apply([part], document(listeners=[7, {"properties": [7]}], routingRules="text"))
    odd = {"properties": {"probes": [7, {"id": f"{ID}/PROBES/p"}]}}
    made["properties"]["backendSettingsCollection"] = [odd]
    with pytest.raises(Conflict, match="still referred to by backendSettingsCollection/"):
        apply(undone([part]), made)


def test_an_entry_without_properties_can_be_changed() -> None:
    made = document(probes=[{"name": "p"}])
    changed = apply([Value("probes", "p", "path", None, "/")], made)
    assert changed["properties"]["probes"] == [{"name": "p", "properties": {"path": "/"}}]


def newest() -> Any:
    """A document with parts that nothing here reads: of api-version 2026-01-01, and some that nobody knows yet."""
    binding = [{"name": "entra", "authenticationPolicy": {"id": "/subscriptions/s1/policies/p"}}]
    conditions = [{"conditionType": "Header", "propertyName": "X-Beta", "propertyValues": ["1"]}]
    sets = item("advancedRoutingConditionSets", "beta", routingConditions=conditions)
    made = document(
        tier="Basic_WAF_v2",
        advancedRoutingConditionSets=[sets],
        advancedRoutingMaps=[
            item("advancedRoutingMaps", "map", advancedRoutingRules=[], futureFlag={"deep": [1, 2]})
        ],
        requestRoutingRules=[rule(authConfigs=binding, ruleType="AdvancedRouting")],
        reservedCapacity=3,
        nobodyKnows=[{"name": "x", "properties": {"a": None, "b": []}}, 7, "text"],
        top_zones=["1", "2"],
        top_future={"of": "ARM"},
    )
    made["properties"]["probes"][0]["future"] = [None]
    return made


def test_parts_that_nobody_knows_stay_byte_for_byte() -> None:
    base = newest()
    changed = apply([UPLOAD, REFER, HOST], base)
    touched = ("authenticationCertificates", "backendHttpSettingsCollection", "probes")
    assert [key for key in changed if changed[key] != base[key]] == ["properties"]
    was, now = base["properties"], changed["properties"]
    others = [key for key in now if key not in touched]
    assert json.dumps([now[it] for it in others]) == json.dumps([was[it] for it in others])
    assert now["probes"][0]["future"] == [None]
    back = apply(undone([UPLOAD, REFER, HOST]), changed)
    assert [key for key in back["properties"] if back["properties"][key] != was.get(key)] == [
        "authenticationCertificates"
    ]
