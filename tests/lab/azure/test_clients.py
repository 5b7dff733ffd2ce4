"""What the lab's gateway gets for clients, beside what its probes are answered; on real servers."""

from typing import Any

import pytest

from bot.lab.azure import ClientExchange, ClientResponse, all_healthy
from bot.lab.azure.build import (
    PathTo,
    Site,
    certificate,
    http_settings,
    https_settings,
    part,
    pool,
    probe,
    to,
)
from bot.lab.azure.clients import requests_for
from bot.lab.azure.forwarding import client_targets
from bot.lab.azure.frontend import route_of
from bot.lab.azure.messages import Symptom
from bot.lab.azure.targets import Target
from bot.lab.backends import ANY_HOST, Answer, BackendSpec, Route
from bot.lab.pki import EXPIRED, authority, leaf
from bot.lab.scenarios.proxies import PROXIES
from bot.lab.values import Json
from tests.lab.azure.conftest import Lab, OpenLab
from tests.lab.azure.world import (
    APP,
    BACKEND,
    DEFAULT,
    GROUP,
    HOST,
    IP,
    ROOT,
    V1,
    V2,
    v1_gateway,
    v2_gateway,
)

SITE = [Site("site", HOST, "pool", "http")]
SECURE = [Site("site", HOST, "pool", "https", APP)]
OTHER = "other.example.com"
OTHER_IP = "10.1.5.12"
FQDN = "pool.example.com"
HEALTH = Route(ANY_HOST, "/health")
WELL = ClientResponse(200, "server")


def watched(**settings: Any) -> dict[str, Any]:
    """Plain HTTP settings for one site whose probe asks for another page."""
    return {
        "settings": [http_settings("http", probe="probe", **settings)],
        "probes": [probe("probe", host="probe.test", path="/health", protocol="Http")],
        "sites": SITE,
    }


def server(*routes: Route, address: str = IP, **more: Any) -> BackendSpec:
    return BackendSpec(address, 80, routes=(HEALTH, *routes), **more)


async def seen(lab: Lab, url: str, gateway: str = V2) -> ClientExchange:
    (found,) = await lab.azure.client_sees(gateway, url)
    return found


async def site_seen(
    open_lab: OpenLab, gateway: Json, *servers: BackendSpec, url: str
) -> ClientExchange:
    async with open_lab([gateway], servers) as lab:
        return await seen(lab, url, gateway["name"])


# What is sent.


def sent(v1: bool, member: str, *, secure: bool = True, **settings: Any) -> Target:
    """What a client's request for HOST makes the gateway ask of a pool member."""
    make = https_settings if secure else http_settings
    build = v1_gateway if v1 else v2_gateway
    kind = "authentication_certificates" if v1 else "trusted_roots"
    trusted: dict[str, Any] = {kind: ["mine"]} if secure else {}
    document = build(
        pools=[pool("pool", **{"ips" if member == IP else "fqdns": [member]})],
        settings=[make("it", probe="probe", **trusted, **settings)],
        probes=[probe("probe", host="probe.test", path="/health")],
        sites=[Site("site", HOST, "pool", "it")],
        **{kind: [certificate("mine", APP if v1 else ROOT)]},
    )
    (ask,) = requests_for(document, f"http://{HOST}/page?x=1")
    taken = route_of(document, ask.entry, ask.host, ask.path)
    assert taken
    (target,) = client_targets(document, ask, taken)
    return target


PICK = {"pickHostNameFromBackendAddress": True}


@pytest.mark.parametrize(
    ("member", "settings", "sni", "host"),
    [
        pytest.param(FQDN, {}, FQDN, HOST, id="the pool's name, whatever the client says"),
        pytest.param(FQDN, {"hostName": OTHER}, FQDN, OTHER, id="host name of the settings"),
        pytest.param(FQDN, PICK, FQDN, FQDN, id="picked"),
        pytest.param(IP, {}, None, HOST, id="an IP: no SNI"),
        pytest.param(IP, {"hostName": OTHER}, None, OTHER, id="an IP, and a host name"),
        pytest.param(IP, {"sniName": OTHER}, None, HOST, id="sniName is unknown to v1"),
    ],
)
def test_v1_sends(member: str, settings: Any, sni: str | None, host: str) -> None:
    target = sent(True, member, **settings)
    assert (target.sni, target.host) == (sni, host)
    assert target.trust
    assert target.trust.expected_name == (None if member == IP else FQDN)


@pytest.mark.parametrize(
    ("member", "settings", "sni", "host"),
    [
        pytest.param(FQDN, {}, HOST, HOST, id="the client's host"),
        pytest.param(IP, {}, HOST, HOST, id="the client's host to an IP"),
        pytest.param(IP, {"hostName": OTHER}, OTHER, OTHER, id="host name of the settings"),
        pytest.param(FQDN, PICK, FQDN, FQDN, id="picked"),
        pytest.param(IP, PICK, None, IP, id="a picked IP is no SNI"),
        pytest.param(IP, {"hostName": OTHER, "sniName": FQDN}, FQDN, OTHER, id="sniName"),
    ],
)
def test_v2_sends(member: str, settings: Any, sni: str | None, host: str) -> None:
    target = sent(False, member, **settings)
    assert (target.sni, target.host) == (sni, host)
    assert target.trust
    assert target.trust.expected_name == sni
    assert target.trust.certificates == (ROOT.der,)


def test_switches_of_the_validation_count_for_clients_too() -> None:
    trust = sent(False, IP, validateSNI=False, validateCertChainAndExpiry=False).trust
    assert trust
    assert (trust.expected_name, trust.check_chain) == (None, False)


def test_port_path_and_time_are_those_of_the_settings_not_of_the_probe() -> None:
    target = sent(False, IP, secure=False, port=8080, requestTimeout=7, path="/v2/")
    assert (target.port, target.path, target.timeout) == (8080, "/v2/page?x=1", 7)
    assert (target.trust, target.sni) == (None, None)
    usual = sent(False, IP)
    assert (usual.port, usual.path, usual.timeout) == (443, "/page?x=1", 20)


# What comes back.


async def test_the_status_of_the_server_is_relayed(open_lab: OpenLab) -> None:
    for status, served in ((200, True), (401, True), (403, False), (404, False), (503, False)):
        answer = Route(HOST, "/", Answer(status))
        found = await site_seen(
            open_lab, v2_gateway(**watched()), server(answer), url=f"http://{HOST}/"
        )
        assert (found.got, found.served) == ((ClientResponse(status, "server"),), served)


@pytest.mark.parametrize(("v1", "status"), [(True, 502), (False, 504)])
async def test_a_page_that_takes_too_long(open_lab: OpenLab, v1: bool, status: int) -> None:
    """The health page answers at once, so the probe is healthy all the same."""
    build = v1_gateway if v1 else v2_gateway
    slow = server(Route(HOST, "/", Answer(seconds=1.5)))
    late = await site_seen(
        open_lab, build(**watched(requestTimeout=1)), slow, url=f"http://{HOST}/"
    )
    assert late.got == (ClientResponse(status, "gateway", symptom=Symptom.TIMEOUT),)
    assert [(it.in_rotation, it.served) for it in late.members] == [(True, False)]
    in_time = await site_seen(
        open_lab, build(**watched(requestTimeout=20)), slow, url=f"http://{HOST}/"
    )
    assert (in_time.got, in_time.served) == ((WELL,), True)


async def test_nobody_is_sent_to_a_member_whose_probe_fails(open_lab: OpenLab) -> None:
    pools = [pool("pool", ips=[IP, OTHER_IP])]
    good = server(Route(HOST), address=OTHER_IP)
    sick = BackendSpec(IP, 80, routes=(Route(HOST),))
    gateway = v2_gateway(pools=pools, **watched())
    found = await site_seen(open_lab, gateway, sick, good, url=f"http://{HOST}/")
    # The member that would serve, were its probe not wrong, is told as well.
    assert [(it.server, it.in_rotation, it.served) for it in found.members] == [
        (IP, False, True),
        (OTHER_IP, True, True),
    ]
    assert (found.got, found.served) == ((WELL,), True)
    alone = v2_gateway(**watched())
    found = await site_seen(open_lab, alone, sick, url=f"http://{HOST}/")
    assert (found.got, found.served) == ((ClientResponse(502, "gateway"),), False)


async def test_members_that_answer_differently(open_lab: OpenLab) -> None:
    gateway = v2_gateway(pools=[pool("pool", ips=[IP, OTHER_IP])], **watched())
    servers = server(Route(HOST)), server(address=OTHER_IP)
    found = await site_seen(open_lab, gateway, *servers, url=f"http://{HOST}/")
    assert (found.got, found.served) == ((WELL, ClientResponse(404, "server")), False)


async def test_requests_may_go_to_any_address_of_a_name(open_lab: OpenLab) -> None:
    """The probe went to the first one only."""
    gateway = v2_gateway(pools=[pool("pool", fqdns=[FQDN])], **watched())
    servers = server(Route(HOST)), server(address=OTHER_IP)
    async with open_lab([gateway], servers, {FQDN: [IP, OTHER_IP]}) as lab:
        found = await seen(lab, f"http://{HOST}/")
        assert [(it.address, it.served) for it in found.members] == [(IP, True), (OTHER_IP, False)]
        assert (found.got, found.served) == ((WELL, ClientResponse(404, "server")), False)
    async with open_lab([gateway], servers) as lab:
        (member,) = (await seen(lab, f"http://{HOST}/")).members
        assert (member.address, member.got.symptom) == (None, Symptom.DNS)


async def test_an_empty_pool_gives_502(open_lab: OpenLab) -> None:
    gateway = v2_gateway(pools=[pool("pool")], **watched())
    found = await site_seen(open_lab, gateway, url=f"http://{HOST}/")
    assert (found.got, found.members, found.served) == (
        (ClientResponse(502, "gateway"),),
        (),
        False,
    )


async def test_a_host_that_no_listener_takes(open_lab: OpenLab) -> None:
    async with open_lab([v2_gateway(**watched())], [server(Route(ANY_HOST))]) as lab:
        found = await seen(lab, f"http://{OTHER}/")
        assert (found.route, found.got, found.served) == (
            None,
            (ClientResponse(404, "gateway"),),
            False,
        )
        assert not await lab.azure.serves(V2, OTHER)
        assert await lab.azure.serves(V2, HOST)
        assert await lab.azure.client_sees(V2, f"https://{HOST}/") == []


async def test_a_stopped_gateway_answers_nobody(open_lab: OpenLab) -> None:
    async with open_lab([v2_gateway(**watched())], [server(Route(HOST))]) as lab:
        assert (await seen(lab, f"http://{HOST}/")).served
        await (await lab.gateways.begin_stop(GROUP, V2, polling_interval=0.01)).result()
        found = await seen(lab, f"http://{HOST}/")
        assert (found.got, found.served) == ((ClientResponse(0, "nobody"),), False)


# TLS: judged as for probes, by the certificate that this SNI gets.

TWO_SITES = [
    Site("site", HOST, "pool", "https", APP),
    Site("other", OTHER, "pool", "https", APP),
]


@pytest.mark.parametrize(
    ("other", "symptom"),
    [
        (leaf(OTHER, issuer=ROOT).path, None),
        (leaf(OTHER, issuer=ROOT, validity=EXPIRED).path, Symptom.EXPIRED),
        (leaf(OTHER, issuer=authority("Elsewhere")).path, Symptom.ROOT_MISMATCH),
        (
            leaf(OTHER, issuer=authority("Between", issuer=ROOT)).path[:1],
            Symptom.INTERMEDIATE_MISSING,
        ),
        (leaf("misspelt.example.com", issuer=ROOT).path, Symptom.NAME_V2),
    ],
)
async def test_the_certificate_that_the_sni_of_another_site_gets(
    open_lab: OpenLab, other: Any, symptom: Symptom | None
) -> None:
    """The probe asks for HOST, so it never meets that certificate."""
    two = BackendSpec(
        IP,
        certificates={HOST: APP.path, OTHER: other},
        default=DEFAULT.path,
        routes=(Route(HOST), Route(OTHER)),
    )
    gateway = v2_gateway(
        settings=[https_settings("https", probe="probe", trusted_roots=["root"])], sites=TWO_SITES
    )
    async with open_lab([gateway], [two]) as lab:
        await lab.azure.wait_health(V2, all_healthy)
        found = {it.ask.host: it for it in await lab.azure.clients_see(V2)}
        assert found[HOST].served
        assert found[OTHER].served is (symptom is None)
        assert found[OTHER].got == (
            (ClientResponse(502, "gateway", symptom=symptom),) if symptom else (WELL,)
        )
        assert lab.backends.at(IP).snis.count(OTHER) == 1


async def test_v1_gets_the_default_certificate_of_an_ip_for_clients_as_for_probes(
    open_lab: OpenLab,
) -> None:
    found = await site_seen(open_lab, v1_gateway(), BACKEND, url=f"https://{HOST}/")
    (member,) = found.members
    assert member.got == ClientResponse(502, "gateway", symptom=Symptom.NOT_ALLOW_LISTED)
    listed = v1_gateway(authentication_certificates=[certificate("app", DEFAULT)])
    assert (await site_seen(open_lab, listed, BACKEND, url=f"https://{HOST}/")).served


@pytest.mark.parametrize(
    ("names", "served", "doubtful"),
    [
        ((HOST, FQDN), True, False),
        ((HOST,), None, True),
        ((FQDN,), None, True),
        ((OTHER,), False, False),
    ],
)
async def test_a_named_member_where_the_pages_disagree_about_its_sni(
    open_lab: OpenLab, names: tuple[str, ...], served: bool | None, doubtful: bool
) -> None:
    """The pool's name or the client's host: only what holds for both is said. The probe has a third name."""
    site = leaf(names[0], dns_names=names, issuer=ROOT)
    probed = leaf("probe.test", issuer=ROOT)
    both = BackendSpec(
        IP, certificates={"probe.test": probed.path}, default=site.path, routes=(Route(ANY_HOST),)
    )
    gateway = v2_gateway(
        pools=[pool("pool", fqdns=[FQDN])],
        settings=[https_settings("https", probe="probe", trusted_roots=["root"])],
        probes=[probe("probe", host="probe.test")],
        sites=SECURE,
    )
    async with open_lab([gateway], [both], {FQDN: [IP]}) as lab:
        found = await seen(lab, f"https://{HOST}/")
        assert found.served is served
        assert [it.doubtful for it in found.members] == [doubtful]


async def test_a_port_that_only_clients_use(open_lab: OpenLab) -> None:
    gateway = v2_gateway(
        settings=[https_settings("https", probe="probe", trusted_roots=["root"], port=8443)],
        probes=[probe("probe", host=HOST, port=443)],
        sites=SECURE,
    )
    async with open_lab([gateway], [BACKEND]) as lab:
        await lab.azure.wait_health(V2, all_healthy)
        found = await seen(lab, f"https://{HOST}/")
        assert found.got == (ClientResponse(502, "gateway", symptom=Symptom.TCP),)


# Redirects.


async def test_a_redirect_of_the_gateway_is_followed_to_its_other_listener(
    open_lab: OpenLab,
) -> None:
    sites = [Site("secure", HOST, "pool", "http", APP), Site("plain", HOST, redirect_to="secure")]
    parts = {**watched(), "sites": sites}
    for answer, served in ((Answer(), True), (Answer(500), False)):
        found = await site_seen(
            open_lab,
            v2_gateway(**parts),
            server(Route(HOST, "/", answer)),
            url=f"http://{HOST}/a?b=c",
        )
        assert found.got == (ClientResponse(301, "gateway", f"https://{HOST}/a?b=c"),)
        assert found.served is served


async def test_a_redirect_of_the_gateway_to_elsewhere_is_not_judged(open_lab: OpenLab) -> None:
    sites = [Site("plain", HOST, redirect_to="https://elsewhere.test")]
    found = await site_seen(
        open_lab, v2_gateway(**{**watched(), "sites": sites}), url=f"http://{HOST}/a"
    )
    assert found.got == (ClientResponse(301, "gateway", "https://elsewhere.test/a"),)
    assert found.served is None


@pytest.mark.parametrize(
    ("location", "served"),
    [
        pytest.param("/home", True, id="to a page of the same site"),
        pytest.param("/", False, id="for ever to itself"),
        pytest.param(f"https://{HOST}/home", True, id="to the same site with TLS"),
        pytest.param(f"https://{HOST}/", False, id="for ever to the same page with TLS"),
        pytest.param(f"https://{IP}/", False, id="past the gateway"),
        pytest.param("https://10.99.0.1/", False, id="to a private address"),
        pytest.param("https://elsewhere.test/", None, id="to somewhere else"),
        pytest.param(f"https://{HOST}:8443/home", False, id="to a port that nobody listens at"),
        pytest.param("/nothing", False, id="to a page that is not there"),
    ],
)
async def test_a_redirect_of_the_server(
    open_lab: OpenLab, location: str, served: bool | None
) -> None:
    moved = Answer(302, headers=(("Location", location),))
    routes = Route(HOST, "/home"), Route(HOST, "/nothing", Answer(404)), Route(HOST, "/", moved)
    sites = [Site("plain", HOST, "pool", "http"), Site("secure", HOST, "pool", "http", APP)]
    gateway = v2_gateway(**{**watched(), "sites": sites})
    found = await site_seen(open_lab, gateway, server(*routes), url=f"http://{HOST}/")
    assert found.got == (ClientResponse(302, "server", location),)
    assert found.served is served


async def test_a_redirect_to_the_servers_own_name_leads_past_a_listener_whose_pattern_it_fits(
    open_lab: OpenLab,
) -> None:
    moved = Answer(302, headers=(("Location", f"http://{FQDN}/home"),))
    routes = Route(ANY_HOST, "/home"), Route(HOST, "/", moved)
    for names, served in (("*.example.com", False), (FQDN, True)):
        sites = [Site("site", HOST, "pool", "http"), Site("wide", names, "pool", "http")]
        gateway = v2_gateway(**watched() | {"sites": sites, "pools": [pool("pool", fqdns=[FQDN])]})
        async with open_lab([gateway], [server(*routes)], {FQDN: [IP]}) as lab:
            assert (await seen(lab, f"http://{HOST}/")).served is served


async def test_a_redirect_to_the_name_of_another_member_leads_past_it_as_well(
    open_lab: OpenLab,
) -> None:
    other = "web2.example.com"
    moved = Answer(302, headers=(("Location", f"http://{other}/home"),))
    routes = Route(ANY_HOST, "/home"), Route(HOST, "/", moved)
    sites = [Site("site", HOST, "pool", "http"), Site("wide", "*.example.com", "pool", "http")]
    pools = [pool("pool", fqdns=[FQDN, other])]
    gateway = v2_gateway(**watched() | {"sites": sites, "pools": pools})
    async with open_lab([gateway], [server(*routes)], {FQDN: [IP], other: [IP]}) as lab:
        found = await seen(lab, f"http://{HOST}/")
        assert [it.served for it in found.members] == [False, False]


async def test_a_listener_whose_certificate_cannot_be_fetched_takes_nobody(
    open_lab: OpenLab,
) -> None:
    gateway = v2_gateway()
    (stored,) = gateway["properties"]["sslCertificates"]
    stored["properties"] = {"keyVaultSecretId": "https://vault.test/secrets/site"}
    servers = [BACKEND, server(Route(HOST))]
    found = await site_seen(open_lab, gateway, *servers, url=f"https://{HOST}/")
    assert (found.route, found.served) == (None, False)
    known = {**gateway, "identity": {"type": "UserAssigned"}}
    assert (await site_seen(open_lab, known, *servers, url=f"https://{HOST}/")).served is True


async def test_the_proxy_shakes_hands_for_clients_whatever_its_probe_asks(
    open_lab: OpenLab,
) -> None:
    made = next(it for it in PROXIES if it.name == "tls-proxy-tcp-probe")
    (document,) = made.gateways
    async with open_lab([document], made.backends, made.dns) as lab:
        name = document["name"]
        await lab.azure.wait_health(name, all_healthy, 30)
        connected = await lab.azure.proxies_connect(name)
        assert [(it.server, well) for it, well in connected.items()] == [("10.4.0.11", False)]


# Several sites.


async def test_every_site_and_path_is_seen(open_lab: OpenLab) -> None:
    """A path that leads to another pool, with a path override that leads nowhere; and a site behind a pattern."""
    gateway = v2_gateway(
        pools=[pool("pool", ips=[IP]), pool("api", ips=[OTHER_IP])],
        settings=[
            http_settings("http", probe="probe"),
            http_settings("moved", probe="probe", path="/gone/"),
        ],
        probes=[probe("probe", host="probe.test", path="/health", protocol="Http")],
        sites=[
            Site("one", HOST, "pool", "http", paths=(PathTo("/api/*", "api", "moved"),)),
            Site("wild", "*.example.com", "pool", "http"),
            Site("late", OTHER, "api", "http"),
        ],
    )
    servers = server(Route(HOST)), server(Route(OTHER), Route(HOST, "/api/"), address=OTHER_IP)
    async with open_lab([gateway], servers) as lab:
        found = await lab.azure.clients_see(V2, ["third.example.com"])
    told = {
        (it.ask.host, it.ask.path): (it.route and it.route.listener, it.got[0].status)
        for it in found
    }
    assert told == {
        (HOST, "/"): ("one-listener", 200),
        (HOST, "/api/"): ("one-listener", 404),
        (OTHER, "/"): ("wild-listener", 404),
        ("third.example.com", "/"): ("wild-listener", 404),
    }


async def test_equal_requests_are_made_once(open_lab: OpenLab) -> None:
    """Two sites whose settings have one host name are one to the server."""
    sites = [Site("one", HOST, "pool", "http"), Site("two", OTHER, "pool", "http")]
    gateway = v2_gateway(**{**watched(hostName="app.test"), "sites": sites})
    async with open_lab([gateway], [server(Route("app.test"))]) as lab:
        found = await lab.azure.clients_see(V2)
        assert [it.served for it in found] == [True, True]
        assert lab.backends.at(IP, 80).requests.count(("app.test", "/")) == 1


async def test_the_redirect_of_a_path_goes_to_where_it_says(open_lab: OpenLab) -> None:
    """A target without path, and one that keeps nothing of the request."""
    gateway = v2_gateway(
        **{
            **watched(),
            "sites": [Site("one", HOST, "pool", "http", paths=(PathTo("/old/*", "pool", "http"),))],
        },
        redirectConfigurations=[
            part("away", redirectType="Found", targetUrl="https://elsewhere.test/new")
        ],
    )
    rule = gateway["properties"]["urlPathMaps"][0]["properties"]["pathRules"][0]["properties"]
    for name in ("backendAddressPool", "backendHttpSettings"):
        del rule[name]
    reference = to("redirectConfigurations", "away")
    assert reference
    rule["redirectConfiguration"] = {"id": f"{gateway['id']}/{reference['id']}"}
    found = await site_seen(open_lab, gateway, server(Route(HOST)), url=f"http://{HOST}/old/a")
    assert found.got == (ClientResponse(302, "gateway", "https://elsewhere.test/new"),)


async def test_v1_serves_its_sites_by_the_order_of_its_rules(open_lab: OpenLab) -> None:
    sites = [Site("all", "", "pool", "http"), Site("one", HOST, "api", "http")]
    gateway = v1_gateway(
        **{**watched(), "sites": sites},
        pools=[pool("pool", ips=[IP]), pool("api", ips=[OTHER_IP])],
    )
    servers = server(), server(Route(HOST), address=OTHER_IP)
    found = await site_seen(open_lab, gateway, *servers, url=f"http://{HOST}/")
    assert found.route
    assert (found.route.listener, found.got) == ("all-listener", (ClientResponse(404, "server"),))
    assert gateway["name"] == V1
