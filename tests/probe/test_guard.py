"""Which addresses are never contacted, however they are spelt."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model.marked import plain
from bot.probe.guard import AZURE_DNS, dns_refusal, refusal

NEVER = [
    "169.254.169.254",
    "169.254.0.1",
    "fe80::1",
    "fe80::1%eth0",
    "168.63.129.16",
    "fd00:ec2::254",
    "224.0.0.1",
    "239.255.255.255",
    "ff02::1",
    "0.0.0.0",
    "0.1.2.3",
    "::",
    "255.255.255.255",
    "::ffff:169.254.169.254",
    "::ffff:168.63.129.16",
    "::ffff:0.0.0.0",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
    "2002:a83f:8110::1",
    "fd00:ec2::23",
    "fd20:ce::254",
    "100.100.100.200",
    "::ffff:100.100.100.200",
    "64:ff9b::6464:64c8",
    "192.0.0.192",
    "192.0.0.1",
    "64:ff9b:1::a01:50b",
    "64:ff9b:1:ffff::1",
    "::10.1.5.11",
    "::169.254.169.254",
    "::127.0.0.1",
    "::ffff:0:127.0.0.1",
    "::ffff:0:169.254.169.254",
    "fd00:c1::a9fe:a9fe",
    "fd00:42::42",
    "fd00:a9fe:a9fe::1",
    "fd00:100::100:200",
    "2001::a9fe:a9fe",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
]
LOOPBACK = ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"]
BACKENDS = [
    "10.1.5.11",
    "192.168.1.4",
    "172.16.0.1",
    "20.50.2.3",
    "fd12::5",
    "fd00:42::43",
    "::ffff:10.1.5.11",
]


@pytest.mark.parametrize("address", NEVER)
@pytest.mark.parametrize("mapped", [True, False])
def test_some_addresses_are_never_contacted(address: str, mapped: bool) -> None:
    assert refusal(address, mapped=mapped, loopback_only=False)
    assert refusal(address, mapped=mapped, loopback_only=True)


@pytest.mark.parametrize("address", BACKENDS)
def test_backends_may_be_contacted_unless_loopback_is_all(address: str) -> None:
    assert refusal(address, mapped=False, loopback_only=False) is None
    why = refusal(address, mapped=True, loopback_only=True)
    assert (
        plain(why or "")
        == f"{address} is not a loopback address, and only loopback may be contacted here"
    )


@pytest.mark.parametrize("address", LOOPBACK)
def test_loopback_is_open_only_where_somebody_said_so(address: str) -> None:
    why = refusal(address, mapped=False, loopback_only=False)
    assert plain(why or "") == f"{address} is this machine, not a backend"
    assert refusal(address, mapped=True, loopback_only=False) is None
    assert refusal(address, mapped=False, loopback_only=True) is None


@given(st.ip_addresses(), st.booleans())
def test_with_loopback_only_nothing_else_passes(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, mapped: bool
) -> None:
    inside = ("127.0.0.0/8", "::1", "::ffff:127.0.0.0/104")
    passes = refusal(str(address), mapped=mapped, loopback_only=True) is None
    assert passes == any(address in ipaddress.ip_network(network) for network in inside)


@pytest.mark.parametrize("address", ["2002:7f00:1::1", "64:ff9b::7f00:1"])
def test_loopback_behind_a_router_is_not_loopback(address: str) -> None:
    # It would leave this machine, and may come back to it.
    assert refusal(address, mapped=True, loopback_only=True)
    assert refusal(address, mapped=False, loopback_only=False)


def test_a_name_is_not_an_address() -> None:
    with pytest.raises(ValueError, match=r"shop\.contoso\.com"):
        refusal("shop.contoso.com", mapped=True, loopback_only=False)


def test_azures_own_dns_is_asked_only_where_the_operator_names_it() -> None:
    assert dns_refusal(AZURE_DNS, chosen=True, loopback_only=False) is None
    assert dns_refusal(AZURE_DNS, chosen=False, loopback_only=False)
    assert dns_refusal(AZURE_DNS, chosen=True, loopback_only=True)
    assert refusal(AZURE_DNS, mapped=True, loopback_only=False)


@pytest.mark.parametrize("server", ["169.254.169.254", "fd00:ec2::254", "0.0.0.0"])
def test_no_other_platform_address_is_a_dns_server(server: str) -> None:
    assert dns_refusal(server, chosen=True, loopback_only=False)


def test_dns_servers_of_networks_may_be_asked_but_this_machine_only_if_named() -> None:
    assert dns_refusal("10.9.0.5", chosen=False, loopback_only=False) is None
    assert dns_refusal("10.9.0.5", chosen=True, loopback_only=True)
    assert dns_refusal("127.0.0.53", chosen=True, loopback_only=False) is None
    assert dns_refusal("127.0.0.53", chosen=False, loopback_only=False)
