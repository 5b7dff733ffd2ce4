"""Let the gateway through to its backends: DNS, security groups, routes, firewalls."""

from collections.abc import Iterator

from bot.core import commands
from bot.core.backend import Backend
from bot.core.case import Case
from bot.core.gateway import is_ip
from bot.core.looking import REACH, not_seen, reported_class
from bot.core.observation import Answered
from bot.core.option import NotApplicable, Option, Proposal
from bot.core.reading import Document


def propose(case: Case, document: Document, backend: Backend) -> Proposal | NotApplicable:
    """Suppose that the gateway got what we get; that proves something only where we get through."""
    if reported_class(case, backend) not in REACH:
        return NotApplicable("the gateway does not say that it cannot get through to the backend")
    steps = tuple(_steps(case, backend))
    outcome = case.connection(case.probe_attempt(backend))
    if not isinstance(outcome, Answered):
        return NotApplicable(
            f"whether the way or the server is at fault cannot be told: {not_seen(outcome)}", steps
        )
    return Proposal(
        summary=f"open the way from the gateway to {backend.server} port {case.sent(backend).port}, where we get"
        " through and the gateway does not",
        opens=True,
        steps=steps,
    )


def _steps(case: Case, backend: Backend) -> Iterator[str]:
    gateway, port = case.gateway, case.sent(backend).port
    if not is_ip(backend.server):
        yield (
            f"In the gateway's virtual network, let {backend.server} resolve: link the private DNS zone, or"
            f" mend the custom DNS servers. Check there: {commands.resolve(backend.server)}"
        )
        yield "After a change of DNS servers, stop and start the gateway: it reads them only then."
    for subnet in gateway.subnets:
        yield (
            "Look at the security group and the route table of the gateway's subnet:"
            f" {commands.show_subnet(subnet)}"
        )
    yield (
        f"Allow TCP {port} from the gateway's subnet to {backend.server}: outbound in the security group of its"
        " subnet, inbound in that of the backend, and in every firewall on the way."
    )
    yield (
        "Let no route send the gateway's traffic to an appliance that drops it; on v2, 0.0.0.0/0 must lead to"
        " the Internet."
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
    ),
    propose=propose,
)
