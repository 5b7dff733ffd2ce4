"""Which rule or route of the gateway's own subnet may hold it up on the way to a backend."""

from typing import Any

import pytest

from bot.core.analysis.outbound import suspects
from bot.core.model.marked import plain
from bot.core.model.unavailable import Unavailable
from tests.core.networks import around, routed, security_group, security_rule

BACKEND = "10.4.0.10"


def out(name: str, access: str = "Deny", priority: int = 100, **changes: Any) -> Any:
    """An outbound rule about everything, unless told otherwise."""
    everything = {
        "direction": "Outbound",
        "sourceAddressPrefix": "*",
        "destinationPortRange": "*",
        "protocol": "*",
    }
    return security_rule(name, access, priority=priority, **(everything | changes))


def suspected(*rules: Any, address: str = BACKEND, port: int = 443) -> list[str]:
    return [plain(it.what) for it in suspects(around(security_group(*rules)), address, port)]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"protocol": "Tcp", "destinationPortRange": "443"},
        {"destinationPortRanges": ["80", "400-500"], "destinationPortRange": None},
        {"sourceAddressPrefix": "10.0.0.0/16", "destinationAddressPrefix": "10.4.0.0/24"},
        {"destinationAddressPrefix": "VirtualNetwork"},
        {"destinationAddressPrefix": BACKEND},
    ],
)
def test_a_rule_that_denies_the_address_and_port(changes: Any) -> None:
    assert suspected(out("no", **changes)) == ["outbound rule no of nsg may deny it"]


@pytest.mark.parametrize(
    "changes",
    [
        {"direction": "Inbound"},
        {"protocol": "Udp"},
        {"destinationPortRange": "80"},
        {"sourceAddressPrefix": "10.9.0.0/16"},
        {"destinationAddressPrefix": "10.5.0.0/16"},
        {"destinationAddressPrefix": "Internet"},
        {"destinationAddressPrefix": "Sql.WestEurope"},
    ],
)
def test_a_rule_about_something_else_is_none(changes: Any) -> None:
    assert suspected(out("no", **changes)) == []


def test_the_smaller_priority_wins() -> None:
    denies, allows = out("no", priority=200), out("yes", "Allow", priority=100)
    assert suspected(denies, allows) == []
    assert suspected(denies, out("late", "Allow", priority=300))


def test_the_internet_is_what_is_public() -> None:
    rule = out("no-internet", destinationAddressPrefix="Internet")
    assert suspected(rule, address="20.50.2.1")
    assert (
        suspected(out("no", destinationAddressPrefix="VirtualNetwork"), address="20.50.2.1") == []
    )


def led(*routes: tuple[str, str, str], address: str = BACKEND) -> list[str]:
    return [plain(it.step) for it in suspects(around(None, routed(*routes)), address, 443)]


def test_of_several_routes_the_longest_decides() -> None:
    away, near = ("all", "0.0.0.0/0", "VirtualAppliance"), ("near", "10.4.0.0/16", "VnetLocal")
    assert led(away, near) == []
    (step,) = led(near, ("nearer", "10.4.0.0/24", "None"))
    assert step.startswith(
        "Route nearer (10.4.0.0/24 to None) of routes catches 10.4.0.10 and drops it:"
    )


def test_of_the_default_route_it_is_said_that_azure_may_know_a_longer_one() -> None:
    (step,) = led(("all", "0.0.0.0/0", "VirtualAppliance"))
    assert "sends it to an appliance, unless Azure has a more specific route of its own" in step


@pytest.mark.parametrize(
    "route",
    [
        ("tag", "Storage", "VirtualAppliance"),
        ("six", "::/0", "VirtualAppliance"),
        ("other", "10.5.0.0/16", "None"),
        ("out", "0.0.0.0/0", "Internet"),
    ],
)
def test_other_routes_are_not_suspected(route: tuple[str, str, str]) -> None:
    assert led(route) == []


def test_what_could_not_be_read_is_not_suspected() -> None:
    unread = Unavailable("the bot's identity lacks it")
    assert list(suspects(around(unread, unread), BACKEND, 443)) == []
