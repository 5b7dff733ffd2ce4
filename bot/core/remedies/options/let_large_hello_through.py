"""Let a large first message of TLS through: mend the server, or what stands before it."""

from collections.abc import Iterator
from dataclasses import replace

from bot.core.analysis import commands
from bot.core.analysis.large_client_hello import large_client_hello, refused, suspicion
from bot.core.arm.gateway_reader import Document
from bot.core.case.view import BackendView
from bot.core.remedies.assumption import LargeHelloTaken, PathOpened
from bot.core.remedies.option import NotApplicable, Option, Proposal


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """Suppose that the large hello is taken as the small one is. By hand: no setting of the gateway changes it."""
    if suspicion(view) != "cannot_reach" or refused(view) is None:
        return NotApplicable("no large first message of TLS is known to be turned down")
    port = view.probe_request.port
    return Proposal(
        summary=f"let {view.server} port {port} take a first message of TLS that is longer"
        " than one packet",
        assumptions=(PathOpened(), LargeHelloTaken()),
        steps=tuple(_steps(view)),
    )


def _steps(view: BackendView) -> Iterator[str]:
    large = large_client_hello(view)
    small = replace(large, hello="small")
    yield (
        "From a machine in the gateway's network, compare a small hello with a large one:"
        f" {commands.shake_hands(small)}; {commands.shake_hands(large)}. A cipher for the first and (NONE) for the"
        " second confirm it."
    )
    yield (
        f"Do the same on {view.server} itself. If both are agreed there, what stands between is at fault:"
        " firewall, load balancer or inspecting proxy; else the server's own TLS stack is."
    )
    yield (
        "Update the firmware, or the TLS library of the server. Until then, let the firewall pass this traffic"
        " without looking into TLS."
    )
    yield f"Then look again: {commands.show_health(view.gateway)}"


OPTION = Option(
    id="let_large_hello_through",
    title="Let a large ClientHello through",
    button="Let large hello through",
    automated=False,
    sources=(
        "https://tldr.fail",
        "https://learn.microsoft.com/azure/application-gateway/ssl-overview",
    ),
    propose=propose,
)
