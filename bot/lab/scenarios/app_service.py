"""Multi-tenant App Service, and API Management: platforms that know only their own names and pages."""

from collections.abc import Mapping
from typing import Any

from bot.lab.azure.build import probe
from bot.lab.backends import BackendSpec, Route
from bot.lab.pki import leaf
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import PUBLIC_ISSUING
from bot.lab.scenarios.shapes import PUBLIC_SITE, V1, V2, one_site, scenario_of, web_server
from bot.lab.values import Json

_APP = "contoso-shop.azurewebsites.net"
_API = "contoso.azure-api.net"
_APP_IP, _API_IP = "10.8.0.4", "10.8.0.5"
_DNS = {_APP: [_APP_IP], _API: [_API_IP]}

_CERTIFICATE = leaf("*.azurewebsites.net", issuer=PUBLIC_ISSUING)
_API_CERTIFICATE = leaf(_API, issuer=PUBLIC_ISSUING)
_FROM_MEMBER = {"pickHostNameFromBackendAddress": True}
_FROM_SETTINGS = probe("site", pickHostNameFromBackendHttpSettings=True)


def _front_end() -> BackendSpec:
    """The shared front end, which answers 404 for a host that no app has."""
    return web_server(_CERTIFICATE.path[:2], address=_APP_IP, knows=[_APP])


def _management(path: str) -> BackendSpec:
    return web_server(_API_CERTIFICATE.path[:2], address=_API_IP, routes=(Route(_API, path),))


def _before_app(
    name: str,
    tier: str = V2,
    *,
    settings: Mapping[str, Any] = {},
    asks: str | None = None,
    **more: Any,
) -> Json:
    return one_site(name, tier, servers=(_APP,), settings=settings, asks=asks, **more)


APP_SERVICE: tuple[Scenario, ...] = (
    scenario_of(
        "app-service-default-probe",
        "App Service by name, and neither probe nor HTTP settings have a host name",
        "The default probe asks for 127.0.0.1, and clients send a host name that the app does not have.",
        gateway=_before_app("app-service-default-probe"),
        backends=[_front_end()],
        dns=_DNS,
        cause="default_probe_host",
        also=["live_host_unknown"],
        option="set_host_name",
        heals=True,
    ),
    scenario_of(
        "app-service-clients-own-name",
        "App Service, and clients' requests keep a host name that the app does not have",
        "The probe asks for the app's own name, so the gateway reports it healthy.",
        gateway=_before_app("app-service-clients-own-name", asks=_APP),
        backends=[_front_end()],
        dns=_DNS,
        cause="live_host_unknown",
        option="set_host_name",
        heals=True,
        hidden=True,
    ),
    scenario_of(
        "app-service-picked-host",
        "App Service: clients get the app's own name, and the default probe does not",
        "The host name is picked from the pool member only for clients.",
        gateway=_before_app("app-service-picked-host", settings=_FROM_MEMBER),
        backends=[_front_end()],
        dns=_DNS,
        cause="default_probe_host",
        option="set_host_name",
        heals=True,
    ),
    scenario_of(
        "use-for-app-service-default-probe",
        "Use for App Service is enabled for an IP in the pool, and there is no custom probe",
        "Clients' requests carry the IP as host, the probe asks for 127.0.0.1, and the server knows neither.",
        gateway=one_site("use-for-app-service-default-probe", asks=None, settings=_FROM_MEMBER),
        backends=[web_server(PUBLIC_SITE.path[:2])],
        cause="default_probe_host",
        also=["live_host_unknown"],
        notes=["host_is_ip"],
        option="set_host_name",
        heals=True,
    ),
    scenario_of(
        "v1-app-service-default-probe",
        "v1: App Service by name, and neither probe nor HTTP settings have a host name",
        "SNI is the pool member's name; only the Host header is wrong.",
        gateway=_before_app("v1-app-service-default-probe", V1),
        backends=[_front_end()],
        dns=_DNS,
        cause="default_probe_host",
        also=["live_host_unknown"],
        option="set_host_name",
        heals=True,
    ),
    scenario_of(
        "healthy-app-service",
        "Healthy: App Service, and the host name is picked from the pool member",
        "Probe and clients ask for the app's own name.",
        gateway=_before_app(
            "healthy-app-service",
            settings=_FROM_MEMBER,
            asks=_APP,
            probes=[_FROM_SETTINGS],
        ),
        backends=[_front_end()],
        dns=_DNS,
    ),
    scenario_of(
        "api-management-first-page",
        "API Management has no page at /, and the probe asks for it",
        "It has a separate health page.",
        gateway=one_site(
            "api-management-first-page", servers=(_API,), asks=_API, settings={"hostName": _API}
        ),
        backends=[_management("/status-0123456789abcdef")],
        dns=_DNS,
        cause="probe_host_or_path_unknown",
        option="correct_probe_path",
        heals=True,
    ),
    scenario_of(
        "api-management-down",
        "API Management does not know its health page either",
        "No path is known to work.",
        gateway=one_site(
            "api-management-down", servers=(_API,), asks=_API, settings={"hostName": _API}
        ),
        backends=[_management("/orders")],
        dns=_DNS,
        cause="probe_host_or_path_unknown",
        option="remove_cause",
    ),
)
