"""ARM's JSON of a backend health report -> `BackendHealth`. Pure; reads what real answers hold.

The report's shape is documented in https://learn.microsoft.com/rest/api/application-gateway/application-gateways/backend-health.
Answers differ from it: words of two vocabularies, ids in any case, no `servers`, no `healthProbeLog`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.core.model.health import BackendHealth, HealthNotKnown, ServerHealth, State

# The specification says Up and Down, answers of the service say Healthy and Unhealthy as well:
# Azure/azure-libraries-for-net, Tests/Fluent.Tests/SessionRecords/.../BackendHealthCheck.json
STATES: Mapping[str, State] = {
    "up": "healthy",
    "healthy": "healthy",
    "down": "unhealthy",
    "unhealthy": "unhealthy",
    "partial": "partial",
    "draining": "draining",
}


def read_health(report: object) -> BackendHealth | HealthNotKnown:
    """The typed view of one report; a part that cannot be read is left out.

    A gateway without pools has an empty report, which is an answer. Something else than a report is none.
    """
    pools = _mapping(report).get("backendAddressPools")
    if not isinstance(pools, list):
        return HealthNotKnown("Azure's answer is not a backend health report")
    return BackendHealth(tuple(server for pool in pools for server in _of_pool(_mapping(pool))))


def read_trial(report: object) -> BackendHealth | HealthNotKnown:
    """The typed view of an on-demand report: one pool, one HTTP settings.

    Shape: Azure/azure-rest-api-specs, ApplicationGatewayBackendHealthTest.json.
    """
    body = _mapping(report)
    settings = body.get("backendHealthHttpSettings")
    if not isinstance(settings, Mapping):
        return HealthNotKnown("Azure's answer is not an on-demand health report")
    pool = {
        "backendAddressPool": body.get("backendAddressPool"),
        "backendHttpSettingsCollection": [settings],
    }
    return BackendHealth(tuple(_of_pool(pool)))


def _of_pool(pool: Mapping[str, Any]) -> Iterator[ServerHealth]:
    pool_id = _id(pool.get("backendAddressPool"))
    for each in _items(pool.get("backendHttpSettingsCollection")):
        settings_id = _id(each.get("backendHttpSettings"))
        for server in _items(each.get("servers")):
            # A member by network interface has its address beside `ipConfiguration`; without one,
            # the id is all there is to call it by.
            name = _text(server.get("address")) or _id(server.get("ipConfiguration"))
            if name:
                state = STATES.get(str(server.get("health")).lower(), "unknown")
                message = _text(server.get("healthProbeLog"))
                yield ServerHealth(pool_id, settings_id, name, state, message)


def _items(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, Mapping))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _id(reference: object) -> str:
    # In lower case: https://github.com/Azure/azure-rest-api-specs, ApplicationGatewayBackendHealthGet.json
    # shows `backendaddressPools`.
    return (_text(_mapping(reference).get("id")) or "").lower()
