"""Let the gateway through to its backends: security groups, routes, firewalls."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.outbound import Suspect, suspects
from bot.core.analysis.reported_health import address_of, reported_class, why_not_reached
from bot.core.arm.document import Document
from bot.core.case.view import BackendView
from bot.core.model.gateway import is_ip
from bot.core.model.marked import mark, mark_command
from bot.core.model.network import GatewayNetwork
from bot.core.model.observation import Answered
from bot.core.remedies.assumption import PathOpened
from bot.core.remedies.option import NotApplicable, Option, Proposal


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """Assume that the gateway gets what we get; that proves something only where we get through."""
    if reported_class(view) not in ("no_connection", "timeout"):
        return NotApplicable("the gateway does not report that it cannot reach the backend")
    outcome = view.connection
    found = tuple(_suspects(view, address_of(outcome)))
    named = "".join(f"; {it.what}" for it in found)
    steps = tuple(_steps(view, found))
    if not isinstance(outcome, Answered):
        return NotApplicable(
            f"whether the network or the server is at fault cannot be told: {why_not_reached(outcome)}{named}",
            steps,
        )
    port = view.probe_request.port
    return Proposal(
        summary=f"open the path from the gateway to {mark(view.server)} port {port}, where we get"
        f" through and the gateway does not{named}",
        assumptions=(PathOpened(),),
        steps=steps,
    )


def _suspects(view: BackendView, met: str | None) -> Iterator[Suspect]:
    address = view.server if is_ip(view.server) else met
    match view.case.network:
        case GatewayNetwork() as around if address is not None:
            yield from suspects(around, address, view.probe_request.port)


def _steps(view: BackendView, found: tuple[Suspect, ...]) -> Iterator[str]:
    gateway, port = view.gateway, view.probe_request.port
    yield from (it.step for it in found)
    for subnet in gateway.subnets:
        yield (
            "Check the security group and the route table of the gateway's subnet:"
            f" {mark_command(commands.show_subnet(subnet))}"
        )
    yield (
        f"Allow TCP {port} from the gateway's subnet to {mark(view.server)}: outbound in the security group of its"
        " subnet, inbound in that of the backend (which was not read), and in every firewall on the way."
    )
    yield (
        "Make sure that no route sends the gateway's traffic, or the responses to it, to an appliance that drops"
        " them; on v2, 0.0.0.0/0 must lead to the internet."
    )
    yield f"Then check again: {mark_command(commands.show_health(gateway))}"


OPTION = Option(
    id="open_network_path",
    title="Open the gateway's path to the backend",
    automated=False,
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure",
        "https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview",
    ),
    propose=propose,
    layer4=True,
)
