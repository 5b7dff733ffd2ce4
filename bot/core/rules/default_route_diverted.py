"""v2: the gateway's way to the internet is led elsewhere."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.model.network import GatewayNetwork, RouteTable

EVERYWHERE = "0.0.0.0/0"


def check(case: Case) -> Iterator[Match]:
    """Only routes of the route table are seen; those learned by BGP are not in it."""
    match case.network:
        case GatewayNetwork(route_table=RouteTable() as table, subnet=subnet):
            for hop in table.routes if case.gateway.generation == "v2" else ():
                if hop.prefix == EVERYWHERE and hop.next_hop.lower() != "internet":
                    yield Match(
                        f"{table.name}, the route table of {subnet}, sends {EVERYWHERE} to"
                        f" {hop.next_hop or 'nowhere'} instead of the internet.",
                        (
                            Evidence(
                                f"route {hop.name}: {hop.prefix} to {hop.next_hop}",
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
    " health may become unknown, and answers may take a way that drops them.",
    remedy="Take that route out of the gateway's subnet, or let it lead to the internet.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=check,
)
