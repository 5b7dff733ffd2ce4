"""Let the gateway through to its backends: security groups, routes, firewalls."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.outbound import Suspect, suspects
from bot.core.analysis.reported_health import address_of, reported_class, why_not_reached
from bot.core.arm.gateway_reader import Document
from bot.core.case.case import Case
from bot.core.model.gateway import is_ip
from bot.core.model.network import GatewayNetwork
from bot.core.model.observation import Answered
from bot.core.remedies.option import NotApplicable, Option, Proposal
from bot.core.routing.routes import Backend


def propose(case: Case, document: Document, backend: Backend) -> Proposal | NotApplicable:
    """Suppose that the gateway got what we get; that proves something only where we get through."""
    if reported_class(case, backend) not in ("no_connection", "timeout"):
        return NotApplicable("the gateway does not say that it cannot get through to the backend")
    outcome = case.connection(case.probe_attempt(backend))
    found = tuple(_suspects(case, backend, address_of(outcome)))
    named = "".join(f"; {it.what}" for it in found)
    steps = tuple(_steps(case, backend, found))
    if not isinstance(outcome, Answered):
        return NotApplicable(
            f"whether the way or the server is at fault cannot be told: {why_not_reached(outcome)}{named}",
            steps,
        )
    port = case.probe_request(backend).port
    return Proposal(
        summary=f"open the way from the gateway to {backend.server} port {port}, where we get"
        f" through and the gateway does not{named}",
        opens=True,
        steps=steps,
    )


def _suspects(case: Case, backend: Backend, met: str | None) -> Iterator[Suspect]:
    address = backend.server if is_ip(backend.server) else met
    match case.network:
        case GatewayNetwork() as around if address is not None:
            yield from suspects(around, address, case.probe_request(backend).port)


def _steps(case: Case, backend: Backend, found: tuple[Suspect, ...]) -> Iterator[str]:
    gateway, port = case.gateway, case.probe_request(backend).port
    yield from (it.step for it in found)
    for subnet in gateway.subnets:
        yield (
            "Look at the security group and the route table of the gateway's subnet:"
            f" {commands.show_subnet(subnet)}"
        )
    yield (
        f"Allow TCP {port} from the gateway's subnet to {backend.server}: outbound in the security group of its"
        " subnet, inbound in that of the backend (which was not read), and in every firewall on the way."
    )
    yield (
        "Let no route send the gateway's traffic, or the answers to it, to an appliance that drops them; on v2,"
        " 0.0.0.0/0 must lead to the Internet."
    )
    yield f"Then look again: {commands.show_health(gateway)}"


OPTION = Option(
    id="open_network_path",
    title="Let the gateway through to the backend",
    button="Open network path",
    automated=False,
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure",
        "https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview",
    ),
    propose=propose,
)
