"""The gateway does not resolve a name that resolves here, and its network has DNS servers of its own."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.addresses import addresses_there, dns_said
from bot.core.analysis.reported_health import reported_class
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark, mark_all
from bot.core.model.network import GatewayNetwork
from bot.core.model.observation import Answered, HandshakeFailed, NotConnected


def check(view: BackendView) -> Iterator[Match]:
    """A guess at the cause of a certain finding, hence a note; a better guess where these servers were asked."""
    resolved = isinstance(view.connection, Answered | HandshakeFailed | NotConnected)
    there = addresses_there(view.case, view.server)
    match view.case.network:
        case GatewayNetwork(dns_servers=tuple() as servers) if servers and (resolved or there):
            # Picking up servers that do not know the name would not help.
            if reported_class(view) == "dns" and there != ():
                listed = mark_all(servers)
                yield Match(
                    f"{mark(view.server)} resolves {'there' if there else 'from here'} but not for the gateway: it"
                    f" may not have picked up the DNS servers of its network ({listed}).",
                    (
                        Evidence(
                            f"the virtual network has the DNS servers {listed}",
                            commands.resolve(view.server, servers[0]),
                        ),
                        *dns_said(view.case, view.server),
                    ),
                    view.backend,
                    "medium" if there else "low",
                )


RULE = Rule(
    id="dns_change_not_picked_up",
    severity="info",
    symptom="The gateway may still query the DNS servers that its network had before.",
    cause="A gateway reads the DNS servers of its virtual network only when it starts.",
    remedy="If they were changed, stop and start the gateway; else make these servers resolve the name.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-dns-resolution-issues",
    ),
    check=each_backend(check),
)
