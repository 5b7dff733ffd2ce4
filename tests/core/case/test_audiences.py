"""The probe and clients' requests, looked at by one and the same check."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.core.case.attempts import missing_attempts, wanted_attempts
from bot.core.case.audiences import each_client, each_request, was_seen
from bot.core.case.case import NOT_MADE, Case
from bot.core.case.finding import Match, Undecided
from bot.core.case.view import BackendView
from bot.core.model.marked import plain as in_words
from bot.core.model.observation import NotConnected, Observation, Outcome
from tests.core.clients import SECOND, http, looked_at, view_of
from tests.core.make import (
    APP,
    HOST,
    NOT_SEEN,
    SERVER,
    answered,
    case,
    document,
    item,
    probe,
    v2_settings,
)

SITES = [item("httpListeners", "site", protocol="Https", hostNames=[HOST, "b.example"])]
"""Two sites; the probe asks for the first."""

Said = Match | Undecided


def gateway(**changes: Any) -> Any:
    """v2, so that clients' requests carry their own host as SNI."""
    ours: Any = {"httpListeners": SITES, "backendHttpSettingsCollection": [v2_settings()]}
    return document(tier="Standard_v2", **(ours | changes))


def seen(made: Any = None, outcome: Any = None) -> Case:
    base = gateway() if made is None else made
    return looked_at(base, lambda _: answered(APP, public=0) if outcome is None else outcome)


def named(view: BackendView) -> Iterator[Said]:
    """Sees every request."""
    yield Match(f"SNI {view.request.sni}", (), view.backend)


def b_only(view: BackendView) -> Iterator[Said]:
    if view.request.sni == "b.example":
        yield from named(view)


def doubtful(view: BackendView) -> Iterator[Said]:
    yield Undecided(f"nobody knows {view.server}", view.backend)


def told(said: Any) -> list[tuple[str, str | None, tuple[str, ...]]]:
    return [
        (it.summary if isinstance(it, Match) else it.because, it.concerns, it.sites) for it in said
    ]


def test_requests_that_connect_as_the_probe_does_are_told_with_it() -> None:
    assert told(each_request(named)(seen())) == [
        (f"SNI {HOST}", "both", (HOST,)),
        ("SNI b.example", "clients", ("b.example",)),
    ]


def test_a_probe_that_connects_as_no_client_does_is_told_alone() -> None:
    own = gateway(probes=[probe(host="app.internal")])
    assert told(each_request(named)(seen(own))) == [
        ("SNI app.internal", "probe", ()),
        (f"SNI {HOST}", "clients", (HOST, "b.example")),
    ]


def test_what_clients_meet_alone_is_told_with_both_requests_side_by_side() -> None:
    (it,) = each_request(b_only)(seen())
    assert isinstance(it, Match)
    assert (it.concerns, it.sites) == ("clients", ("b.example",))
    assert it.client is not None
    assert it.client.way.host == "b.example"
    assert [in_words(one.text) for one in it.evidence] == [
        "clients' requests for b.example: HTTPS to port 443, SNI b.example, Host b.example, path /",
        f"the health probe: HTTPS to port 443, SNI {HOST}, Host {HOST}, path /",
    ]


def test_plain_http_has_no_name_and_v1_says_that_none_is_sent() -> None:
    (it,) = each_client(named)(seen(http()))
    assert isinstance(it, Match)
    assert in_words(it.evidence[0].text).endswith(f"HTTP to port 80, Host {HOST}, path /health")
    (it,) = each_client(named)(seen(document()))
    assert isinstance(it, Match)
    assert ", no SNI, Host" in it.evidence[0].text


def test_each_client_is_looked_at_whatever_its_connection() -> None:
    assert told(each_client(named)(seen())) == [(f"SNI {HOST}", "clients", (HOST, "b.example"))]


def test_the_same_doubt_about_several_requests_is_told_once() -> None:
    members = gateway(servers=(SERVER, SECOND))
    assert told(each_client(doubtful)(seen(members))) == [
        (f"nobody knows {SERVER}", "clients", ()),
        (f"nobody knows {SECOND}", "clients", ()),
    ]


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_connections_of_clients_that_only_we_cannot_make_are_not_looked_at(
    outcome: Outcome,
) -> None:
    made = seen(outcome=outcome)
    assert told(each_request(named)(made)) == [(f"SNI {HOST}", "both", (HOST,))]
    assert told(each_client(named)(made)) == [(f"SNI {HOST}", "clients", (HOST, "b.example"))]


@pytest.mark.parametrize(
    ("probes", "clients", "looked"),
    [(443, 8443, True), (443, 443, False), (8443, 8443, False)],
)
def test_a_port_of_clients_alone_was_seen_to_be_shut_where_the_probes_is_open(
    probes: int, clients: int, looked: bool
) -> None:
    shut = NotConnected("refused", SERVER, "connection refused")
    base = gateway(
        backendHttpSettingsCollection=[v2_settings(port=clients)], probes=[probe(port=probes)]
    )
    made = looked_at(base, lambda it: shut if it.port == clients else answered(APP, public=0))
    view = view_of(made)
    assert view.client is not None
    assert was_seen(BackendView(made, view.backend), view.client) is looked


# Where Microsoft's pages disagree.

NAMED = document(
    tier="Standard_v2",
    servers=("pool.internal",),
    backendHttpSettingsCollection=[v2_settings()],
    probes=[probe(host="app.internal")],
)


def by_member(view: BackendView) -> Iterator[Said]:
    if view.request.sni == "pool.internal":
        yield from named(view)


def test_both_readings_are_asked_for_and_missing_until_they_were() -> None:
    made = case(NAMED)
    (client,) = made.clients
    assert {client.attempt, *client.other_attempts} <= set(wanted_attempts(made))
    assert {client.attempt, *client.other_attempts} <= set(missing_attempts(made))
    assert made.outcome(client.attempt) == NOT_MADE
    assert missing_attempts(seen(NAMED)) == ()


def test_what_holds_by_both_readings_is_said_and_else_left_open() -> None:
    made = seen(NAMED)
    assert told(each_client(named)(made)) == [(f"SNI {HOST}", "clients", (HOST,))]

    def by_host(view: BackendView) -> Iterator[Said]:
        if view.request.sni == HOST:
            yield Match(f"{view.server} is wrong.", (), view.backend)

    ((because, concerns, _),) = told(each_client(by_host)(made))
    assert in_words(because) == (
        f"for clients' requests for {HOST}, Microsoft's pages disagree on the SNI; with SNI {HOST}:"
        " pool.internal is wrong. With SNI pool.internal that was not seen"
    )
    assert concerns == "clients"
    assert told(each_client(doubtful)(made)) == [("nobody knows pool.internal", "clients", ())]


def test_what_would_be_so_by_the_other_reading_alone_is_left_open_too() -> None:
    made = seen(NAMED)
    ((because, concerns, _),) = told(each_client(by_member)(made))
    assert "Microsoft's pages disagree" in because
    assert concerns == "clients"


# The view.


def test_the_gateways_word_is_of_the_probe_and_not_of_clients() -> None:
    made = seen()
    (probe_view,) = (BackendView(made, it) for it in made.backends)
    client_view = view_of(made, host="b.example")
    assert probe_view.server_health
    assert client_view.server_health is None
    assert (probe_view.request.sni, client_view.request.sni) == (HOST, "b.example")
    assert client_view.probe_request == probe_view.request
    assert client_view.attempt == replace(probe_view.attempt, sni="b.example", host="b.example")
    assert (probe_view.named_by_client, client_view.named_by_client) == (None, "b.example")


def test_an_outcome_is_that_of_the_request_that_is_looked_at() -> None:
    made = case(gateway(), by_sni={HOST: answered(APP), "b.example": answered(APP, status=404)})
    assert view_of(made, host="b.example").outcome == answered(APP, status=404)
    assert BackendView(made, made.backends[0]).outcome == answered(APP)
    other = Observation(view_of(made).attempt, answered(APP))
    assert view_of(replace(made, observations=(other,)), host="b.example").outcome == NOT_MADE
