"""The gateway asks the backend for an IP address instead of a host name."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView
from bot.core.model.gateway import is_ip
from bot.core.model.marked import mark


def check(view: BackendView) -> Iterator[Match]:
    """Pick-host-from-backend-address with an IP member: Host is the IP, and no SNI is sent."""
    if view.settings.pick_host_from_address and is_ip(view.server) and view.backend.hosts:
        yield Match(
            f"{mark(view.settings.name)} takes the host name from the pool member, which is the IP"
            f" {mark(view.server)}: the backend is asked for Host {mark(view.server)}, not"
            f" {mark(view.backend.hosts[0])}.",
            (
                Evidence(
                    "pickHostNameFromBackendAddress is true and the member is an IP",
                    commands.show_settings(view.gateway, view.backend),
                ),
            ),
            view.backend,
        )


RULE = Rule(
    id="host_is_ip",
    severity="warning",
    symptom="The host name is taken from a pool member that is an IP address.",
    cause="Use for App Service (or pick host name from backend target) is set while the pool holds the IP of an"
    " internal load balancer.",
    remedy="Clear Use for App Service, or put the host name in the pool.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/create-gateway-internal-load-balancer-app-service-environment",
        "https://learn.microsoft.com/azure/application-gateway/configuration-http-settings",
    ),
    check=each_backend(check),
)
