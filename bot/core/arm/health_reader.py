"""ARM's JSON of a backend health report -> `BackendHealth`. Reads what real answers hold.

The report's shape is documented in https://learn.microsoft.com/rest/api/application-gateway/application-gateways/backend-health.
Answers differ from it: words of two vocabularies, ids in any case, no `servers`, no `healthProbeLog`.
"""

from collections.abc import Iterator, Mapping

from bot.core.arm.entry import Entry, root_entry
from bot.core.model.health import BackendHealth, HealthNotKnown, HealthState, ServerHealth

# The specification says Up and Down, answers of the service say Healthy and Unhealthy as well:
# Azure/azure-libraries-for-net, Tests/Fluent.Tests/SessionRecords/.../BackendHealthCheck.json
STATES: Mapping[str, HealthState] = {
    "up": "healthy",
    "healthy": "healthy",
    "down": "unhealthy",
    "unhealthy": "unhealthy",
    "partial": "partial",
    "draining": "draining",
}


def read_health(report: object) -> BackendHealth | HealthNotKnown:
    """The typed view of one report; a part that cannot be read is left out, and noted.

    A gateway without pools has an empty report, which is an answer. Something else than a report is none.
    """
    root = _opened(report)
    if not root.is_list("backendAddressPools"):
        return HealthNotKnown("Azure's answer is not a backend health report")
    servers = (
        server
        for pool in root.entries("backendAddressPools")
        for settings in pool.entries("backendHttpSettingsCollection")
        for server in _servers(pool, settings)
    )
    return BackendHealth(tuple(servers), root.notes.all)


def read_trial(report: object) -> BackendHealth | HealthNotKnown:
    """The typed view of an on-demand report: one pool, one HTTP settings.

    Shape: Azure/azure-rest-api-specs, ApplicationGatewayBackendHealthTest.json.
    """
    root = _opened(report)
    settings = root.entry("backendHealthHttpSettings")
    if not settings.found:
        return HealthNotKnown("Azure's answer is not an on-demand health report")
    servers = tuple(_servers(root, settings))
    return BackendHealth(servers, root.notes.all)


def _opened(report: object) -> Entry:
    return root_entry(report, "the backend health report")


def _servers(pool: Entry, settings: Entry) -> Iterator[ServerHealth]:
    # Ids in lower case: https://github.com/Azure/azure-rest-api-specs, ApplicationGatewayBackendHealthGet.json
    # shows `backendaddressPools`.
    pool_id = pool.reference("backendAddressPool") or ""
    settings_id = settings.reference("backendHttpSettings") or ""
    for server in settings.entries("servers"):
        # A member by network interface has its address beside `ipConfiguration`; without one,
        # the id is all there is to call it by.
        name = server.text("address") or server.reference("ipConfiguration")
        if name:
            state = STATES.get((server.text("health") or "").lower(), "unknown")
            yield ServerHealth(pool_id, settings_id, name, state, server.text("healthProbeLog"))
