"""The way there is closed, or leads elsewhere: firewalls, routes, names, ports and protocols."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides.common import (
    DNS,
    GATEWAY,
    NETWORK,
    answers,
    change_settings,
    server,
    whereabouts,
)
from bot.core.case.guide import Step, of_backend
from bot.core.case.view import BackendView
from bot.core.model.gateway import Gateway
from bot.core.model.marked import mark
from bot.core.model.network import GatewayNetwork


def _open(view: BackendView) -> Iterator[Step]:
    port = view.request.port
    yield from whereabouts(view)
    for subnet in view.gateway.subnets:
        text = "Check the security group and the route table of the gateway's subnet:"
        yield Step(NETWORK, text, commands.show_subnet(subnet))
    yield Step(
        NETWORK,
        f"Allow TCP {port} from the gateway's subnet to {mark(view.server)}: outbound in the security group of its"
        " subnet, inbound in that of the backend, and in every firewall on the way, also on the server.",
    )
    yield Step(
        server(view), f"Make sure that {mark(view.server)} is the right address, and that it runs."
    )
    yield answers(view)


def _large(view: BackendView) -> Iterator[Step]:
    yield Step(
        NETWORK,
        "Find what is in front of the server (firewall, load balancer, TLS inspection): a long hello is lost there, or"
        " at the server:",
        commands.shake_hands(view.attempt),
    )
    yield Step(
        NETWORK, "Update its firmware, or let it pass this TLS traffic without looking into it."
    )
    yield Step(server(view), "Update the TLS stack of the server.")
    text = "It is done when this names a cipher, and not (NONE):"
    yield Step(server(view), text, commands.shake_hands(view.attempt), checks=True)


def _name(view: BackendView) -> Iterator[Step]:
    gateway, name = view.gateway, view.server
    for asked in _servers(view):
        text = f"See what a machine in the gateway's network gets for {mark(name)}:"
        yield Step(DNS, text, commands.resolve(name, *asked))
    yield Step(
        GATEWAY,
        "If the name is misspelt, correct it in the pool, which then has these members and no others:",
        commands.change(
            gateway, "address-pool", "update", view.pool.name, ("--servers", "RIGHT_NAME")
        ),
    )
    for network in _networks(gateway):
        zone = name.partition(".")[2] or name
        text = f"If it is right, link the private zone that has it, such as {mark(zone)}, to the gateway's network:"
        yield Step(DNS, text, commands.link_zone(zone, network))
    yield from _reread(gateway)
    for asked in _servers(view):
        text = "It is done when this prints the server's address on a machine in the gateway's network:"
        yield Step(DNS, text, commands.resolve(name, *asked), checks=True)


def _record(view: BackendView) -> Iterator[Step]:
    name = view.server
    text = f"Say which addresses of {mark(name)} are right. If one that fails is right, fix the server there."
    yield Step(server(view), text)
    for asked in _servers(view):
        yield Step(DNS, "See which addresses the name has:", commands.resolve(name, *asked))
    yield Step(
        DNS, "Remove the wrong addresses from the record, or from the private zone that has it."
    )
    yield from _reread(view.gateway)
    for asked in _servers(view):
        text = "It is done when this prints the right addresses and no others:"
        yield Step(DNS, text, commands.resolve(name, *asked), checks=True)


def _servers(view: BackendView) -> Iterator[tuple[str, ...]]:
    """The DNS servers of the gateway's network, one at a time; none named where it uses Azure's."""
    match view.case.network:
        case GatewayNetwork(dns_servers=(_, *_) as servers):
            yield from ((it,) for it in servers)
        case _:
            yield ()


def _networks(gateway: Gateway) -> Iterator[str]:
    yield from dict.fromkeys(it.rpartition("/subnets/")[0] for it in gateway.subnets)


def _reread(gateway: Gateway) -> Iterator[Step]:
    # learn.microsoft.com/azure/application-gateway/application-gateway-backend-health-troubleshooting
    both = f"{commands.stop(gateway)} && {commands.start(gateway)}"
    text = (
        "Only if the network's DNS servers themselves were changed: stop and start the gateway, which rereads them"
        " then and not before. All its sites are down meanwhile:"
    )
    yield Step(GATEWAY, text, both)


def _protocol(view: BackendView) -> Iterator[Step]:
    yield Step(
        server(view), "Say which protocol and port the site has:", commands.curl(view.attempt)
    )
    yield from _set(view)
    yield answers(view)


def _port(view: BackendView) -> Iterator[Step]:
    port = view.request.port
    yield Step(
        server(view),
        f"Say whether the site belongs on port {port}: then start its service there. What answers there now:",
        commands.curl(view.attempt),
    )
    yield from _set(view)
    yield answers(view)


def _set(view: BackendView) -> Iterator[Step]:
    gateway = view.gateway
    wanted = ("--protocol", "HTTP_OR_HTTPS", "--port", "PORT")
    yield Step(
        GATEWAY,
        "Set what is right in the HTTP settings:",
        change_settings(view, *wanted),
    )
    probe = gateway.probe_of(view.settings)
    if probe is not None:
        yield Step(
            GATEWAY,
            "And in the probe, which has a protocol of its own:",
            commands.change(gateway, "probe", "update", probe.name, wanted[:2]),
        )


OPEN_PATH = of_backend("Open the way from the gateway to the backend", _open)
PASS_LARGE_HELLO = of_backend("Let the gateway's TLS hello through", _large)
CORRECT_NAME = of_backend("Make the backend's name resolve in the gateway's network", _name)
CORRECT_RECORD = of_backend("Correct the addresses of the backend's name", _record)
CORRECT_PROTOCOL = of_backend("Correct the protocol of the HTTP settings", _protocol)
CORRECT_PORT = of_backend("Correct the port, or start the service", _port)
