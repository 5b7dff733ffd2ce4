"""The record to make, right as it stands: at the network's own DNS servers, or in a private zone."""

import shlex
from dataclasses import replace

from bot.core.model.marked import ending_command, plain
from bot.core.model.network import NOT_LOOKED_AT
from bot.core.remedies.private_zone import own_dns_servers, record_steps, virtual_network
from tests.core.make import HOST, SERVER, case
from tests.core.networks import around

NETWORK = "/subscriptions/s1/resourcegroups/rg-net/providers/microsoft.network/virtualnetworks/hub"


def test_a_private_zone_for_the_name_alone_linked_to_the_gateways_network() -> None:
    made = case(network=around())
    made = replace(made, gateway=replace(made.gateway, subnets=(f"{NETWORK}/subnets/gateway",)))
    first, second, third = record_steps(made, HOST, SERVER)
    assert f"add the record A test -> {SERVER}" in plain(first)
    _, zone = ending_command(first)
    _, record = ending_command(second)
    _, link = ending_command(third)
    group = "-g rg-test --subscription s1"
    assert zone == f"az network private-dns zone create {group} -n {HOST}"
    assert record == (
        f"az network private-dns record-set a add-record {group} -z {HOST} -n @ -a {SERVER}"
    )
    assert link == (
        f"az network private-dns link vnet create {group} -z {HOST} -n gateway -v {NETWORK} -e false"
    )


def test_no_link_can_be_told_without_the_network() -> None:
    made = case(network=NOT_LOOKED_AT)
    made = replace(made, gateway=replace(made.gateway, subnets=("/sub/net",)))
    assert virtual_network(made.gateway) is None
    assert len(tuple(record_steps(made, HOST, SERVER))) == 2


def test_a_network_with_dns_servers_of_its_own_asks_no_private_zone() -> None:
    made = case(network=around(dns=("10.9.0.5", "10.9.0.6")))
    assert own_dns_servers(made) == ("10.9.0.5", "10.9.0.6")
    (step,) = record_steps(made, HOST, SERVER)
    assert f"10.9.0.5, 10.9.0.6: create the record A {HOST} -> {SERVER}" in plain(step)


def test_what_comes_from_outside_is_one_word() -> None:
    made = case(network=around())
    odd = replace(made, gateway=replace(made.gateway, resource_group="rg; rm\n-rf"))
    first, *_ = record_steps(odd, HOST, SERVER)
    _, zone = ending_command(first)
    assert zone is not None
    assert zone.isprintable()
    assert r"$rg; rm\012-rf" in shlex.split(zone)
