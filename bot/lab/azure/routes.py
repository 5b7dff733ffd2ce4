"""Which method and path is which request, and which action it needs."""

import re
from dataclasses import dataclass

from bot.lab.azure import faults
from bot.lab.azure.api import Api
from bot.lab.azure.calls import Handler
from bot.lab.azure.environments import Environments
from bot.lab.azure.locks import Locks
from bot.lab.azure.metrics import Metrics
from bot.lab.azure.networks import Networks
from bot.lab.azure.permissions import Permissions
from bot.lab.azure.policies import Policies

_SUBSCRIPTION = "/subscriptions/(?P<subscription>[^/]+)"
_GROUP = f"{_SUBSCRIPTION}/resourceGroups/(?P<group>[^/]+)"
_NETWORK = "/providers/Microsoft.Network"
_GATEWAYS = f"{_NETWORK}/applicationGateways"
_GATEWAY = f"{_GROUP}{_GATEWAYS}/(?P<name>[^/]+)"
_NETWORK_PART = (
    f"{_GROUP}{_NETWORK}/(?P<kind>virtualNetworks|networkSecurityGroups|routeTables)"
    "/(?P<resource>[^/]+)"
)
_WEB = "/providers/Microsoft.Web"
_ENVIRONMENT = f"{_GROUP}{_WEB}/hostingEnvironments/(?P<resource>[^/]+)"
_LOCATION = f"{_SUBSCRIPTION}{_NETWORK}/locations/(?P<location>[^/]+)"
_PERMISSIONS = "/providers/Microsoft.Authorization/permissions"
_OPERATION = "(?P<operation>[^/]+)"


@dataclass(frozen=True, slots=True)
class Route:
    """A method and path (ARM compares paths case-insensitively), and the action it needs."""

    method: str
    path: re.Pattern[str]
    action: str
    handler: Handler


def routes(
    api: Api,
    networks: Networks,
    environments: Environments,
    metrics: Metrics,
    permissions: Permissions,
    locks: Locks,
    policies: Policies,
) -> tuple[Route, ...]:
    """Every request that the lab's Azure supports."""
    return (
        _route("GET", "/subscriptions", faults.SUBSCRIPTIONS, api.list_subscriptions),
        _route("GET", _SUBSCRIPTION, faults.SUBSCRIPTIONS, api.get_subscription),
        _route("GET", f"{_SUBSCRIPTION}/resourceGroups", faults.RESOURCE_GROUPS, api.list_groups),
        _route("GET", f"{_SUBSCRIPTION}{_GATEWAYS}", faults.READ, api.list_gateways),
        _route("GET", f"{_GROUP}{_GATEWAYS}", faults.READ, api.list_gateways),
        _route("GET", _GATEWAY, faults.READ, api.get_gateway),
        _route("PUT", _GATEWAY, faults.WRITE, api.put_gateway),
        _route("PATCH", _GATEWAY, faults.WRITE, api.patch_gateway),
        _route("POST", f"{_GATEWAY}/start", faults.START, api.start_gateway),
        _route("POST", f"{_GATEWAY}/stop", faults.STOP, api.stop_gateway),
        _route("POST", f"{_GATEWAY}/backendhealth", faults.BACKEND_HEALTH, api.backend_health),
        _route(
            "POST",
            f"{_GATEWAY}/getBackendHealthOnDemand",
            faults.HEALTH_ON_DEMAND,
            api.backend_health_on_demand,
        ),
        _route("GET", _NETWORK_PART, faults.NETWORK, networks.get),
        _route("GET", f"{_NETWORK_PART}/subnets/(?P<subnet>[^/]+)", faults.SUBNET, networks.get),
        *_environment_routes(environments),
        *(
            _route("GET", f"{resource}{_PERMISSIONS}", faults.PERMISSIONS, permissions.list)
            for resource in (_GATEWAY, f"{_NETWORK_PART}/subnets/(?P<subnet>[^/]+)")
        ),
        _route(
            "GET", f"{_GATEWAY}/providers/Microsoft.Authorization/locks", faults.LOCKS, locks.list
        ),
        _route(
            "POST",
            f"{_GROUP}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions",
            faults.POLICY_CHECK,
            policies.check,
        ),
        _route(
            "GET", f"{_GATEWAY}/providers/Microsoft.Insights/metrics", faults.METRICS, metrics.list
        ),
        _route(
            "GET",
            f"{_LOCATION}/operations/{_OPERATION}",
            faults.OPERATION_STATUS,
            api.operation_status,
        ),
        _route(
            "GET",
            f"{_LOCATION}/operationResults/{_OPERATION}",
            faults.OPERATION_RESULT,
            api.operation_result,
        ),
    )


def _environment_routes(environments: Environments) -> tuple[Route, ...]:
    return (
        _route(
            "GET",
            f"{_SUBSCRIPTION}{_WEB}/hostingEnvironments",
            faults.ENVIRONMENTS,
            environments.list_environments,
        ),
        _route(
            "GET",
            f"{_ENVIRONMENT}/capacities/virtualip",
            faults.VIRTUAL_IP,
            environments.virtual_ip,
        ),
        _route(
            "GET",
            f"{_ENVIRONMENT}/configurations/networking",
            faults.NETWORKING,
            environments.networking,
        ),
        _route(
            "GET",
            f"{_SUBSCRIPTION}{_WEB}/certificates",
            faults.WEB_CERTIFICATES,
            environments.list_certificates,
        ),
    )


def _route(method: str, path: str, action: str, handler: Handler) -> Route:
    return Route(method, re.compile(f"{path}/?", re.IGNORECASE), action, handler)
