"""Servers that cannot be reached, and names that lead nowhere or to the wrong place."""

from dataclasses import replace
from random import Random

from bot.lab.azure.targets import is_ip
from bot.lab.backends import Answer, OnePacket, Refusing, Resetting, Silent
from tests.random_worlds.faults.registry import fault
from tests.random_worlds.sketch import GROUP, SUBSCRIPTION, App, Sketch, routes

NETWORK = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.Network"
HEALTH_HIDDEN = {"health_not_fetched", "health_is_forbidden"}
"""Changes after which nobody hears what the gateway knows of its servers."""

_DNS_SERVER = "10.200.0.5"


def some_of(sketch: Sketch, app: App, rng: Random) -> list[tuple[str, int]]:
    """One server of an app, or all of them."""
    every = sketch.served_by(app)
    return every if rng.random() < 0.5 else [rng.choice(every)] if every else []


def elsewhere(address: str, number: int) -> str:
    """An address in another subnet of the same app, where no member is."""
    app, _, host = address.removeprefix("10.").split(".")
    return f"10.{app}.{number}.{host}"


def vnet(sketch: Sketch) -> str:
    return f"{NETWORK}/virtualNetworks/vnet-{sketch.name}"


def own_dns(sketch: Sketch) -> None:
    """The gateway's network gets a DNS server of its own, which knows what the gateway knows."""
    network = {
        "addressSpace": {"addressPrefixes": ["10.0.0.0/8"]},
        "dhcpOptions": {"dnsServers": [_DNS_SERVER]},
    }
    networks = {**sketch.options.networks, vnet(sketch): network}
    sketch.options = replace(sketch.options, networks=networks)
    sketch.dns_servers[_DNS_SERVER] = sketch.dns


def _named(app: App, rng: Random) -> str | None:
    names = [it for it in app.members if not is_ip(it)]
    return rng.choice(names) if names else None


@fault("port_refused")
def stopped_service(sketch: Sketch, app: App, rng: Random) -> bool:
    found = some_of(sketch, app, rng)
    for endpoint in found:
        sketch.change(endpoint, behaviour=Refusing())
    return bool(found)


@fault("tls_handshake_failed", weight=7.5)
def handshake_reset(sketch: Sketch, app: App, rng: Random) -> bool:
    return app.secure and _reset(sketch, app, rng)


@fault("probe_answer_broken", weight=8)
def answer_reset(sketch: Sketch, app: App, rng: Random) -> bool:
    return not app.secure and _reset(sketch, app, rng)


def _reset(sketch: Sketch, app: App, rng: Random) -> bool:
    found = some_of(sketch, app, rng)
    for endpoint in found:
        sketch.change(endpoint, behaviour=Resetting())
    return bool(found)


@fault("tls_handshake_failed|probe_timed_out")
def silent_service(sketch: Sketch, app: App, rng: Random) -> bool:
    found = some_of(sketch, app, rng)
    for endpoint in found:
        sketch.change(endpoint, behaviour=Silent())
    return bool(found)


@fault("gateway_reports_unhealthy", weight=3.5)
def fails_where_we_cannot_look(sketch: Sketch, app: App, rng: Random) -> bool:
    """Only the gateway gets to these servers, and they fail."""
    found = sketch.served_by(app)
    for endpoint in found:
        sketch.change(endpoint, routes=(), otherwise=Answer(rng.choice((404, 500))))
        sketch.only_for_the_gateway.add(endpoint)
    return bool(found)


@fault("port_silent")
def dropped_packets(sketch: Sketch, app: App, rng: Random) -> bool:
    found = some_of(sketch, app, rng)
    for endpoint in found:
        del sketch.servers[endpoint]
    return bool(found)


@fault("wrong_port", weight=8)
def port_changed(sketch: Sketch, app: App, rng: Random) -> bool:
    """The service moved to another port, and a closed one is left behind."""
    found = sketch.served_by(app)
    taken = rng.choice((443, 8443) if app.secure else (80, 8080))
    if not found or taken == app.port or (sketch.v1 is False and (app.check or {}).get("port")):
        return False
    for endpoint in found:
        spec = sketch.servers[endpoint]
        if (endpoint[0], taken) in sketch.servers or endpoint[1] != app.port:
            return False
        sketch.servers[endpoint[0], taken] = replace(spec, port=taken)
        sketch.servers[endpoint] = replace(spec, behaviour=Refusing())
    return True


@fault("backend_name_not_resolved", weight=8)
def name_without_record(sketch: Sketch, app: App, rng: Random) -> bool:
    name = _named(app, rng)
    if name is None or name not in sketch.dns:
        return False
    sketch.bot_dns = sketch.bot_dns or (dict(sketch.dns) if rng.random() < 0.3 else None)
    if sketch.bot_dns is not None:
        own_dns(sketch)
    del sketch.dns[name]
    return True


@fault("dns_change_not_picked_up", "backend_name_not_resolved", weight=11)
def new_dns_servers(sketch: Sketch, app: App, rng: Random) -> bool:
    """The network got DNS servers that know the name; the gateway still asks the old ones."""
    name = _named(app, rng)
    if name is None or name not in sketch.dns or sketch.dns_servers:
        return False
    own_dns(sketch)
    sketch.dns_servers[_DNS_SERVER] = dict(sketch.dns)
    sketch.bot_dns = dict(sketch.dns)
    del sketch.dns[name]
    return True


@fault("dns_answers_split", weight=21)
def stale_record(sketch: Sketch, app: App, rng: Random) -> bool:
    """The gateway's DNS has the address of a server that serves something else."""
    name = _named(app, rng)
    if name is None or name not in sketch.dns or sketch.dns_servers or not app.check:
        return False
    (address,) = sketch.dns[name][:1]
    if (address, app.port) not in sketch.servers:
        return False
    old = elsewhere(address, 1)
    sketch.bot_dns = dict(sketch.dns)
    sketch.dns[name] = [old]
    spec = sketch.servers[address, app.port]
    sketch.servers[old, app.port] = replace(spec, address=old, routes=routes(["old.site.test"]))
    own_dns(sketch)
    return True


@fault("some_addresses_fail", weight=13)
def second_address_is_dead(sketch: Sketch, app: App, rng: Random) -> bool:
    name = _named(app, rng)
    if name is None or len(sketch.dns.get(name, ())) != 1 or sketch.bot_dns is not None:
        return False
    (address,) = sketch.dns[name]
    if "path_map_asked_again" in sketch.done:
        # The start page is elsewhere, and the lab asks for no other: the bot does, and is right about it.
        return False
    if (address, app.port) not in sketch.servers:
        return False
    other = elsewhere(address, 2)
    spec = sketch.servers[address, app.port]
    sketch.servers[other, app.port] = replace(spec, address=other, behaviour=Refusing())
    sketch.dns[name] = [other, address] if rng.random() < 0.5 else [address, other]
    return True


@fault("large_hello_refused", weight=24)
def one_packet_only(sketch: Sketch, app: App, rng: Random) -> bool:
    if sketch.v1 or not app.secure:
        return False
    sketch.options = replace(sketch.options, large_client_hello=True)
    found = some_of(sketch, app, rng)
    for endpoint in found:
        sketch.change(endpoint, behaviour=OnePacket(resets=rng.random() < 0.5))
    return bool(found)
