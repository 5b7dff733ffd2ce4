"""Backend health as the service reports it.

Shapes: recordings of Azure/azure-cli, test_network_app_gateway_with_defaults.yaml and
test_network_app_gateway_with_waf_v2_sku.yaml.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.lab.azure.document import parts
from bot.lab.azure.messages import UNKNOWN
from bot.lab.azure.options import Options
from bot.lab.azure.prober import Health
from bot.lab.azure.targets import Target, routed_pairs
from bot.lab.values import Json

BLIND = Health("Unknown", UNKNOWN)


@dataclass(frozen=True, slots=True)
class ServerHealth:
    """One line of backend health: pool and HTTP settings by name, state and log as sent."""

    pool: str
    settings: str
    server: str
    health: str
    log: str


def server_health(target: Target, health: Health, options: Options) -> ServerHealth:
    words = {"Healthy": options.healthy, "Unhealthy": options.unhealthy}
    word = words.get(health.word, "Unknown")
    return ServerHealth(_name(target.pool), _name(target.settings), target.server, word, health.log)


def full_report(document: Json, lines: Iterable[ServerHealth], expand: str = "") -> Json:
    """The response of backendhealth: each pool that a rule uses, its settings, their servers.

    `expand` is the query's $expand: what it names is embedded, everything else is an id.
    """
    lines = tuple(lines)
    wanted = expand.lower()
    pools: dict[str, Json] = {}
    for pool_id, settings_id in routed_pairs(document):
        entry = pools.setdefault(
            pool_id.lower(),
            {
                "backendAddressPool": _embed(document, pool_id, "backendaddresspool" in wanted),
                "backendHttpSettingsCollection": [],
            },
        )
        pair = (_name(pool_id), _name(settings_id))
        entry["backendHttpSettingsCollection"].append(
            {
                "backendHttpSettings": _embed(
                    document, settings_id, "backendhttpsettings" in wanted
                ),
                "servers": [_server(line) for line in lines if (line.pool, line.settings) == pair],
            }
        )
    return {"backendAddressPools": list(pools.values())}


def on_demand_report(pool_id: str, settings_id: str, lines: Iterable[ServerHealth]) -> Json:
    """The response of getBackendHealthOnDemand."""
    return {
        "backendAddressPool": {"id": pool_id},
        "backendHealthHttpSettings": {
            "backendHttpSettings": {"id": settings_id},
            "servers": [_server(line) for line in lines],
        },
    }


def _server(line: ServerHealth) -> Json:
    log = {"healthProbeLog": line.log} if line.log else {}
    return {"address": line.server, "health": line.health, **log}


def _embed(document: Json, part_id: str, full: bool) -> Json:
    if full:
        for part in parts(document):
            if part.node["id"].lower() == part_id.lower():
                return part.node
    return {"id": part_id}


def _name(part_id: str) -> str:
    return part_id.rpartition("/")[2]
