"""Let a large ClientHello through: fix the server, or what is in front of it."""

from collections.abc import Iterator
from dataclasses import replace

from bot.core.analysis import commands
from bot.core.analysis.large_client_hello import large_client_hello, refused, suspicion
from bot.core.arm.document import Document
from bot.core.case.view import BackendView
from bot.core.model.marked import mark, mark_command
from bot.core.remedies.assumption import LargeHelloTaken, PathOpened
from bot.core.remedies.option import NotApplicable, Option, Proposal


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """Assume that the large hello is accepted as the small one is. By hand: no setting of the gateway changes it."""
    if suspicion(view) != "cannot_reach" or refused(view) is None:
        return NotApplicable("no large ClientHello is known to be rejected")
    port = view.probe_request.port
    return Proposal(
        summary=f"make {mark(view.server)} port {port} accept a ClientHello that is longer than one packet",
        assumptions=(PathOpened(), LargeHelloTaken()),
        steps=tuple(_steps(view)),
    )


def _steps(view: BackendView) -> Iterator[str]:
    large = large_client_hello(view)
    small = replace(large, hello="small")
    both = f"{commands.shake_hands(small)}; {commands.shake_hands(large)}"
    yield (
        "On a machine in the gateway's network, compare a small hello with a large one. A cipher for the first and"
        f" (NONE) for the second confirm it: {mark_command(both)}"
    )
    yield (
        f"Do the same on {mark(view.server)} itself. If both succeed there, what is in between is at fault:"
        " firewall, load balancer or inspecting proxy; otherwise the server's own TLS stack is."
    )
    yield (
        "Update the firmware, or the TLS library of the server. Until then, exempt this traffic from the firewall's"
        " TLS inspection."
    )
    yield f"Then check again: {mark_command(commands.show_health(view.gateway))}"


OPTION = Option(
    id="let_large_hello_through",
    title="Let a large ClientHello through",
    automated=False,
    sources=(
        "https://tldr.fail",
        "https://learn.microsoft.com/azure/application-gateway/ssl-overview",
    ),
    propose=propose,
)
