"""Clients' requests as they are passed on: what is asked of whom, and where a cap is."""

from typing import Any

from hypothesis import given

from bot.core.arm.gateway_reader import read_gateway
from bot.core.model.gateway import Gateway
from bot.core.model.hostname import is_wildcard
from bot.core.routing.client_request import (
    MOST_CLIENT_REQUESTS,
    ClientRequest,
    all_client_requests,
)
from bot.core.routing.client_way import ClientWay, client_ways
from bot.core.routing.paths import path_fits
from bot.core.routing.routes import backends, routes
from bot.core.routing.serving_route import Site, serving_route
from tests.core.clients import SECOND, by_path, http
from tests.core.make import HOST, SERVER, certificates, document, item, probe, v2_settings
from tests.corpus.gateways import gateways
from tests.sizes import examples


def requests(made: Any) -> tuple[ClientRequest, ...]:
    gateway = read_gateway(made, certificates())
    return all_client_requests(gateway, backends(gateway))


def sites(number: int, **changes: Any) -> Any:
    """A listener for so many hosts."""
    hosts = [f"s{it:03}.example" for it in range(number)]
    return document(
        httpListeners=[item("httpListeners", "site", protocol="Https", hostNames=hosts)], **changes
    )


def test_the_port_of_the_settings_is_asked_and_not_that_of_the_probe() -> None:
    own = document(tier="Standard_v2", probes=[probe(port=9000)])
    (it,) = requests(own)
    assert (it.attempt.server, it.attempt.port, it.attempt.sni) == (SERVER, 443, HOST)
    assert (it.client_host, it.can_be_made, it.other_attempts) == (HOST, True, ())


def test_a_path_rule_and_the_path_override_decide_what_a_server_is_asked() -> None:
    made = by_path("/api/*") | {"backendHttpSettingsCollection": [v2_settings(path="/base/")]}
    found = [(it.backend.server, it.way.path, it.attempt.path) for it in requests(document(**made))]
    assert found == [(SERVER, "/", "/base/"), (SECOND, "/api/", "/base/")]


def test_where_microsofts_pages_disagree_both_names_are_asked_for() -> None:
    named: Any = {"tier": "Standard_v2", "servers": ("pool.example",)}
    (it,) = requests(document(**named, backendHttpSettingsCollection=[v2_settings()]))
    (other,) = it.other_attempts
    assert (it.attempt.sni, other.sni) == (HOST, "pool.example")
    assert (it.attempt.host, other.host) == (HOST, HOST)
    for said in ({"hostName": HOST}, {"sniName": HOST}, {"pickHostNameFromBackendAddress": True}):
        (it,) = requests(document(**named, backendHttpSettingsCollection=[v2_settings(**said)]))
        assert it.others == ()
    (v1,) = requests(document(servers=("pool.example",)))
    assert (v1.attempt.sni, v1.others) == ("pool.example", ())
    same = document(**{**named, "servers": (HOST,)}, backendHttpSettingsCollection=[v2_settings()])
    assert requests(same)[0].others == ()


def test_an_unknown_host_and_an_unknown_address_cannot_be_asked() -> None:
    wild = [item("httpListeners", "site", protocol="Https", hostNames=["*.contoso.com"])]
    (it,) = requests(document(httpListeners=wild))
    assert not it.can_be_made
    gateway = read_gateway(document(servers=()), certificates())
    interfaces = ((gateway.pools[0].id, "/subscriptions/s/networkInterfaces/vm"),)
    (it,) = all_client_requests(gateway, backends(gateway, interfaces))
    assert not it.can_be_made


def test_one_of_many_sites_and_members_is_not_asked_twice_before_all_were_once() -> None:
    members = tuple(f"10.2.0.{it}" for it in range(1, 41))
    found = requests(sites(60, servers=members))
    assert len(found) == MOST_CLIENT_REQUESTS
    first = found[:60]
    assert len({it.way.host for it in first}) == 60
    assert {it.backend.server for it in first} == set(members)
    assert len({(it.way.host, it.backend.server) for it in found}) == len(found)


def test_a_large_pool_leaves_room_for_the_others() -> None:
    made = by_path("/api/*")
    many = [{"ipAddress": f"10.2.{it // 250}.{1 + it % 250}"} for it in range(1200)]
    made["backendAddressPools"][0]["properties"]["backendAddresses"] = many
    found = requests(document(**made))
    assert len(found) == MOST_CLIENT_REQUESTS
    assert SECOND in {it.backend.server for it in found[:2]}


def test_a_pool_without_members_is_asked_nothing() -> None:
    assert requests(document(servers=())) == ()
    assert len(requests(http())) == 2


def takes(way: ClientWay) -> bool:
    """Whether the way is one of those that a URL can say: a site has one route there."""
    return not is_wildcard(way.host) and way.host != "127.0.0.1"


def served(gateway: Gateway, way: ClientWay) -> Any:
    return serving_route(gateway, Site(way.host, way.path, None, way.listener.port))


@examples(60)
@given(gateways())
def test_every_way_is_one_of_the_gateways_own(made: Any) -> None:
    """Its path is taken by its pattern, and a URL of it is served by its route, as far as one decides that."""
    gateway = read_gateway(made, certificates())
    every = routes(gateway)
    for way in client_ways(gateway):
        assert way.route in every
        assert way.rule.listener == way.listener.id
        assert way.pattern is None or path_fits(way.pattern, way.path)
        found = served(gateway, way) if takes(way) and way.listener.port else None
        assert found is None or found.place == way.route.place


@examples(60)
@given(gateways())
def test_every_way_and_every_member_is_asked_before_one_of_them_is_a_second_time(made: Any) -> None:
    gateway = read_gateway(made, certificates())
    members = backends(gateway)
    found = all_client_requests(gateway, members)
    by_place: dict[Any, list[ClientRequest]] = {}
    for it in found:
        assert it.way.route.place == it.backend.place
        by_place.setdefault(it.backend.place, []).append(it)
    assert len({(it.way, it.backend) for it in found}) == len(found)
    for place, asked in by_place.items():
        ways = {it for it in client_ways(gateway) if it.route.place == place}
        own = {it for it in members if it.place == place}
        first = asked[: max(len(ways), len(own))]
        if len(found) < MOST_CLIENT_REQUESTS:
            assert {it.way for it in asked} == ways
            assert {it.backend for it in asked} == own
        assert {it.way for it in first} == {it.way for it in asked}
        assert {it.backend for it in first} == {it.backend for it in asked}


def test_a_member_that_is_listed_twice_is_asked_once() -> None:
    assert len(requests(document(servers=(SERVER, SECOND, SERVER)))) == 2
