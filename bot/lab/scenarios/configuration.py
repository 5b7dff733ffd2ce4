"""Gateways whose own configuration or state is at fault."""

from bot.lab.azure.build import PathTo, Site, http_settings, probe
from bot.lab.backends import Answer, Refusing, Route
from bot.lab.scenario import Scenario
from bot.lab.scenarios.shapes import (
    DOMAIN,
    HOST,
    IP,
    LISTENER,
    OTHER_IP,
    PUBLIC_SITE,
    V1,
    any_host,
    document,
    members,
    one_site,
    scenario_of,
    web_server,
)
from bot.lab.values import Json

_CHAIN = PUBLIC_SITE.path[:2]


def _in_state(gateway: Json, **state: str) -> Json:
    """The same gateway with this operationalState or provisioningState."""
    return {**gateway, "properties": {**gateway["properties"], **state}}


CONFIGURATION: tuple[Scenario, ...] = (
    scenario_of(
        "stopped",
        "The gateway is stopped",
        "Somebody stopped it to save money, and nobody started it again.",
        gateway=_in_state(one_site("stopped"), operationalState="Stopped"),
        backends=[web_server(_CHAIN)],
        cause="gateway_stopped",
        option="start_gateway",
        hidden=True,
    ),
    scenario_of(
        "last-change-failed",
        "The gateway's last update failed, and traffic still flows",
        "The state is about the update, not about the traffic; writing the gateway again ends it.",
        gateway=_in_state(one_site("last-change-failed"), provisioningState="Failed"),
        backends=[web_server(_CHAIN)],
        option="remove_cause",
        notes=["gateway_failed"],
    ),
    scenario_of(
        "pool-empty",
        "The pool has no members",
        "The machines were replaced, and the new ones never joined.",
        gateway=one_site("pool-empty", servers=()),
        backends=[],
        cause="pool_empty",
        option="remove_cause",
        hidden=True,
    ),
    scenario_of(
        "v1-pool-empty",
        "v1: the pool has no members",
        "The machines were replaced, and the new ones never joined.",
        gateway=one_site("v1-pool-empty", V1, servers=(), secure=False),
        backends=[],
        cause="pool_empty",
        option="remove_cause",
        hidden=True,
    ),
    scenario_of(
        "path-without-pool",
        "A path has no pool",
        "/api/* has HTTP settings, but no backend pool.",
        gateway=document(
            "path-without-pool",
            pools=[members("web", IP)],
            settings=[http_settings("web", probe="site")],
            probes=[probe("site", host=HOST, protocol="Http")],
            sites=[
                Site("site", HOST, "web", "web", LISTENER, paths=(PathTo("/api/*", "", "web"),))
            ],
        ),
        backends=[web_server()],
        cause="path_map_gap",
        option="remove_cause",
        hidden=True,
    ),
    scenario_of(
        "use-for-app-service",
        "Use for App Service is enabled for an IP in the pool",
        "So requests carry the IP instead of the site's name, and the server does not know it.",
        gateway=one_site(
            "use-for-app-service",
            secure=False,
            settings={"pickHostNameFromBackendAddress": True},
            checks={"host": None, "pickHostNameFromBackendHttpSettings": True},
        ),
        backends=[web_server()],
        cause="probe_host_or_path_unknown",
        option="clear_use_for_app_service",
        heals=True,
        notes=["host_is_ip"],
    ),
    scenario_of(
        "v1-use-for-app-service",
        "v1: Use for App Service is enabled for an IP in the pool",
        "So requests carry the IP instead of the site's name, and the server does not know it.",
        gateway=one_site(
            "v1-use-for-app-service",
            V1,
            secure=False,
            settings={"pickHostNameFromBackendAddress": True},
            checks={"host": None, "pickHostNameFromBackendHttpSettings": True},
        ),
        backends=[web_server()],
        cause="probe_host_or_path_unknown",
        option="clear_use_for_app_service",
        heals=True,
        notes=["host_is_ip"],
    ),
    scenario_of(
        "kept-healthy",
        "The probe keeps a server that is down healthy",
        "minServers keeps one server healthy whatever it answers, so requests go nowhere.",
        gateway=one_site("kept-healthy", secure=False, checks={"minServers": 1}),
        backends=[web_server(behaviour=Refusing())],
        cause="port_refused",
        option="remove_cause",
        notes=["min_servers_hides_failures"],
        hidden=True,
    ),
    scenario_of(
        "mixed-pool",
        "Healthy: a pool with an IP and a name",
        "Both answer to the site's name, but it is worth a note.",
        gateway=one_site("mixed-pool", servers=(IP, f"web2.{DOMAIN}"), secure=False),
        backends=[web_server(), web_server(address=OTHER_IP)],
        dns={f"web2.{DOMAIN}": [OTHER_IP]},
        notes=["pool_mixes_ip_and_names"],
    ),
    scenario_of(
        "wide-rule-first",
        "Healthy: a wildcard rule comes before a more specific one",
        "Both sites work, but requests for shop.contoso.com never reach the shop's rule.",
        gateway=document(
            "wide-rule-first",
            pools=[members("web", IP), members("shop", OTHER_IP)],
            settings=[http_settings("web", probe="site")],
            probes=[probe("site", host=HOST, protocol="Http")],
            sites=[
                Site("all", f"*.{DOMAIN}", "web", "web", LISTENER),
                Site("shop", HOST, "shop", "web", LISTENER),
            ],
        ),
        backends=[any_host(), any_host(address=OTHER_IP)],
        notes=["rule_order"],
    ),
    scenario_of(
        "ingress-owned",
        "The probe asks for an unknown host, on a gateway managed by an ingress controller",
        "A change made here would be overwritten.",
        gateway={
            **one_site("ingress-owned", secure=False, asks="store.contoso.com"),
            "tags": {"managed-by-k8s-ingress": "1.7.2"},
        },
        backends=[web_server(routes=(Route(HOST, answer=Answer(200, b"Pods are fine.\n")),))],
        cause="probe_host_or_path_unknown",
        option="set_host_name",
        heals=True,
        notes=["gateway_owned_by_ingress"],
    ),
)
