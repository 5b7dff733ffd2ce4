from typing import Any

import pytest

from bot.core.case.case import Case
from bot.core.case.finding import Match
from bot.core.model.marked import plain as in_words
from bot.core.model.observation import NotConnected, Outcome
from bot.core.rules.client_port_differs import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.clients import errors, looked_at, plain
from tests.core.make import HOST, NOT_SEEN, SERVER, blind, document, probe, settings
from tests.core.rewriting import rewrite, rewritten

PROBED, CLIENTS = 8080, 80


def ports(probed: int = PROBED, clients: int = CLIENTS) -> Any:
    """The probe has a port of its own."""
    plainly: Any = {"protocol": "Http", "authenticationCertificates": []}
    return document(
        tier="Standard_v2",
        backendHttpSettingsCollection=[settings(port=clients, **plainly)],
        probes=[probe(protocol="Http", port=probed, path="/health")],
    )


def seen(on_clients_port: Any, on_probed: Any = 200, base: Any = None) -> Case:
    """What clients get at their port, and what the other one answers."""
    made = ports() if base is None else base
    return looked_at(made, plain(lambda it: on_clients_port if it.port == CLIENTS else on_probed))


def test_matches_where_the_probes_port_has_what_clients_ask_for() -> None:
    made = seen(404)
    (found,) = RULE.check(made)
    assert isinstance(found, Match)
    assert in_words(found.summary) == (
        f"10.1.5.11 does not have {HOST} on port 80, where https sends clients, but on port 8080, which the"
        " health probe asks."
    )
    assert (found.concerns, found.sites) == ("clients", (HOST,))
    assert [in_words(it.text) for it in found.evidence][:3] == [
        f"port 80, Host {HOST}, path /health: not found",
        "the same on port 8080: 200",
        "the port of https is 80",
    ]
    assert [it.rule for it in errors(made)] == ["client_port_differs"]


@pytest.mark.parametrize("status", [400, 410, 421])
def test_matches_whatever_a_server_says_of_what_it_does_not_have(status: int) -> None:
    assert matches(RULE, seen(status))


def test_matches_where_the_clients_host_is_not_known_at_either_port() -> None:
    """Then the health probe's own host shows that the port is wrong: what it finds at one port is not at the other."""
    base = ports()
    base["properties"]["probes"][0]["properties"]["host"] = "app.internal"

    def page(it: Any) -> Any:
        return 200 if (it.port, it.host) == (PROBED, "app.internal") else 404

    made = looked_at(base, plain(page))
    (found,) = RULE.check(made)
    assert isinstance(found, Match)
    assert in_words(found.summary) == (
        f"10.1.5.11 does not have {HOST} on port 80, where https sends clients, but on port 8080, which the"
        " health probe asks for Host app.internal."
    )
    assert [in_words(it.text) for it in found.evidence][:2] == [
        "port 80, Host app.internal, path /health: not found",
        "the same on port 8080: 200",
    ]
    at_both = plain(lambda it: 200 if it.host == "app.internal" else 404)
    assert quiet(RULE, looked_at(base, at_both))


def test_matches_where_host_port_and_path_of_clients_are_all_wrong() -> None:
    base = ports()
    base["properties"]["probes"][0]["properties"]["host"] = "app.internal"
    base["properties"]["backendHttpSettingsCollection"][0]["properties"]["path"] = "/v0/"
    right = (PROBED, "app.internal", "/health")
    made = looked_at(base, plain(lambda it: 200 if (it.port, it.host, it.path) == right else 404))
    (found,) = RULE.check(made)
    assert isinstance(found, Match)
    assert in_words(found.summary).endswith(
        "which the health probe asks for Host app.internal and path /health."
    )
    assert [in_words(it.text) for it in found.evidence][:2] == [
        "port 80, Host app.internal, path /health: not found",
        "the same on port 8080: 200",
    ]


def test_matches_where_a_rewrite_rule_makes_a_page_of_it_that_is_at_neither_port() -> None:
    """The health probe's own request shows the port; where the site is at both, the rewrite rule alone is at fault."""
    own = [probe(protocol="Http", port=PROBED, path="/health", host="app.internal")]
    base = rewritten(rewrite("old", path="/v1{var_uri_path}"), top={"probes": own})

    def page(*ports: int) -> Any:
        return plain(lambda it: 200 if (it.port in ports and it.path == "/health") else 404)

    made = looked_at(base, page(PROBED))
    (found,) = RULE.check(made)
    assert isinstance(found, Match)
    assert in_words(found.summary).endswith(
        "which the health probe asks for Host app.internal and path /health."
    )
    assert [in_words(it.text) for it in found.evidence][:2] == [
        "port 80, Host app.internal, path /health: not found",
        "the same on port 8080: 200",
    ]
    assert [it.rule for it in errors(made)] == ["client_port_differs"]
    assert [it.rule for it in errors(looked_at(base, page(PROBED, CLIENTS)))] == [
        "rewrite_breaks_request"
    ]


@pytest.mark.parametrize("start_page", [200, 302, 401])
def test_is_quiet_where_clients_lack_the_probes_page_alone(start_page: int) -> None:
    """Like the management port of an application."""
    page = plain(lambda it: 200 if it.port == PROBED else start_page if it.path == "/" else 404)
    made = looked_at(ports(), page)
    assert quiet(RULE, made)
    assert errors(made) == []


def test_is_quiet_where_clients_are_answered_or_fail_otherwise() -> None:
    refused = NotConnected("refused", SERVER, "connection refused")
    for said in (200, 401, 503, refused):
        assert quiet(RULE, seen(said))


def test_is_quiet_where_the_probes_port_does_not_have_it_either() -> None:
    base = ports()
    page = plain(lambda it: 200 if (it.port, it.path) == (PROBED, "/health-of-others") else 404)
    assert quiet(RULE, looked_at(base, page))
    assert quiet(RULE, seen(404, on_probed=500))


def test_is_quiet_where_the_probe_asks_the_same_port() -> None:
    assert quiet(RULE, looked_at(ports(CLIENTS), plain(lambda it: 404)))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_answer_at_the_probes_port_accuses_nobody(outcome: Outcome) -> None:
    assert quiet(RULE, seen(404, on_probed=outcome))
    assert quiet(RULE, seen(outcome))
    assert left_open(RULE, blind(ports(), outcome))
