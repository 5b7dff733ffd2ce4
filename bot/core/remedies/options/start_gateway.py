"""Start a gateway that is stopped."""

from bot.core.analysis import commands
from bot.core.arm.document import Document
from bot.core.case.view import BackendView
from bot.core.model.marked import mark, mark_command
from bot.core.remedies.assumption import GatewayStarted
from bot.core.remedies.option import NotApplicable, Option, Proposal


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """By hand: somebody stopped it, and may have had a reason; a running gateway also costs money."""
    state = view.gateway.operational_state
    if state.lower() != "stopped":
        return NotApplicable(f"the gateway is not stopped; its operational state is {mark(state)}")
    return Proposal(
        summary=f"start {mark(view.gateway.name)}, after asking who stopped it and why",
        assumptions=(GatewayStarted(),),
        steps=(
            f"Find out who stopped it, in the activity log: {mark_command(commands.show_activity(view.gateway))}",
            f"Start it: {mark_command(commands.start(view.gateway))}",
            "Diagnose again once it runs: on v1 its public IP may have changed, and it rereads the DNS servers.",
        ),
    )


OPTION = Option(
    id="start_gateway",
    title="Start the gateway",
    automated=False,
    sources=(
        "https://learn.microsoft.com/cli/azure/network/application-gateway",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-http-502-bad-gateway",
    ),
    propose=propose,
    layer4=True,
)
