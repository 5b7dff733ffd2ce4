from typing import Any

import pytest

from bot.core.analysis.client_outcome import client_outcome
from bot.core.case.finding import Match
from bot.core.model.marked import plain as in_words
from bot.core.model.observation import Outcome, Response
from bot.core.rules.redirect_leaves_gateway import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.clients import errors, http, looked_at, plain, two_pools, view_of
from tests.core.make import HOST, NOT_SEEN, SERVER, blind, document, item, ref, rule

APPLICATION = "app.internal"
OWN_NAME = http(hostName=APPLICATION)


LISTENING: Any = {"protocol": "Https", "frontendPort": ref("frontendPorts", "p443")}


def two_ports(pool: str) -> Any:
    """Another listener for the same host, on port 8443, that leads to this pool."""
    port = ref("frontendPorts", "p8443")
    return two_pools(
        frontendPorts=[item("frontendPorts", f"p{it}", port=it) for it in (443, 8443)],
        httpListeners=[
            item("httpListeners", "site", hostName=HOST, **LISTENING),
            item("httpListeners", "other", hostName=HOST, **(LISTENING | {"frontendPort": port})),
        ],
        requestRoutingRules=[
            rule(),
            rule(
                "two",
                httpListener=ref("httpListeners", "other"),
                backendAddressPool=ref("backendAddressPools", pool),
            ),
        ],
    )


def redirecting(location: str | None, made: Any = None, status: int = 302) -> Any:
    """A server whose health page works, and that redirects every other request there."""
    moved = Response(status, location, "")
    base = http() if made is None else made
    return looked_at(base, plain(lambda it: 200 if it.path == "/health" else moved))


def test_matches_a_redirect_to_the_applications_own_name() -> None:
    made = redirecting(f"https://{APPLICATION}/home", OWN_NAME)
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    assert in_words(seen.summary) == (
        f"10.1.5.11 redirects clients of {HOST} to its own address, past the gateway: 302, Location"
        f" https://{APPLICATION}/home."
    )
    assert (seen.concerns, seen.sites) == ("clients", (HOST,))
    assert [in_words(it.text) for it in seen.evidence][:2] == [
        f"HTTP to port 80, Host {APPLICATION}, path /: 302, Location https://{APPLICATION}/home",
        "https speaks HTTP to port 80",
    ]
    assert [it.rule for it in errors(made)] == ["redirect_leaves_gateway"]


def test_matches_a_redirect_to_the_servers_address() -> None:
    assert "past the gateway" in matches(RULE, redirecting("http://10.1.5.11:8080/"))[0]


def test_matches_a_redirect_to_another_member_of_the_pool() -> None:
    """Although a listener's pattern takes that name, its clients get to the member itself by it."""
    hosts = {"site": HOST, "wide": "*.contoso.com"}
    members = [{"fqdn": "web1.contoso.com"}, {"fqdn": "web2.contoso.com"}]
    top = {
        "httpListeners": [
            item("httpListeners", it, hostName=host, **LISTENING) for it, host in hosts.items()
        ],
        "backendAddressPools": [item("backendAddressPools", "pool", backendAddresses=members)],
        "requestRoutingRules": [
            rule(it, httpListener=ref("httpListeners", it), priority=number)
            for number, it in enumerate(hosts, start=1)
        ],
    }
    made = redirecting("https://web2.contoso.com/", http(tier="Standard_v2", top=top))
    at = {it.match.backend.server for it in errors(made) if it.match.backend is not None}
    assert at == {"web1.contoso.com", "web2.contoso.com"}


def test_matches_a_redirect_to_any_private_address() -> None:
    assert "past the gateway" in matches(RULE, redirecting("https://192.168.7.7/"))[0]
    assert quiet(RULE, redirecting("https://93.184.215.14/"))


@pytest.mark.parametrize(
    "location", [f"https://{HOST}/", f"https://{HOST}", f"HTTPS://{HOST.upper()}:443/"]
)
def test_matches_a_redirect_to_the_page_that_was_asked_for(location: str) -> None:
    (summary,) = matches(RULE, redirecting(location, status=301))
    assert f"clients of {HOST} to the address that they asked for, again and again: 301" in summary


@pytest.mark.parametrize(
    "location",
    [
        None,
        "",
        "/login",
        "//elsewhere.example/",
        f"https://{HOST}/home",
        f"https://{HOST}:port/",
        "https://[::1/",
        "https://sso.example/start",
        f"ftp://{HOST}/",
        "https:///nowhere",
    ],
)
def test_is_quiet_where_the_redirect_may_well_lead_to_an_answer(location: str | None) -> None:
    assert quiet(RULE, redirecting(location))


@pytest.mark.parametrize("location", [f"http://{HOST}/", f"https://{HOST}:8443/home"])
def test_matches_a_redirect_to_a_port_where_no_listener_takes_the_host(location: str) -> None:
    made = redirecting(location)
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    assert "to a port at which the gateway has no listener for their host" in seen.summary
    # Something before the gateway may listen there.
    assert seen.confidence == "medium"
    assert client_outcome(view_of(made)).word == "leaves_gateway"
    assert RULE.guide is not None
    steps = [it.text for it in RULE.guide.steps(made, seen)]
    assert any("give the gateway a listener and a rule" in it for it in steps)
    assert any("speak HTTPS" in it for it in steps) is location.startswith("https")


@pytest.mark.parametrize(
    "doors",
    [
        {
            "listeners": [
                item("listeners", "tcp", protocol="Tcp", frontendPort=ref("frontendPorts", "p80"))
            ]
        },
        {"httpListeners": [item("httpListeners", "site", hostName=HOST, protocol="Https")]},
    ],
)
def test_is_quiet_where_something_else_of_the_gateway_may_take_the_host_there(doors: Any) -> None:
    ports = [item("frontendPorts", f"p{it}", port=it) for it in (80, 443)]
    assert quiet(RULE, redirecting(f"http://{HOST}/", http(top={"frontendPorts": ports, **doors})))


def test_is_quiet_when_the_server_was_asked_over_https_already() -> None:
    """Then it is no redirect from plain HTTP to HTTPS; and whether the page differs is not known."""
    moved = Response(302, f"https://{HOST}/", "")
    assert quiet(RULE, looked_at(document(), lambda it: moved))


def test_is_quiet_where_the_same_page_on_another_port_is_another_pools() -> None:
    moved = Response(302, f"https://{HOST}:8443/", "")
    page = plain(lambda it: moved if (it.server, it.path) == (SERVER, "/") else 200)
    assert quiet(RULE, looked_at(http(top=two_ports("api")), page))
    assert matches(RULE, looked_at(http(top=two_ports("pool")), page))


def test_a_redirect_to_another_site_of_the_gateway_concerns_only_that_sites_own_clients() -> None:
    sites = [item("httpListeners", "site", hostNames=[HOST, "www.contoso.com"], **LISTENING)]
    both = http(hostName="www.contoso.com", top={"httpListeners": sites})
    (seen,) = RULE.check(redirecting("https://www.contoso.com/", both))
    assert isinstance(seen, Match)
    assert seen.sites == ("www.contoso.com",)
    # The gateway does not listen there.
    (seen,) = RULE.check(redirecting("https://www.contoso.com:8443/", both))
    assert isinstance(seen, Match)
    assert "past the gateway" in seen.summary
    assert seen.sites == (HOST, "www.contoso.com")


def test_matches_though_a_listener_takes_every_name_as_nobody_knows_which_lead_there() -> None:
    basic = {"httpListeners": [item("httpListeners", "site", **LISTENING)]}
    made = redirecting(f"https://{APPLICATION}/", http(hostName=APPLICATION, top=basic))
    assert matches(RULE, made)


def test_is_quiet_where_it_is_no_redirect() -> None:
    said = Response(201, f"https://{APPLICATION}/home", "")
    assert quiet(RULE, looked_at(OWN_NAME, plain(lambda it: said)))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_answer_accuses_nobody(outcome: Outcome) -> None:
    unseen = looked_at(http(), lambda it: 200 if it.path == "/health" else outcome)
    assert quiet(RULE, unseen)
    assert left_open(RULE, blind(http(), outcome))


def beside(names: str, **changes: Any) -> Any:
    """A second listener takes these names; `changes` are those of the document."""
    site = item("httpListeners", "site", hostName=HOST, **LISTENING)
    other = item("httpListeners", "other", hostNames=[names], **LISTENING)
    rules = [rule(), rule("two", httpListener=ref("httpListeners", "other"))]
    return {"httpListeners": [site, other], "requestRoutingRules": rules, **changes}


@pytest.mark.parametrize(("names", "astray"), [("*.internal", True), (APPLICATION.upper(), False)])
def test_a_redirect_to_a_member_leads_to_the_server_whatever_pattern_of_the_gateway_fits(
    names: str, astray: bool
) -> None:
    """Its name resolves to the server: a listener that names it is something else."""
    pool = item("backendAddressPools", "pool", backendAddresses=[{"fqdn": APPLICATION}])
    base = http(top=beside(names, backendAddressPools=[pool]))
    assert bool(matches(RULE, redirecting(f"https://{APPLICATION}/home", base))) is astray


@pytest.mark.parametrize(
    ("names", "astray"), [("*.internal", False), (APPLICATION, False), ("*.example", True)]
)
def test_a_redirect_to_the_host_of_the_settings_leads_to_the_gateway_where_a_listener_takes_it(
    names: str, astray: bool
) -> None:
    """Nothing says that this name resolves to the server."""
    base = http(hostName=APPLICATION, top=beside(names))
    assert bool(matches(RULE, redirecting(f"https://{APPLICATION}/home", base))) is astray


@pytest.mark.parametrize("secure", [True, False])
def test_matches_what_the_gateways_own_redirect_sends_back(secure: bool) -> None:
    """The application takes clients for such of plain HTTP."""
    door = {"protocol": "Http", "frontendPort": ref("frontendPorts", "p80")}
    ends = {
        "backendHttpSettings": None,
        "redirectConfiguration": ref("redirectConfigurations", "r"),
    }
    other = {"httpListener": ref("httpListeners", "plain"), "backendAddressPool": None}
    target: Any = {"targetListener": ref("httpListeners", "site"), "includePath": True}
    top: Any = {
        "frontendPorts": [item("frontendPorts", f"p{it}", port=it) for it in (80, 443)],
        "httpListeners": [
            item("httpListeners", "site", hostName=HOST, **LISTENING),
            item("httpListeners", "plain", hostName=HOST, **door),
        ],
        "requestRoutingRules": [rule(), rule("plain", **(other | ends))],
        "redirectConfigurations": [item("redirectConfigurations", "r", **target)],
    }
    moved = Response(302, f"http://{HOST}/", "")
    base = document(**top) if secure else http(top=top)
    page = (lambda it: 200 if it.path == "/health" else moved) if secure else None
    made = looked_at(base, page) if page else redirecting(f"http://{HOST}/", base)
    (summary,) = matches(RULE, made)
    assert "to an address from which the gateway's own redirect sends them back" in summary
    # It is not asked whether it has the page without TLS: that is not what is wrong.
    assert all(it.attempt.tls is secure for it in made.observations)
    elsewhere = Response(302, f"http://{HOST}/home", "")
    assert quiet(
        RULE,
        looked_at(base, lambda it: 200 if it.path == "/health" else elsewhere)
        if secure
        else redirecting(f"http://{HOST}/home", base),
    )


@pytest.mark.parametrize(
    ("location", "first"),
    [("http://10.1.5.11:8080/", "Let the application"), (f"https://{HOST}/", "Or let the app")],
)
def test_no_step_begins_with_or_where_nothing_is_before_it(location: str, first: str) -> None:
    made = redirecting(location)
    (found,) = (it for it in RULE.check(made) if isinstance(it, Match))
    assert RULE.guide is not None
    steps = [in_words(it.text) for it in RULE.guide.steps(made, found)]
    assert [it for it in steps if it.startswith(first)], steps
