from typing import Any

import pytest

from bot.core.model.unavailable import Unavailable
from bot.core.rules.nsg_blocks_gateway_manager import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import blind, case, document, v2_settings
from tests.core.networks import around, security_group, security_rule

V2 = document(tier="Standard_v2", backendHttpSettingsCollection=[v2_settings()])


def behind(*rules: Any, made: Any = V2) -> Any:
    return case(made, network=around(security_group(*rules)))


def test_matches_azures_own_denial_where_nothing_allows_it() -> None:
    (summary,) = matches(RULE, behind())
    assert summary == (
        "nsg, the security group of gateway, blocks Azure's management traffic to the gateway: rule"
        " DenyAllInBound denies ports 65200-65535 from GatewayManager."
    )


def test_each_generation_has_ports_of_its_own() -> None:
    only_v1 = security_rule("v1", destinationPortRange="65503-65534")
    assert quiet(RULE, behind(only_v1, made=document()))
    assert matches(RULE, behind(only_v1))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"protocol": "*", "sourceAddressPrefix": "Internet"},
        {"sourceAddressPrefix": "*", "destinationPortRange": "*"},
        {"destinationAddressPrefix": "10.0.0.0/16"},
        {"destinationPortRange": None, "destinationPortRanges": ["65200-65400", "65401-65535"]},
    ],
)
def test_is_quiet_where_a_rule_lets_it_in(changes: Any) -> None:
    assert quiet(RULE, behind(security_rule("management", **changes)))


@pytest.mark.parametrize(
    "changes",
    [
        {"direction": "Outbound"},
        {"protocol": "Udp"},
        {"sourceAddressPrefix": "203.0.113.0/24"},
        {"destinationAddressPrefix": "10.9.0.0/16"},
        {"destinationAddressPrefix": "fd00::/64"},
        {"destinationAddressPrefix": "Sql.WestEurope"},
        {"destinationPortRange": "65200-65300"},
        {"destinationPortRange": "many"},
    ],
)
def test_matches_where_the_rule_allows_something_else(changes: Any) -> None:
    assert matches(RULE, behind(security_rule("other", **changes)))


def test_the_smaller_priority_wins() -> None:
    allow = security_rule("allow", priority=200)
    assert "rule deny denies" in matches(RULE, behind(allow, security_rule("deny", "Deny")))[0]
    late = security_rule("deny", "Deny", priority=300)
    assert quiet(RULE, behind(late, allow))


def test_an_ipv6_subnet_is_compared_with_ipv6() -> None:
    rule = security_rule("v6", destinationAddressPrefix="fd00::/32")
    found = around(security_group(rule))
    subnet = type(found)(found.subnet, ("fd00::/64",), found.security_group, None, ())
    assert quiet(RULE, case(V2, network=subnet))


def test_is_quiet_where_there_is_no_group() -> None:
    assert quiet(RULE, case(V2, network=around()))


def test_a_missing_permission_for_the_group_accuses_no_rule() -> None:
    assert quiet(RULE, case(V2, network=around(Unavailable("forbidden"))))
    assert quiet(RULE, case(V2))
    unread = around(Unavailable("forbidden"), Unavailable("forbidden"))
    assert "gateway_reports_unhealthy" in left_open(RULE, blind(V2, network=unread))
