"""Let the backend admit the gateway: access restrictions, IP filters, web application firewalls in front of it."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.gateway_denied import denied_to_gateway
from bot.core.arm.document import Document
from bot.core.case.view import BackendView
from bot.core.model.marked import mark, mark_command
from bot.core.remedies.assumption import PathOpened
from bot.core.remedies.option import NotApplicable, Option, Proposal


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """Assume that the gateway gets what we get."""
    statuses = denied_to_gateway(view)
    if statuses is None:
        return NotApplicable("no backend was seen that denies the gateway what it gives to others")
    return Proposal(
        summary=f"let {mark(view.server)} admit the gateway, which it answers with {statuses[0]}, as it admits us",
        assumptions=(PathOpened(),),
        steps=tuple(_steps(view)),
    )


def _steps(view: BackendView) -> Iterator[str]:
    subnets = view.gateway.subnets
    yield (
        f"Ask whoever runs {mark(view.server)} which filter by address it has: access restrictions (App Service),"
        " IP and domain restrictions (IIS), allow and deny rules (nginx, Apache httpd), or a firewall in front of it."
    )
    for subnet in subnets:
        # https://learn.microsoft.com/azure/app-service/app-service-ip-restrictions: a subnet is admitted through its
        # service endpoint for Microsoft.Web.
        admit = mark_command(commands.admit_subnet(subnet))
        yield f"If it is an app of App Service, admit the gateway's subnet: {admit}"
    yield (
        "Anywhere else, admit the address range of the gateway's subnet, not single addresses: its instances change"
        f" theirs.{_ranges(subnets)}"
    )
    public = commands.show_gateway(view.gateway, "frontendIPConfigurations[].publicIPAddress.id")
    yield (
        "If the backend is reached over a public address, its filter sees the gateway's public address instead; admit"
        f" that one: {mark_command(public)}"
    )
    yield f"Then check again: {mark_command(commands.show_health(view.gateway))}"


def _ranges(subnets: tuple[str, ...]) -> str:
    shown = "; ".join(map(commands.show_subnet, subnets))
    return f" Its range: {mark_command(shown)}" if shown else ""


OPTION = Option(
    id="admit_gateway",
    title="Admit the gateway at the backend",
    automated=False,
    sources=(
        "https://learn.microsoft.com/azure/app-service/app-service-ip-restrictions",
        "https://learn.microsoft.com/azure/app-service/networking/app-gateway-with-service-endpoints",
    ),
    propose=propose,
)
