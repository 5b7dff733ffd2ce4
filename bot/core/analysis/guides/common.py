"""Steps that several guides share, and who takes them."""

from collections.abc import Iterator

from bot.core.analysis import commands, server_commands
from bot.core.case.guide import Step
from bot.core.case.view import BackendView
from bot.core.model.gateway import is_ip
from bot.core.model.marked import mark
from bot.core.routing.agic import agic_marks
from bot.core.routing.gateway_request import transport_of

GATEWAY = "Whoever runs the gateway"
NETWORK = "Whoever runs the network"
DNS = "Whoever runs DNS"
CLUSTER = "Whoever runs the cluster"
APP_SERVICE = ".azurewebsites.net"


def server(view: BackendView) -> str:
    """Whoever is in charge of the backend."""
    return f"Whoever runs {mark(view.server)}"


def is_app(view: BackendView) -> bool:
    """Whether the pool has an app of App Service under its own name."""
    return view.server.lower().endswith(APP_SERVICE)


def change_settings(view: BackendView, *options: str) -> str:
    """The command that changes the HTTP settings, or the backend settings."""
    group = commands.settings_group(view.backend)
    return commands.change(view.gateway, group, "update", view.settings.name, options)


def settings_kind(view: BackendView) -> str:
    """What the settings of this backend are called."""
    return "backend settings" if view.settings.layer4 else "HTTP settings"


def answers(view: BackendView) -> Step:
    """The gateway's own request gets an answer that counts; where it sends no HTTP, the connection is the answer."""
    match transport_of(view.request):
        case "tls":
            text = "It is done when this names a cipher, and not (NONE), on a machine in the gateway's network:"
            return Step(server(view), text, commands.shake_hands(view.attempt), checks=True)
        case "tcp":
            text = "It is done when this says that the connection opened, on a machine in the gateway's network:"
            return Step(server(view), text, commands.connect(view.attempt), checks=True)
    codes = ", ".join(view.request.match.status_codes)
    text = f"It is done when this prints a status within {codes} on a machine in the gateway's network:"
    return Step(server(view), text, commands.curl(view.attempt), checks=True)


def shows_chain(view: BackendView) -> Step:
    """The certificates that come, in the order in which they are sent."""
    text = (
        "It is done when this shows the server's own certificate first, and then each one's issuer:"
    )
    return Step(server(view), text, commands.show_chain(view.attempt), checks=True)


def whereabouts(view: BackendView) -> Iterator[Step]:
    """What stands at the address of the pool member, and whether it runs at all."""
    yield from pod(view)
    if is_app(view):
        look = server_commands.show_app(view.gateway, view.server)
        begin = server_commands.start_app(view.server)
        yield Step(server(view), "See whether the app runs (state):", look)
        yield Step(server(view), "If its state is Stopped, find out why, and start it:", begin)
    elif is_ip(view.server):
        find = server_commands.find_machine(view.gateway, view.server)
        yield Step(
            server(view), "Find the machine that has this address, and see that it runs:", find
        )


def pod(view: BackendView) -> Iterator[Step]:
    """A gateway that AGIC owns has pods in its pools: a pod that is gone may have left its address there.

    https://learn.microsoft.com/azure/application-gateway/ingress-controller-troubleshoot
    """
    if agic_marks(view.gateway) and is_ip(view.server):
        yield Step(
            CLUSTER,
            f"Compare the pool with the cluster's endpoints: {mark(view.server)} must be one of them:",
            server_commands.find_endpoint(view.server),
        )
        yield Step(
            CLUSTER,
            "If it is not, the pod is gone and AGIC did not take it out of the pool. Its log says why:",
            server_commands.SHOW_AGIC_LOG,
        )
        yield Step(CLUSTER, "Let it write the pool anew:", server_commands.RESTART_AGIC)
