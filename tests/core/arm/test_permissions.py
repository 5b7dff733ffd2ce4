"""What an identity may do, by the grants that Azure tells of."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.arm.gateway_reader import read_gateway
from bot.core.arm.permissions import Grant, allowed, needed_to_change, needed_to_try, read_grants
from bot.core.model.unavailable import Unavailable
from tests.core.make import document
from tests.core.plainly import plainly

LIST = "Azure's list of permissions"
WRITE = "Microsoft.Network/applicationGateways/write"
WORDS = st.text("abcXYZ./*", max_size=12)


@pytest.mark.parametrize(
    "pattern",
    ["*", WRITE, WRITE.upper(), "Microsoft.Network/*", "*/write", "Microsoft.*/*Gateways/w*"],
)
def test_a_star_stands_for_anything_and_case_for_nothing(pattern: str) -> None:
    assert Grant((pattern,)).allows(WRITE)


@pytest.mark.parametrize(
    "pattern", ["*/read", "Microsoft.Network", "Microsoft.Network/applicationGateways", ""]
)
def test_what_does_not_fit_allows_nothing(pattern: str) -> None:
    assert not Grant((pattern,)).allows(WRITE)


def test_an_exception_counts_within_its_own_grant_only() -> None:
    but = Grant(("*",), ("*/write",))
    assert not allowed([but], WRITE)
    assert allowed([but, Grant((WRITE,))], WRITE)
    assert not allowed([], WRITE)


@given(WORDS.filter(lambda it: "*" not in it))
def test_a_pattern_without_a_star_fits_itself_alone(action: str) -> None:
    assert Grant((action,)).allows(action)
    assert not Grant((action,)).allows(f"{action}x")


@given(st.lists(WORDS), WORDS)
def test_another_grant_never_takes_anything_away(patterns: list[str], action: str) -> None:
    some = [Grant(("*",), tuple(patterns))]
    if allowed(some, action):
        assert allowed([*some, Grant((), ("*",))], action)


@pytest.mark.parametrize("answer", [None, [], {}, {"value": None}, {"value": "*"}])
def test_what_is_no_list_of_grants_is_none(answer: Any) -> None:
    assert read_grants(answer) == Unavailable("Azure's answer is no list of permissions")


def test_grants_are_read() -> None:
    listed = [{"actions": ["a"], "notActions": None}, {"actions": ["b"], "notActions": ["c"]}, {}]
    assert read_grants({"value": listed}) == (Grant(("a",)), Grant(("b",), ("c",)), Grant(()))


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ({"actions": ["a", 5]}, "value/2/actions/2 of {} is the number 5, not a text"),
        ("x", "value/2 of {} is the text 'x', not an object"),
        ({"actions": "a"}, "value/2/actions of {} is the text 'a', not a list"),
    ],
)
def test_nothing_is_said_to_be_lacking_where_a_grant_cannot_be_read(odd: Any, said: str) -> None:
    told = f"Not read: {said.format(LIST)}"
    assert plainly(read_grants({"value": [{"actions": ["*"]}, odd]})) == Unavailable(told)


def test_nor_where_the_list_goes_on() -> None:
    found = read_grants({"value": [{"actions": ["*"]}], "nextLink": "https://more"})
    assert found == Unavailable("Azure's list of permissions has more than one page")


def test_a_change_writes_the_gateway_and_joins_its_subnets() -> None:
    v1 = [action for _, action in needed_to_change(read_gateway(document(), {}))]
    assert v1 == [WRITE, "Microsoft.Network/virtualNetworks/subnets/join/action"]
    v2 = read_gateway(document(tier="Standard_v2"), {})
    assert [action for _, action in needed_to_change(v2)] == v1


def test_only_a_gateway_that_tries_probes_itself_needs_that_action() -> None:
    assert [*needed_to_try(read_gateway(document(), {}))] == []
    ((_, action),) = needed_to_try(read_gateway(document(tier="Standard_v2"), {}))
    assert action == "Microsoft.Network/applicationGateways/getBackendHealthOnDemand/action"
