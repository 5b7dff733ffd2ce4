"""What clients get of each site, and who suffers."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.core.analysis.addresses import with_chosen_addresses
from bot.core.analysis.follow_up_probes import ROUNDS, further_attempts
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.model.health import BackendHealth
from bot.core.model.observation import (
    Answered,
    NoResponse,
    NotConnected,
    Observation,
    Response,
)
from bot.core.report.client_facts import (
    ClientFacts,
    client_facts,
    client_json,
)
from bot.core.report.report import to_json
from bot.core.report.reporting import make_report
from bot.core.report.suffering import who_suffers
from bot.core.rules import RULES
from bot.core.rules.gateway_stopped import RULE as GATEWAY_STOPPED
from tests.core.asking import quiet
from tests.core.clients import SECOND, by_path, http, looked_at, plain
from tests.core.make import (
    APP,
    HOST,
    ILB,
    NOW,
    SERVER,
    answered,
    case,
    document,
    item,
    probe,
    rule,
)
from tests.core.naming import NO_NAME, A, B, judged
from tests.core.plainly import plainly

TWO = (SERVER, SECOND)


def facts(made: Case) -> list[ClientFacts]:
    return list(plainly(client_facts(made)))


def pools(*servers: str, **changes: Any) -> Any:
    return {
        "backendAddressPools": [
            item(
                "backendAddressPools",
                "pool",
                backendAddresses=[{"ipAddress": it} for it in servers],
                **changes,
            )
        ]
    }


def row(site: str, outcome: Any, status: int | None, served: bool | None) -> ClientFacts:
    """One row of a site."""
    (first, *_) = client_facts(case(http()))
    return replace(first, site=site, word=outcome, status=status, served=served)


def test_each_request_of_a_client_is_told_with_what_the_server_is_asked() -> None:
    made = looked_at(
        http(hostName="app.internal"), plain(lambda it: 200 if it.path == "/health" else 503)
    )
    probed, root = facts(made)
    assert (probed.path, probed.word, probed.served) == ("/health", "answered", True)
    assert json.loads(json.dumps(client_json(root))) == {
        "listener": "site",
        "host": HOST,
        "path": "/",
        "site": HOST,
        "host_known_from": "listener",
        "pool": "pool",
        "http_settings": "https",
        "server": SERVER,
        "request": {
            "protocol": "http",
            "sni": None,
            "host": "app.internal",
            "port": 80,
            "path": "/",
        },
        "outcome": "application_error",
        "served": False,
        "status": 503,
        "because": "it answers 503",
        "sometimes": False,
        "passed_by": False,
    }


def test_the_sni_is_told_where_there_is_one() -> None:
    (only,) = facts(case(document(servers=("pool.internal",))))
    assert only.request
    assert (only.request.protocol, only.request.sni) == ("https", "pool.internal")


def test_clients_do_not_get_to_a_server_whose_probe_fails() -> None:
    """But to the others, whose answers they get."""
    made = looked_at(
        http(top=pools(*TWO)),
        plain(lambda it: 500 if it.server == SECOND else 200),
        state="unknown",
    )
    served = {it.server: (it.word, it.served) for it in facts(made) if it.path == "/health"}
    assert served == {SERVER: ("answered", True), SECOND: ("not_tried", None)}
    (sick, *_) = [it for it in facts(made) if it.server == SECOND]
    assert sick.because == (
        "its health probe fails, so clients go to other servers; sent to 10.1.5.12 all the same: it answers 500"
    )


@pytest.mark.parametrize(
    ("state", "servers", "word"),
    [
        ("unknown", TWO, "not_tried"),
        ("healthy", TWO, "gateway_502"),
        ("unknown", (SECOND,), "gateway_502"),
    ],
)
def test_a_server_whose_probe_may_still_succeed_may_be_out_of_rotation(
    state: Any, servers: tuple[str, ...], word: str
) -> None:
    """It was waited for longer than clients' requests may take, and less long than the health probe does."""
    silent = NoResponse("timeout", "no HTTP response within 25.0 s")
    made = looked_at(
        http(top=pools(*servers)),
        plain(lambda it: silent if it.server == SECOND else 200),
        state=state,
    )
    late = tuple(
        replace(it, seconds=25.0) if it.attempt.server == SECOND else it for it in made.observations
    )
    rows = [it for it in facts(replace(made, observations=late)) if it.server == SECOND]
    assert {it.word for it in rows} == {word}
    assert all("within 25.0 s" in it.because for it in rows)
    assert ("whether its health probe succeeds" in rows[0].because) is (word == "not_tried")


def test_a_name_with_a_failing_address_may_be_out_of_rotation() -> None:
    """Where other servers answer, and nobody says which address the gateway probes, it is not known."""
    second = {"ipAddress": SECOND}
    refused = NotConnected("refused", "10.9.9.9", "connection refused")
    page = plain(lambda it: refused if it.server == "10.9.9.9" else 200)

    def got(state: Any, *others: Any) -> set[Any]:
        members = [{"fqdn": "web.internal"}, *others]
        pool = item("backendAddressPools", "pool", backendAddresses=members)
        base = http(top={"backendAddressPools": [pool]})
        made = looked_at(base, page, state=state)
        first = tuple(
            replace(it, addresses=("10.9.9.8", "10.9.9.9"))
            if it.attempt.server == "web.internal"
            else it
            for it in made.observations
        )
        made = replace(made, observations=first)
        for _ in range(ROUNDS):
            more = further_attempts(with_chosen_addresses(made))
            seen = (Observation(it, as_outcome(page(it))) for it in more)
            made = replace(made, observations=(*made.observations, *seen))
        made = with_chosen_addresses(made)
        return {(it.word, it.served) for it in facts(made) if it.server == "web.internal"}

    assert got("unknown", second) == {("not_tried", None)}
    assert got("unknown") == {("gateway_502", False)}
    assert got("healthy", second) == {("gateway_502", False)}


def as_outcome(said: Any) -> Any:
    return (
        said if isinstance(said, NotConnected) else Answered(SERVER, None, Response(said, None, ""))
    )


REFUSED = NotConnected("refused", SECOND, "connection refused")


@pytest.mark.parametrize(
    ("floor", "state", "words"),
    [
        # The gateway says which servers it calls healthy: clients are sent there, whatever they answer.
        (1, "healthy", {"gateway_502"}),
        (0, "unknown", {"not_tried"}),
        # Of some of a pool nobody says which; all are all.
        (1, "unknown", {"not_tried"}),
        (2, "unknown", {"gateway_502"}),
    ],
)
def test_a_server_that_is_kept_healthy_gets_clients(floor: int, state: Any, words: Any) -> None:
    probes = [probe(protocol="Http", path="/health", minServers=floor)]
    base = http(top=pools(*TWO) | {"probes": probes})
    made = looked_at(base, plain(lambda it: REFUSED if it.server == SECOND else 200), state=state)
    assert isinstance(made.health, BackendHealth)
    one_down = replace(made.health, servers=made.health.servers[1:]) if floor == 1 else made.health
    made = replace(made, health=one_down)
    second = [it for it in facts(made) if it.server == SECOND]
    assert {it.word for it in second} == words
    # Who may be kept in rotation is not passed by for certain.
    assert all(it.passed_by is (floor == 0) for it in second)


def test_where_no_server_passes_its_probe_clients_get_502_whatever_the_servers_say() -> None:
    made = looked_at(http(top=pools(*TWO)), plain(lambda it: 200), state="unhealthy")
    assert {(it.word, it.status, it.served) for it in facts(made)} == {("gateway_502", 502, False)}
    assert facts(made)[0].because == (
        "no server of pool pool passes its health probe; sent to 10.1.5.11 all the same: it answers 200"
    )


@pytest.mark.parametrize(
    ("floor", "said", "words"),
    [
        (1, {"/health": 500}, {"not_tried"}),
        (0, {"/health": 500}, {"gateway_502"}),
        # Whichever server is kept in rotation, its clients get no page.
        (1, {"/health": 500, "/": 500}, {"application_error"}),
    ],
)
def test_where_no_server_passes_its_probe_one_may_be_kept_in_rotation(
    floor: int, said: dict[str, int], words: set[str]
) -> None:
    probes = [probe(protocol="Http", path="/health", minServers=floor)]
    base = http(top=pools(*TWO) | {"probes": probes})
    made = looked_at(base, plain(lambda it: said.get(it.path or "", 200)), state="unknown")
    start = [it for it in facts(made) if it.path == "/"]
    assert {it.word for it in start} == words
    assert ("kept in rotation all the same" in start[0].because) is bool(floor)
    assert not any(it.passed_by for it in start)
    assert {it.served for it in start} == {None if words == {"not_tried"} else False}


def test_a_name_with_an_address_that_fails_does_not_serve_clients() -> None:
    (it,) = facts(judged({A: answered(APP), B: answered(ILB)}, (A, B), state="healthy"))
    assert (it.word, it.status, it.served) == ("gateway_502", 502, False)
    assert it.because == f"requests that go to {B} fail, of all addresses of its name"
    assert it.sometimes
    (it,) = facts(judged({A: answered(APP), B: answered(APP)}, (A, B), state="healthy"))
    assert (it.word, it.served) == ("answered", True)


@pytest.mark.parametrize(
    ("floor", "there", "word"),
    [(1, NO_NAME, "gateway_502"), (1, (A,), "answered"), (0, NO_NAME, "answered")],
)
def test_a_name_without_an_address_there_serves_nobody_although_it_is_kept_healthy(
    floor: int, there: Any, word: str
) -> None:
    base = document(servers=(HOST,), probes=[probe(minServers=floor)])
    made = judged({A: answered(APP)}, (A,), there=there, base=base, state="healthy")
    (it,) = facts(made)
    assert it.word == word
    assert ("have no address for" in it.because) is (word == "gateway_502")


def test_an_empty_pool_gives_502_and_one_whose_members_are_not_known_nothing_known() -> None:
    (empty,) = facts(case(document(servers=())))
    assert (empty.server, empty.request, empty.word, empty.status, empty.served) == (
        None,
        None,
        "gateway_502",
        502,
        False,
    )
    assert empty.because == "pool pool has no members"
    assert client_json(empty)["request"] is None
    attached = {"backendIPConfigurations": [{"id": "/nic/ipConfigurations/one"}]}
    (unknown,) = facts(case(document(**pools(**attached))))
    assert (unknown.word, unknown.served) == ("not_tried", None)
    assert unknown.because == "the members of pool are not known"


def test_a_rule_that_leads_nowhere_gives_502() -> None:
    (lost,) = facts(case(document(requestRoutingRules=[rule(backendHttpSettings=None)])))
    assert (lost.pool, lost.http_settings, lost.server) == (None, None, None)
    assert (lost.word, lost.status, lost.served) == ("gateway_502", 502, False)
    assert lost.because == "rule rule leads nowhere for it"


WELL, WRONG = answered(APP), answered(ILB)


@pytest.mark.parametrize(
    ("here", "there", "state", "word", "served"),
    [
        # The address that fails is ours alone: no client of the gateway is sent there.
        (WRONG, WELL, "healthy", "answered", True),
        (WRONG, WELL, "unknown", "answered", True),
        (WELL, WRONG, "unhealthy", "gateway_502", False),
        (WELL, WRONG, "unknown", "gateway_502", False),
        # The gateway and we see different things at one address.
        (WELL, WRONG, "healthy", "not_tried", None),
    ],
)
def test_only_an_address_that_the_gateway_uses_is_met_by_clients(
    here: Any, there: Any, state: Any, word: str, served: bool | None
) -> None:
    made = judged({A: here, B: there}, (A,), there=(B,), state=state)
    (it,) = facts(made)
    assert (it.word, it.served, it.sometimes) == (word, served, False)
    verdict = diagnose(made, RULES).verdict
    assert (verdict == "fault") is (it.served is False)


@pytest.mark.parametrize(
    ("state", "stopped"),
    [
        ("Stopped", True),
        ("Stopping", True),
        ("stopped", True),
        ("Starting", True),
        ("Running", False),
        ("Unknown", False),
    ],
)
def test_a_gateway_that_does_not_run_serves_nobody(state: str, stopped: bool) -> None:
    base = http(top={"operationalState": state})
    made = looked_at(base, plain(lambda it: 200))
    assert made.gateway.is_down is stopped
    assert (not quiet(GATEWAY_STOPPED, made)) is stopped
    found = facts(made)
    assert all(it.served is not stopped for it in found)
    said = who_suffers(found, stopped=stopped)
    assert (said == "The gateway does not run, so no client gets an answer.") is stopped


@pytest.mark.parametrize(
    ("outcome", "status", "gets"),
    [
        ("gateway_502", 502, "get 502"),
        ("gateway_504", 504, "get 504"),
        ("application_error", 503, "get 503"),
        ("unknown_host", 404, "get 404, because their host is not known there"),
        ("leaves_gateway", 302, "get no page, only a redirect (302)"),
        ("other_site", 200, "get another site's answer"),
        ("application_error", None, "get an error"),
    ],
)
def test_who_suffers_and_how(outcome: Any, status: int | None, gets: str) -> None:
    assert said(row("a.example", outcome, status, served=False)) == f"Clients of a.example {gets}."


def said(*rows: ClientFacts, at_fault: tuple[str, ...] = ()) -> str:
    return str(plainly(who_suffers(rows, at_fault)))


def test_clients_of_the_tcp_and_tls_proxy_are_not_forgotten_where_its_server_is_at_fault() -> None:
    served = row("a.example", "answered", 200, served=True)
    one = plainly(who_suffers([served], proxied=("db",)))
    assert one == "a.example is served; what clients of TCP/TLS listener db get was not seen."
    two = plainly(who_suffers([], proxied=("db", "mail")))
    assert two == "What clients of TCP/TLS listeners db, mail get was not seen."


def test_sites_that_fare_alike_are_told_together() -> None:
    found = [
        row("a.example", "gateway_502", 502, served=False),
        row("b.example", "answered", 200, served=True),
        row("c.example", "gateway_502", 502, served=False),
        row("d.example", "not_tried", None, served=None),
        row("e.example", "answered", 200, served=True),
    ]
    assert said(*found) == (
        "Clients of a.example, c.example get 502; b.example, e.example are served; what clients of"
        " d.example get was not seen."
    )
    assert said(found[1]).endswith("b.example is served.")


def test_a_site_that_only_some_servers_serve_suffers_sometimes() -> None:
    found = [
        row("a.example", "answered", 200, served=True),
        row("a.example", "gateway_502", 502, served=False),
        row("a.example", "not_tried", None, served=None),
    ]
    assert said(*found) == "Clients of a.example sometimes get 502."


def test_only_some_pages_of_a_site_are_named_where_the_others_are_served() -> None:
    well = replace(row("a.example", "answered", 200, served=True), path="/health")
    ill = replace(row("a.example", "application_error", 500, served=False), path="/")
    assert said(well, ill) == "Clients of a.example/ get 500."


def test_an_address_that_fails_is_met_sometimes() -> None:
    bad = replace(row("a.example", "gateway_502", 502, served=False), sometimes=True)
    assert said(bad) == "Clients of a.example sometimes get 502."


def test_many_sites_are_counted() -> None:
    found = [row(f"s{it}.example", "gateway_502", 502, served=False) for it in range(5)]
    assert "s2.example and 2 more get 502" in said(*found)
    assert "s3.example" not in said(*found)


def test_nothing_is_said_of_nobody() -> None:
    assert said() == ""


def test_an_unknown_path_counts_only_where_a_fault_of_that_site_was_found() -> None:
    lost = row("a.example", "unknown_path", 404, served=None)
    turned_away = "Clients of a.example get 404 on /health from the application, as far as asked."
    assert said(lost) == turned_away
    assert said(lost, at_fault=("a.example",)) == "Clients of a.example get 404."
    assert said(lost, at_fault=("b.example",)) == turned_away
    silent = row("a.example", "unknown_path", None, served=None)
    assert said(silent, lost) == turned_away


def test_the_report_tells_all_of_it() -> None:
    page = plain(lambda it: 503 if it.server == SECOND and it.path != "/health" else 200)
    made = looked_at(http(top=by_path("/api/*")), page)
    report = make_report(made, diagnose(made, RULES), (), RULES, NOW)
    assert plainly(report.suffering) == f"Clients of {HOST}/api/* get 503; {HOST} is served."
    document_: Any = json.loads(json.dumps(to_json(report)))
    assert document_["suffering"] == f"Clients of {HOST}/api/* get 503; {HOST} is served."
    assert [(it["site"], it["outcome"]) for it in document_["clients"]] == [
        (HOST, "answered"),
        (f"{HOST}/api/*", "application_error"),
        (HOST, "answered"),
    ]
    (fault,) = (it for it in document_["findings"] if it["severity"] == "error")
    assert (fault["rule"], fault["concerns"], fault["sites"]) == (
        "client_request_failing",
        "clients",
        [f"{HOST}/api/*"],
    )


def test_the_report_counts_an_unknown_path_of_a_site_at_fault() -> None:
    made = looked_at(http(path="/gone/"), plain(lambda it: 404 if "gone" in str(it.path) else 200))
    report = make_report(made, diagnose(made, RULES), (), RULES, NOW)
    assert plainly(report.suffering) == f"Clients of {HOST} get 404."
