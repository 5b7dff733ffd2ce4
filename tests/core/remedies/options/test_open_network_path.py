"""The gateway does not get through to a server that we reach."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.case.view import BackendView
from bot.core.model.observation import NotConnected, Unresolved
from bot.core.remedies.option import NotApplicable
from bot.core.remedies.options.open_network_path import OPTION
from tests.core.answers import SLOW
from tests.core.make import APP, HOST, ILB, SERVER, SUBNET, answered, case, document
from tests.core.networks import around, route_table, security_group, security_rule
from tests.core.remedies.options.trying import best, proposed, refused, trials

BLOCKED = "Application Gateway could not connect to the backend. Check that the backend responds on the port"
IP = document()
NAMED = document(servers=(HOST,))
DENIED = security_group(
    security_rule(
        "deny-web",
        "Deny",
        direction="Outbound",
        sourceAddressPrefix="*",
        destinationPortRange="443",
    )
)


@pytest.mark.parametrize("message", [BLOCKED, SLOW])
def test_where_we_get_through_opening_the_way_is_recommended(message: str) -> None:
    made = case(IP, answered(APP), message=message)
    assert best(made, IP) == "open_network_path"


def test_the_steps_name_the_subnet_and_what_was_not_read() -> None:
    steps = proposed(OPTION, case(IP, answered(APP), message=BLOCKED), IP).steps
    assert f"az network vnet subnet show --ids {SUBNET.lower()}" in steps[0]
    assert "inbound in that of the backend (which was not read)" in steps[1]


@pytest.mark.parametrize("base", [IP, NAMED])
def test_what_is_suspected_comes_first(base: Any) -> None:
    made = case(base, answered(APP), message=BLOCKED)
    found = proposed(OPTION, replace(made, network=around(DENIED, route_table())), base)
    assert found.summary.endswith(
        "; outbound rule deny-web of nsg may deny it; route default of routes may divert it"
    )
    assert found.steps[0].startswith("Outbound rule deny-web (priority 100) of nsg denies TCP 443")
    assert found.steps[1].startswith("Route default (0.0.0.0/0 to VirtualAppliance)")


def test_where_the_address_is_not_known_nothing_is_suspected() -> None:
    made = case(NAMED, Unresolved(HOST, "no such name"), message=BLOCKED)
    seen = replace(made, network=around(DENIED))
    assert "deny-web" not in refused(OPTION, seen, NAMED)


def test_what_else_is_wrong_is_left_over() -> None:
    found = trials(case(IP, answered(ILB), message=BLOCKED), IP)["open_network_path"]
    assert "not be enough" in found.reason


def test_where_we_do_not_get_through_either_only_the_steps_are_given() -> None:
    made = case(IP, NotConnected("timeout", SERVER, "silence"), message=BLOCKED)
    found = OPTION.propose(BackendView(made, made.backends[0]), IP)
    assert isinstance(found, NotApplicable)
    assert "cannot be told" in found.reason
    assert found.steps


def test_is_not_for_a_gateway_that_gets_through() -> None:
    assert "does not report" in refused(OPTION, case(IP, answered(APP), state="healthy"), IP)
