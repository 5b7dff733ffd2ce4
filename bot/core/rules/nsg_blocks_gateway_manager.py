"""The security group of the gateway's subnet blocks Azure's own management traffic."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.security_group import blocks_management
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.model.generation import V1, V2
from bot.core.model.marked import mark
from bot.core.model.network import GatewayNetwork, SecurityGroup


def check(case: Case) -> Iterator[Match]:
    """Only where the group could be read. Azure's own DenyAllInBound counts like any other rule."""
    match case.network:
        case GatewayNetwork(
            security_group=SecurityGroup() as group, prefixes=prefixes, subnet=subnet
        ):
            traits = case.gateway.traits
            rule = blocks_management(group, prefixes, *traits.management_ports)
            if rule is not None:
                yield Match(
                    f"{mark(group.name)}, the security group of {mark(subnet)}, blocks Azure's management traffic"
                    f" to the gateway: rule {mark(rule.name)} denies ports {traits.ports} from GatewayManager.",
                    (
                        Evidence(
                            f"inbound rule {mark(rule.name)} (priority {rule.priority}) denies it before any allows it",
                            commands.show_gateway(
                                case.gateway, "gatewayIPConfigurations[].subnet.id"
                            ),
                        ),
                    ),
                )


RULE = Rule(
    id="nsg_blocks_gateway_manager",
    severity="warning",
    symptom="A security group blocks inbound management traffic to the gateway's subnet.",
    cause=f"Azure connects to a gateway's instances on {V1.ports} (v1) or {V2.ports} (v2); if it cannot, backend"
    " health is unknown and changes may fail.",
    remedy="Allow these ports inbound from the service tag GatewayManager, above every rule that denies them.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=check,
)
