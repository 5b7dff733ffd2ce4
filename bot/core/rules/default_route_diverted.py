"""v2: the gateway's default route does not lead to the internet."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.model.marked import mark
from bot.core.model.network import GatewayNetwork, RouteTable

EVERYWHERE = "0.0.0.0/0"


def check(case: Case) -> Iterator[Match]:
    """Only routes of the route table are seen; those learned by BGP are not in it."""
    match case.network:
        case GatewayNetwork(route_table=RouteTable() as table, subnet=subnet):
            for hop in table.routes if case.gateway.traits.needs_internet_route else ():
                if hop.prefix == EVERYWHERE and hop.next_hop.lower() != "internet":
                    yield Match(
                        f"{mark(table.name)}, the route table of {mark(subnet)}, sends {EVERYWHERE} to"
                        f" {mark(hop.next_hop) if hop.next_hop else 'nowhere'} instead of the internet.",
                        (
                            Evidence(
                                f"route {mark(hop.name)}: {mark(hop.prefix)} to {mark(hop.next_hop)}",
                                commands.show_gateway(
                                    case.gateway, "gatewayIPConfigurations[].subnet.id"
                                ),
                            ),
                        ),
                    )


RULE = Rule(
    id="default_route_diverted",
    severity="warning",
    symptom="The default route of a v2 gateway's subnet does not lead to the internet.",
    cause="A route table sends 0.0.0.0/0 through a firewall or VPN gateway, which v2 does not support: backend"
    " health may become unknown, and responses may be dropped on the way.",
    remedy="Remove that route from the gateway's subnet, or point it to the internet.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=check,
)
