"""The network around a gateway, or what is missing in it, and what the bot says about that."""

from collections.abc import Mapping
from dataclasses import replace

from bot.lab.azure.build import Site, http_settings, part, probe
from bot.lab.azure.options import Options
from bot.lab.backends import Resetting
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import OPTIONS, SUBSCRIPTION
from bot.lab.scenarios.shapes import (
    DOMAIN,
    HOST,
    IP,
    LISTENER,
    OTHER_HOST,
    V1,
    any_host,
    document,
    members,
    one_site,
    scenario_of,
    web_server,
)
from bot.lab.values import Json

_NETWORK = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web/providers/Microsoft.Network"
_GROUP = f"{_NETWORK}/networkSecurityGroups/nsg-gateway"
_TABLE = f"{_NETWORK}/routeTables/rt-gateway"


def _around(name: str, subnet: Json, **others: Json) -> Options:
    """A world in which the subnet of the gateway `agw-<name>` refers to these resources."""
    gateway_subnet = f"{_NETWORK}/virtualNetworks/vnet-agw-{name}/subnets/gateway"
    networks: Mapping[str, Json] = {
        gateway_subnet: {"addressPrefix": "10.0.0.0/24", **subnet},
        **others,
    }
    return replace(OPTIONS, networks=networks)


_DENY_ALL = part(
    "deny-all",
    priority=4000,
    direction="Inbound",
    access="Deny",
    protocol="*",
    sourceAddressPrefix="*",
    sourcePortRange="*",
    destinationAddressPrefix="*",
    destinationPortRange="*",
)
_TO_FIREWALL = part(
    "to-firewall",
    addressPrefix="0.0.0.0/0",
    nextHopType="VirtualAppliance",
    nextHopIpAddress="10.9.0.4",
)

NETWORK_PARTS: tuple[Scenario, ...] = (
    scenario_of(
        "v1-management-blocked",
        "Healthy v1: a network security group blocks Azure's management traffic",
        "Traffic flows, but changes to the gateway may fail.",
        gateway=one_site("v1-management-blocked", V1, secure=False),
        backends=[web_server()],
        notes=["nsg_blocks_gateway_manager"],
        options=_around(
            "v1-management-blocked",
            {"networkSecurityGroup": {"id": _GROUP}},
            **{_GROUP: {"securityRules": [_DENY_ALL]}},
        ),
    ),
    scenario_of(
        "default-route-diverted",
        "Healthy: the default route of the gateway's subnet leads to a firewall",
        "That is not supported on v2, although it works for now.",
        gateway=one_site("default-route-diverted", secure=False),
        backends=[web_server()],
        notes=["default_route_diverted"],
        options=_around(
            "default-route-diverted",
            {"routeTable": {"id": _TABLE}},
            **{_TABLE: {"routes": [_TO_FIREWALL]}},
        ),
    ),
    scenario_of(
        "probe-host-is-a-pattern",
        "Healthy: the probe asks for a wildcard instead of a host",
        "This server accepts it; the next one may not.",
        gateway=one_site("probe-host-is-a-pattern", secure=False, asks=f"*.{DOMAIN}"),
        backends=[any_host()],
        notes=["probe_host_wildcard"],
    ),
    scenario_of(
        "rule-without-pool",
        "A rule has no pool",
        "The shop works, and the news site leads nowhere.",
        gateway=document(
            "rule-without-pool",
            pools=[members("web", IP)],
            settings=[http_settings("web", probe="site")],
            probes=[probe("site", host=HOST, protocol="Http")],
            sites=[
                Site("shop", HOST, "web", "web", LISTENER),
                Site("news", OTHER_HOST, "", "web", LISTENER),
            ],
        ),
        backends=[web_server()],
        cause="rule_without_backend",
        option="remove_cause",
        hidden=True,
    ),
    scenario_of(
        "answer-cut-off",
        "The server accepts the probe's connection, and resets it",
        "It is overloaded, or something on the path resets it.",
        gateway=one_site("answer-cut-off", secure=False),
        backends=[web_server(behaviour=Resetting())],
        cause="probe_answer_broken",
        option="remove_cause",
    ),
)
