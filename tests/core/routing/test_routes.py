"""Which servers a gateway probes, and which of them can be contacted."""

from dataclasses import replace

from bot.core.arm.gateway_reader import read_gateway
from bot.core.case.attempts import missing_attempts, wanted_attempts
from bot.core.model.health import BackendHealth, HealthNotKnown, ServerHealth
from bot.core.remedies.options import fqdn_in_pool
from bot.core.routing.routes import backends, nic_members
from tests.core.make import ILB, SERVER, answered, case, document, item, ref
from tests.core.remedies.options.trying import refused

INTERFACE = "/subscriptions/s1/vmss/0/nic/ip"
BASE = document(
    backendAddressPools=[
        item(
            "backendAddressPools",
            "pool",
            backendAddresses=[{"ipAddress": SERVER}],
            backendIPConfigurations=[ref("networkInterfaces", "vm0")],
        )
    ]
)
GATEWAY = read_gateway(BASE, {})
(POOL,) = GATEWAY.pools
(SETTINGS,) = GATEWAY.http_settings


def health(*servers: str, pool: str = POOL.id) -> BackendHealth:
    return BackendHealth(
        tuple(ServerHealth(pool, SETTINGS.id, it, "unhealthy", None) for it in servers)
    )


def test_members_by_network_interface_are_those_that_only_backend_health_names() -> None:
    joined = nic_members(GATEWAY, health(SERVER, "10.1.5.20", "10.1.5.20"))
    assert joined == ((POOL.id, "10.1.5.20"),)
    assert [it.server for it in backends(GATEWAY, joined)] == [SERVER, "10.1.5.20"]


def test_a_pool_that_writes_all_its_members_down_has_no_others() -> None:
    plain = read_gateway(document(), {})
    assert nic_members(plain, health("10.1.5.20")) == ()
    assert nic_members(GATEWAY, health("10.1.5.20", pool="/another")) == ()
    assert nic_members(GATEWAY, HealthNotKnown("no permission")) == ()


def test_a_member_known_by_its_id_alone_is_judged_by_its_health_and_never_contacted() -> None:
    joined = nic_members(GATEWAY, health(INTERFACE))
    made = replace(case(BASE, health=health(INTERFACE)), nic_members=joined)
    assert [it.server for it in made.backends] == [SERVER, INTERFACE]
    asked = (*wanted_attempts(made), *missing_attempts(made))
    assert {it.server for it in asked} == {SERVER}


def test_its_address_stands_in_no_pool_where_it_could_be_exchanged() -> None:
    made = case(BASE, answered(ILB), health=health("10.1.5.20"))
    joined = replace(made, nic_members=nic_members(GATEWAY, health("10.1.5.20")))
    only = replace(joined, gateway=replace(joined.gateway, pools=(replace(POOL, servers=()),)))
    assert "network interface" in refused(fqdn_in_pool.OPTION, only, BASE)
