"""ARM's documents of a network -> `GatewayNetwork`, whatever they hold."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.arm.network_reader import NetworkDocuments, read_network, references
from bot.core.model.marked import plain
from bot.core.model.network import GatewayNetwork, RouteTable, SecurityGroup, UserDefinedRoute
from bot.core.model.unavailable import Unavailable
from tests.core.networks import around, route_table, security_group, security_rule
from tests.core.plainly import plainly

json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
)


def test_everything_is_read_and_the_rules_stand_by_priority() -> None:
    found = around(security_group(security_rule("management")), route_table(), ("10.0.0.4",))
    assert found.prefixes == ("10.0.0.0/24",)
    assert found.dns_servers == ("10.0.0.4",)
    assert found.route_table == RouteTable(
        "routes", (UserDefinedRoute("default", "0.0.0.0/0", "VirtualAppliance"),)
    )
    assert isinstance(found.security_group, SecurityGroup)
    names = [rule.name for rule in found.security_group.rules]
    assert names == ["management", "AllowVnetInBound", "DenyAllInBound"]


def test_what_may_not_be_read_says_why() -> None:
    no = Unavailable("forbidden")
    assert read_network(NetworkDocuments(no, None, None, None)) == no
    assert isinstance(read_network(NetworkDocuments(None, None, None, None)), Unavailable)
    part = read_network(NetworkDocuments({}, no, no, no))
    assert part == GatewayNetwork("", (), no, no, no)
    without = read_network(NetworkDocuments({}, None, None, None))
    assert isinstance(without, GatewayNetwork)
    assert isinstance(without.dns_servers, Unavailable)


def test_a_subnet_refers_to_its_group_and_table() -> None:
    both = {"properties": {"networkSecurityGroup": {"id": "/N"}, "routeTable": {"id": "/T"}}}
    assert references(both) == ("/N", "/T")
    assert references({}) == (None, None)


def test_a_priority_may_be_written_as_a_text() -> None:
    first = security_rule("first", priority="100")
    found = around(security_group(security_rule("second", priority=4096), first))
    assert isinstance(found.security_group, SecurityGroup)
    named = [(it.name, it.priority) for it in found.security_group.rules[:2]]
    assert named == [("first", 100), ("second", 4096)]


def test_a_port_may_be_written_as_a_number() -> None:
    found = around(security_group(security_rule("one", destinationPortRange=443)))
    assert isinstance(found.security_group, SecurityGroup)
    assert found.security_group.rules[0].ports == ("443",)


def test_a_rule_without_a_priority_comes_last() -> None:
    found = around(security_group(security_rule("odd", priority=None)))
    assert isinstance(found.security_group, SecurityGroup)
    assert found.security_group.rules[-1].name == "odd"


def test_of_a_group_or_table_with_an_unread_part_nothing_is_said() -> None:
    """The part may be the one that decides."""
    table = {"properties": {"routes": [{"name": "r", "properties": {"addressPrefix": 7}}]}}
    found = around(security_group(security_rule("odd", priority="first")), table)
    reasons = (
        "Not read: securityRules/odd/priority of the network security group is the text 'first',"
        " not a whole number from 0 to 2147483647",
        "Not read: routes/r/addressPrefix of the route table is the number 7, not a text",
    )
    assert plainly((found.security_group, found.route_table)) == tuple(map(Unavailable, reasons))
    assert plainly(found.notes) == reasons


def test_of_a_network_with_an_unread_server_no_server_is_known() -> None:
    network = {"properties": {"dhcpOptions": {"dnsServers": [7]}}}
    found = read_network(NetworkDocuments({"properties": 7}, network, None, None))
    assert isinstance(found, GatewayNetwork)
    assert isinstance(found.dns_servers, Unavailable)
    assert plainly(found.notes) == (
        "Not read: properties of the subnet is the number 7, not an object",
        plain(found.dns_servers.reason),
    )


@given(json)
@pytest.mark.parametrize(
    "collection", ["securityRules", "routes", "dhcpOptions", "addressPrefixes"]
)
def test_any_part_may_be_nonsense(collection: str, value: Any) -> None:
    document = {"properties": {collection: value}}
    found = read_network(NetworkDocuments(document, document, document, document))
    assert isinstance(found, GatewayNetwork)


@given(json)
def test_a_rule_may_be_nonsense(value: Any) -> None:
    rules = [{"name": value, "properties": {"priority": value, "destinationPortRanges": value}}]
    document = {"properties": {"securityRules": rules, "routes": rules}}
    found = read_network(NetworkDocuments({}, None, document, document))
    assert isinstance(found, GatewayNetwork)
