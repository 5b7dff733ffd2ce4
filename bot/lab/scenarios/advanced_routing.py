"""Advanced routing maps: a header, a method or a path decides which pool gets a request."""

from typing import Any

from bot.lab.azure.build import Site, https_settings, part, probe
from bot.lab.azure.document import GatewayId
from bot.lab.backends import Refusing
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import SUBSCRIPTION
from bot.lab.scenarios.shapes import (
    HOST,
    IP,
    LISTENER,
    OTHER_IP,
    PUBLIC_SITE,
    document,
    members,
    scenario_of,
    web_server,
)
from bot.lab.values import Json

_CHAIN = PUBLIC_SITE.path[:2]
_API_IP = "10.4.0.12"


def _rule(name: str, priority: int) -> Json:
    """A rule that leads to the pool of its own name, under the condition set of that name."""
    return part(
        name,
        priority=priority,
        advancedRoutingConditionSet={"id": f"advancedRoutingConditionSets/{name}"},
        backendAddressPool={"id": f"backendAddressPools/{name}"},
        backendHttpSettings={"id": "backendHttpSettingsCollection/site"},
    )


def _set(name: str, kind: str, *values: str, **more: Any) -> Json:
    condition = {"conditionType": kind, "propertyValues": list(values), **more}
    return part(name, routingConditions=[condition])


def _routed(name: str) -> Json:
    """A site of which /api/* goes to one pool, requests with X-Beta to another, and all others to a third."""
    found = document(
        name,
        pools=[members("web", IP), members("beta", OTHER_IP), members("api", _API_IP)],
        settings=[https_settings("site", probe="site")],
        probes=[probe("site", host=HOST)],
        sites=[Site("site", HOST, "web", "site", LISTENER)],
        advancedRoutingConditionSets=[
            _set("beta", "Header", "1", propertyName="X-Beta"),
            _set("api", "Path", "/api/*"),
        ],
        advancedRoutingMaps=[
            part(
                "site-map",
                defaultBackendAddressPool={"id": "backendAddressPools/web"},
                defaultBackendHttpSettings={"id": "backendHttpSettingsCollection/site"},
                advancedRoutingRules=[_rule("api", 20), _rule("beta", 10)],
            )
        ],
    )
    (rule,) = found["properties"]["requestRoutingRules"]
    ends = ("backendAddressPool", "backendHttpSettings")
    kept = {key: it for key, it in rule["properties"].items() if key not in ends}
    gateway = GatewayId(SUBSCRIPTION, "rg-web", found["name"])
    there = {"id": f"{gateway}/advancedRoutingMaps/site-map"}
    rule["properties"] = {**kept, "ruleType": "AdvancedRouting", "advancedRoutingMap": there}
    return found


ADVANCED_ROUTING: tuple[Scenario, ...] = (
    scenario_of(
        "healthy-advanced-routing",
        "Healthy: a header and a path decide which pool gets a request",
        "An advanced routing map leads to three pools, and all of their servers are well.",
        gateway=_routed("advanced-routing"),
        backends=[web_server(_CHAIN, address=it) for it in (IP, OTHER_IP, _API_IP)],
    ),
    scenario_of(
        "advanced-routing-beta-refuses",
        "The pool for requests with a header is down",
        "Only an advanced routing rule leads to it, and only for requests with X-Beta.",
        gateway=_routed("advanced-beta"),
        backends=[
            web_server(_CHAIN),
            web_server(_CHAIN, address=OTHER_IP, behaviour=Refusing()),
            web_server(_CHAIN, address=_API_IP),
        ],
        cause="port_refused",
        option="remove_cause",
    ),
)
