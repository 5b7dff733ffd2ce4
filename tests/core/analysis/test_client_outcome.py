"""What a client's request comes to at one server, as far as it was looked at."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.analysis.client_outcome import (
    ClientOutcome,
    answer_outcome,
    client_outcome,
    probe_fails,
)
from bot.core.case.view import BackendView
from bot.core.model.health import BackendHealth, HealthNotKnown, SimulatedHealth
from bot.core.model.marked import mark
from bot.core.model.marked import plain as in_words
from bot.core.model.observation import (
    Answered,
    Attempt,
    HandshakeFailed,
    NoResponse,
    NotConnected,
    Observation,
    Outcome,
    Response,
)
from tests.core.clients import (
    SECOND,
    asks,
    errors,
    hidden,
    http,
    looked_at,
    plain,
    two_pools,
    view_of,
    views,
)
from tests.core.make import (
    APP,
    HOST,
    ILB,
    NOT_SEEN,
    SERVER,
    answered,
    case,
    certificate,
    document,
    handshake,
    item,
    probe,
    ref,
    rule,
    v2_settings,
)
from tests.core.naming import Answer, lookup
from tests.core.rewriting import on_paths, rewrite, rewritten, when
from tests.core.rules.chains import IN_ROOT, ISSUING, LEAF, LISTED, v2

UNKNOWN = HealthNotKnown("no permission")
REFUSED = NotConnected("refused", SERVER, "connection refused")
ALERT = HandshakeFailed("alert", SERVER, 40, "handshake failure")
NAMED = document(
    tier="Standard_v2",
    servers=("pool.internal",),
    backendHttpSettingsCollection=[v2_settings()],
    probes=[probe(host="app.internal")],
)


def got(said: Any, *, base: Any = None, **changes: Any) -> ClientOutcome:
    """What clients get at `/`, where the health page works."""
    made = http() if base is None else base
    page = plain(lambda it: 200 if it.path == "/health" else said)
    return client_outcome(view_of(looked_at(made, page, **changes)))


@pytest.mark.parametrize(
    ("said", "word", "status", "served"),
    [
        (200, "answered", 200, True),
        (Response(302, "/login", ""), "answered", 302, True),
        (Response(302, "/", ""), "unknown_path", 302, None),
        (401, "answered", 401, True),
        (403, "unknown_path", 403, None),
        (404, "unknown_path", 404, None),
        (503, "application_error", 503, False),
        (Response(400, None, "plain HTTP request was sent to HTTPS port"), "application_error", 400, False),
        (Response(302, f"https://{HOST}/", ""), "leaves_gateway", 302, False),
        (NoResponse("closed", "it closed"), "gateway_502", 502, False),
        (NoResponse("malformed", "no HTTP"), "gateway_502", 502, False),
        (NoResponse("tls", "TLS"), "gateway_502", 502, False),
        (NoResponse("http2", "frames of HTTP/2"), "gateway_502", 502, False),
        (NoResponse("client_certificate", "it wants one"), "gateway_502", 502, False),
        (NoResponse("not_asked", "no request was sent"), "not_tried", None, None),
        (NoResponse("timeout", "no answer within 0.1 s"), "not_tried", None, None),
    ],
)  # fmt: skip
def test_the_answer_decides(said: Any, word: str, status: int | None, served: bool | None) -> None:
    found = got(said)
    assert (found.word, found.status, found.served) == (word, status, served)
    assert found.because


@pytest.mark.parametrize(
    ("location", "word"),
    [
        (f"http://{HOST}/", "unknown_path"),
        (f"http://{HOST.upper()}:80", "unknown_path"),
        (f"http://{HOST}/?again", "answered"),
        (f"http://{HOST}/home", "answered"),
    ],
)
def test_a_redirect_to_the_whole_address_that_was_asked_for_gives_no_page(
    location: str, word: str
) -> None:
    """Clients come over plain HTTP, and the gateway passes their requests on so."""
    door = {"protocol": "Http", "frontendPort": ref("frontendPorts", "p80"), "hostName": HOST}
    ports = [item("frontendPorts", "p80", port=80)]
    base = http(
        top={"frontendPorts": ports, "httpListeners": [item("httpListeners", "site", **door)]}
    )
    assert got(Response(302, location, ""), base=base).word == word


@pytest.mark.parametrize(
    ("tier", "word", "status"),
    [("Standard", "gateway_502", 502), ("Standard_v2", "gateway_504", 504)],
)
@pytest.mark.parametrize("said", [200, NoResponse("timeout", "no answer within 21.0 s")])
def test_a_late_answer_is_none(tier: str, word: str, status: int, said: Any) -> None:
    found = got(said, base=http(tier=tier), seconds=21.0)
    assert (found.word, found.status, found.served) == (word, status, False)
    assert "21.0 s" in found.because
    assert got(200, base=http(tier=tier), seconds=20.0).served is True


@pytest.mark.parametrize("status", [404, 421, 500])
def test_a_host_that_the_server_does_not_know_is_told_from_an_unknown_path(status: int) -> None:
    fixed = http(hostName="wrong.internal")
    made = looked_at(fixed, plain(lambda it: 200 if it.host == HOST else status))
    found = client_outcome(view_of(made, "/health"))
    assert (found.word, found.status, found.served) == ("unknown_host", status, False)
    assert in_words(found.because) == f"it answers {status} for wrong.internal, and knows {HOST}"
    pages = looked_at(fixed, plain(lambda it: 200 if it.path == "/health" else status))
    assert client_outcome(view_of(pages)).word != "unknown_host"


def test_the_answer_of_another_site_is_not_what_clients_asked_for() -> None:
    page = plain(lambda it: Response(200, None, it.server))
    found = client_outcome(view_of(looked_at(hidden(), page), "/", "shop.contoso.com"))
    assert (found.word, found.status, found.served) == ("other_site", 200, False)
    assert in_words(found.because) == f"{SECOND} of its own pool answers it otherwise"


THIRD = "10.1.5.13"


def both_sites() -> Any:
    """HOST at one pool, and the site other.example at the other."""
    port: Any = {"protocol": "Https", "frontendPort": ref("frontendPorts", "p443")}
    return http(
        top=two_pools(
            httpListeners=[
                item("httpListeners", "site", hostName=HOST, **port),
                item("httpListeners", "other", hostName="other.example", **port),
            ],
            requestRoutingRules=[
                rule(),
                rule(
                    "two",
                    httpListener=ref("httpListeners", "other"),
                    backendAddressPool=ref("backendAddressPools", "api"),
                ),
            ],
        )
    )


def two_sites(location: str, other: Any) -> Any:
    """Clients of HOST are redirected there; what comes of the site other.example is given."""

    def page(it: Attempt) -> Any:
        if it.path == "/health":
            return 200
        return Response(302, location, "") if it.server == SERVER else other

    return looked_at(both_sites(), plain(page))


@pytest.mark.parametrize(
    ("location", "other", "word", "status"),
    [
        ("https://other.example/", 503, "application_error", 503),
        ("https://other.example", 503, "application_error", 503),
        ("https://other.example/", 200, "answered", 302),
        ("https://other.example/", 404, "answered", 302),
        ("https://other.example/login", 503, "answered", 302),
        ("http://other.example/", 503, "answered", 302),
        ("https://other.example:8443/", 503, "answered", 302),
        ("https://elsewhere.example/", 503, "answered", 302),
        ("ftp://elsewhere.example/", 503, "answered", 302),
        ("https://[", 503, "answered", 302),
        ("https://other.example/", Response(302, f"https://{HOST}/", ""), "answered", 302),
        ("https://other.example/", Response(302, "https://other.example/", ""), "leaves_gateway", 302),
    ],
)  # fmt: skip
def test_who_is_redirected_to_another_site_gets_what_that_one_gives(
    location: str, other: Any, word: str, status: int
) -> None:
    found = client_outcome(view_of(two_sites(location, other), "/", HOST))
    assert (found.word, found.status) == (word, status)
    assert (f"to {location}: " in in_words(found.because)) is (word != "answered")


@pytest.mark.parametrize(
    ("unhealthy", "word", "status"),
    [
        ((), "answered", 302),
        ((THIRD,), "application_error", 503),
        ((SECOND, THIRD), "gateway_502", 502),
    ],
)
def test_who_is_redirected_to_another_site_gets_nothing_of_its_servers_out_of_rotation(
    unhealthy: tuple[str, ...], word: str, status: int
) -> None:
    """One of them answers 503, and the other nothing at all."""
    base = both_sites()
    (api,) = (it for it in base["properties"]["backendAddressPools"] if it["name"] == "api")
    api["properties"]["backendAddresses"] = [{"ipAddress": it} for it in (SECOND, THIRD)]

    def page(it: Attempt) -> Any:
        if it.server == THIRD:
            return NoResponse("timeout", "no answer in time")
        if it.path == "/health":
            return 200
        return Response(302, "https://other.example/", "") if it.server == SERVER else 503

    made = looked_at(base, plain(page))
    assert isinstance(made.health, BackendHealth)
    said = [
        replace(it, state="unhealthy" if it.server in unhealthy else "healthy")
        for it in made.health.servers
    ]
    made = replace(made, health=BackendHealth(tuple(said)))
    found = client_outcome(view_of(made, "/", HOST))
    assert (found.word, found.status) == (word, status)


def test_a_request_that_cannot_be_made_says_why() -> None:
    wild = document(httpListeners=[item("httpListeners", "site", hostNames=["*.contoso.com"])])
    (client,) = (made := case(wild)).clients
    found = client_outcome(BackendView(made, client.backend, client))
    assert (found.word, found.served) == ("not_tried", None)
    assert in_words(found.because) == "no host name is known that clients of *.contoso.com use"
    empty = case(document(servers=()))
    nic = "/subscriptions/s/networkInterfaces/vm"
    made = replace(empty, nic_members=((empty.gateway.pools[0].id, nic),))
    found = client_outcome(BackendView(made, made.backends[0], made.clients[0]))
    assert (found.word, in_words(found.because)) == (
        "not_tried",
        f"the address of {nic} is not known",
    )


# The connection.


def connected(outcome: Outcome, base: Any = None, **changes: Any) -> ClientOutcome:
    """All connections come to this."""
    return client_outcome(
        view_of(looked_at(document() if base is None else base, lambda _: outcome, **changes))
    )


def test_a_handshake_that_fails_is_a_502() -> None:
    found = connected(ALERT)
    assert (found.word, found.status, found.served) == ("gateway_502", 502, False)


@pytest.mark.parametrize("said", [401, 403, NoResponse("closed", "it closed")])
def test_where_the_server_refuses_only_us_nothing_is_known_of_clients(said: Any) -> None:
    """The gateway's own probe gets through on a connection like theirs."""

    def of(**changes: Any) -> ClientOutcome:
        return client_outcome(view_of(looked_at(http(), plain(lambda _: said), **changes)))

    assert (of().word, of().served) == ("not_tried", None)
    assert "it refuses us, and the gateway calls it healthy" in of().because
    assert of(state="unhealthy").word != "not_tried"


@pytest.mark.parametrize("outcome", [*NOT_SEEN, REFUSED])
def test_what_only_we_cannot_reach_says_nothing_of_clients(outcome: Outcome) -> None:
    found = connected(outcome)
    assert (found.word, found.served) == ("not_tried", None)


@pytest.mark.parametrize("changes", [{"state": "unhealthy"}, {"health": UNKNOWN}])
def test_a_port_that_refuses_us_refuses_clients_unless_the_gateway_gets_through(
    changes: Any,
) -> None:
    assert connected(REFUSED, **changes).word == "gateway_502"


@pytest.mark.parametrize("outcome", [REFUSED, NotConnected("timeout", SERVER, "no answer")])
def test_a_port_of_clients_alone_that_cannot_be_reached_is_a_502(outcome: Outcome) -> None:
    own = document(
        tier="Standard_v2",
        backendHttpSettingsCollection=[v2_settings(port=8443)],
        probes=[probe(port=443)],
    )
    page = looked_at(own, lambda it: outcome if it.port == 8443 else answered(APP, public=0))
    assert client_outcome(view_of(page)).word == "gateway_502"
    # Where the probe's port cannot be reached either, that is so only from here.
    assert connected(NotConnected("timeout", SERVER, "no answer"), own).word == "not_tried"


def test_a_certificate_that_the_gateway_does_not_accept_is_a_502() -> None:
    found = connected(answered(ILB))
    assert (found.word, found.because) == (
        "gateway_502",
        "the gateway does not accept its certificate",
    )


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"health": UNKNOWN}, "not_tried"),
        ({"state": "healthy"}, "answered"),
        ({"health": SimulatedHealth()}, "answered"),
    ],
)
def test_whether_an_old_signature_is_accepted_only_the_gateway_can_say(
    changes: Any, word: str
) -> None:
    """On paper, the change as a whole is asked."""
    old = replace(LEAF, signature_hash="sha1")
    for leaf, expected in ((old, word), (LEAF, "answered")):
        found = connected(answered(leaf, ISSUING, trust=IN_ROOT), v2(**LISTED), **changes)
        assert found.word == expected
        assert ("signed with SHA-1" in found.because) is (expected == "not_tried")


def test_a_server_that_demands_a_client_certificate_fails_clients() -> None:
    wants = NoResponse("client_certificate", "it wants a client certificate")
    found = connected(Answered(SERVER, handshake(APP), wants))
    assert (found.word, found.because) == ("gateway_502", "its TLS handshake fails")


def test_a_chain_that_cannot_be_judged_leaves_it_open() -> None:
    """No root of the settings is known here, and nobody was asked about the served one."""
    bare = replace(handshake(APP), trust=())
    v2 = document(tier="Standard_v2", backendHttpSettingsCollection=[v2_settings()])
    found = connected(Answered(SERVER, bare, Response(200, None, "")), v2, health=UNKNOWN)
    assert (found.word, found.served) == ("not_tried", None)
    assert found.because


# Where Microsoft's pages disagree.


def by_both(client: Outcome, member: Outcome) -> ClientOutcome:
    """What comes of it with the client's host as SNI, and with the member's name."""
    made = case(NAMED, state="healthy")
    (it,) = made.clients
    (other,) = it.other_attempts
    seen = (Observation(it.attempt, client), Observation(other, member))
    return client_outcome(view_of(replace(made, observations=seen)))


FITS = answered(certificate("both", HOST, "pool.internal"), public=0)
STRANGE = answered(certificate("strange.internal"), public=0)


def test_the_same_by_both_readings_is_so() -> None:
    assert by_both(FITS, FITS) == ClientOutcome("answered", "it answers 200", 200)
    assert by_both(ALERT, ALERT).word == "gateway_502"


def test_served_by_one_reading_only_is_not_known() -> None:
    for client, member in ((FITS, STRANGE), (STRANGE, FITS)):
        found = by_both(client, member)
        assert (found.word, found.status, found.served) == ("not_tried", None, None)
        assert found.because.startswith("Microsoft's pages disagree on the SNI: ")


def test_served_by_neither_is_not_served_whatever_turns_them_away() -> None:
    failing = answered(certificate("both", HOST, "pool.internal"), status=503, public=0)
    found = by_both(failing, ALERT)
    assert (found.word, found.status, found.served) == ("application_error", None, False)


# The probe.


@pytest.mark.parametrize(
    ("state", "said", "fails"),
    [("healthy", 500, False), ("unhealthy", 200, True), ("unknown", 200, False), ("unknown", 500, True)],
)  # fmt: skip
def test_whether_the_gateway_sends_clients_there(state: str, said: int, fails: bool) -> None:
    page = looked_at(http(), plain(lambda it: said if it.path == "/health" else 200), state=state)
    assert probe_fails(view_of(page)) is fails


def test_no_client_gets_to_a_name_that_the_gateways_network_does_not_know() -> None:
    """Although it counts as healthy, or nobody says whether it does."""
    pool = item("backendAddressPools", "pool", backendAddresses=[{"fqdn": "web.internal"}])
    base = http(top={"backendAddressPools": [pool]})
    asked: tuple[tuple[Answer, bool], ...] = (((), True), ((SERVER,), False))
    for answer, fails in asked:
        there = (lookup(answer, "web.internal"),)
        made = looked_at(base, plain(lambda _: 200), state="unknown", lookups=there)
        assert probe_fails(view_of(made)) is fails


@pytest.mark.parametrize(("large", "word"), [(True, "answered"), (False, "not_tried")])
def test_a_large_hello_that_the_gateway_may_send_leaves_it_open(large: bool, word: str) -> None:
    taken = answered(APP, public=0)
    made = looked_at(
        document(tier="Standard_v2", backendHttpSettingsCollection=[v2_settings()]),
        lambda it: taken if large or it.hello == "small" else ALERT,
        health=UNKNOWN,
    )
    assert client_outcome(view_of(made)).word == word


def test_the_answer_counts_alone_whatever_the_certificate() -> None:
    assert (
        answer_outcome(view_of(looked_at(document(), lambda _: answered(ILB)))).word == "answered"
    )


def test_where_nobody_knows_what_becomes_of_a_request_nothing_is_said_of_it() -> None:
    made = case(rewritten(rewrite("r", path="/{var_client_ip}")))
    found = client_outcome(BackendView(made, made.backends[0], made.clients[0]))
    assert (found.word, found.because) == (
        "not_tried",
        "what becomes of the request is not known: it depends on the server variable "
        + mark("client_ip"),
    )


@pytest.mark.parametrize(("status", "word"), [(200, "answered"), (500, "not_tried")])
def test_a_request_that_only_some_clients_make_fails_no_one_for_certain(
    status: int, word: str
) -> None:
    signed_in = (when("var_uri_path", "^/$"), when("http_req_Authorization", "^Bearer"))
    made = looked_at(
        on_paths(rewrite("r", *signed_in, path="/api/in", reroute=True)),
        plain(lambda it: status if it.path == "/api/in" else 200),
    )
    (it,) = (one for one in views(made) if one.request.path == "/api/in")
    found = client_outcome(it)
    assert found.word == word
    assert (status == 200) or found.because.startswith("only requests come here where ")


@pytest.mark.parametrize(
    ("outcome", "fails"),
    [
        (REFUSED, True),
        (NotConnected("timeout", SERVER, "no answer"), False),
        (answered(APP), False),
    ],
)
def test_where_the_gateway_says_nothing_a_port_that_refuses_us_fails_its_probe_too(
    outcome: Outcome, fails: bool
) -> None:
    made = case(None, outcome, health=UNKNOWN)
    assert probe_fails(BackendView(made, made.backends[0])) is fails
    healthy = case(None, outcome, state="healthy")
    assert not probe_fails(BackendView(healthy, healthy.backends[0]))


@pytest.mark.parametrize(
    ("said", "word"), [(200, "answered"), (404, "not_tried"), (503, "application_error")]
)
def test_an_answer_for_a_host_that_nobody_asks_for_says_little(said: int, word: str) -> None:
    """A basic listener, and no name is known that clients use there: 127.0.0.1 stands for it."""
    listeners = [item("httpListeners", "any"), item("httpListeners", "site", hostName=HOST)]
    rules = [
        rule("two", httpListener=ref("httpListeners", "site")),
        rule(httpListener=ref("httpListeners", "any")),
    ]
    base = http(top={"httpListeners": listeners, "requestRoutingRules": rules})
    made = looked_at(base, plain(lambda it: said if it.host == "127.0.0.1" else 200))
    view = view_of(made, host="127.0.0.1")
    assert (client_outcome(view).word, asks(view.client).site) == (word, "any")
    assert [it.rule for it in errors(made) if "any" in it.match.sites] == (
        ["client_request_failing"] if said == 503 else []
    )
