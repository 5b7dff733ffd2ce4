from typing import Any

import pytest

from bot.core.case.finding import Match
from bot.core.model.marked import plain as in_words
from bot.core.model.observation import Outcome
from bot.core.rules.path_override_unknown import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.clients import SECOND, by_path, errors, http, looked_at, plain
from tests.core.make import HOST, NOT_SEEN, blind, document, probe, v2_settings

MOVED = http(path="/gone/")
KNOWN = ("/", "/health")


def answers(*known: str, otherwise: int = 404) -> Any:
    return plain(lambda it: 200 if it.path in known else otherwise)


def test_matches_where_the_path_that_clients_ask_for_is_answered_without_the_override() -> None:
    made = looked_at(MOVED, answers(*KNOWN))
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    assert in_words(seen.summary) == (
        f"Clients' requests for {HOST}/health reach 10.1.5.11 as /gone/health, which it does not have:"
        " https overrides the path."
    )
    assert (seen.concerns, seen.sites) == ("clients", (HOST,))
    assert [in_words(it.text) for it in seen.evidence][:3] == [
        "path /gone/health is not found there",
        "path /health, without the override: 200",
        "the override is /gone/",
    ]
    assert [it.rule for it in errors(made)] == ["path_override_unknown"]


def test_matches_the_path_of_a_path_rule_whose_pattern_the_override_replaces() -> None:
    made = http(path="/gone/", top=by_path("/api/*"))
    found = matches(RULE, looked_at(made, answers("/health", "/api/")))
    assert [it.partition(", which")[0] for it in found] == [
        f"Clients' requests for {HOST}/health reach 10.1.5.11 as /gone/health",
        f"Clients' requests for {HOST}/api/ reach {SECOND} as /gone/",
    ]


def test_is_quiet_where_the_new_path_is_known_or_fails_otherwise() -> None:
    assert quiet(RULE, looked_at(MOVED, answers(*KNOWN, "/gone/", "/gone/health")))
    assert quiet(RULE, looked_at(MOVED, answers(*KNOWN, otherwise=500)))


def test_is_quiet_where_the_page_is_unknown_without_the_override_too() -> None:
    probed = looked_at(MOVED, answers("/health"))
    assert matches(RULE, probed)
    assert quiet(RULE, looked_at(MOVED, answers()))


def test_is_quiet_without_an_override_and_where_it_changes_nothing() -> None:
    assert quiet(RULE, looked_at(http(), answers("/health")))
    assert quiet(RULE, looked_at(http(path="/"), answers("/health")))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_answer_without_the_override_accuses_nobody(outcome: Outcome) -> None:
    unseen = looked_at(
        MOVED, plain(lambda it: 404 if str(it.path).startswith("/gone") else outcome)
    )
    assert quiet(RULE, unseen)
    assert left_open(RULE, blind(MOVED, outcome))


def test_both_readings_of_microsofts_pages_are_looked_at() -> None:
    """v2, a named member, and no host name in the settings: which SNI clients' requests get is not certain."""
    base = document(
        tier="Standard_v2",
        servers=("pool.internal",),
        backendHttpSettingsCollection=[v2_settings(path="/gone/")],
        probes=[probe(path="/health", host="app.internal")],
    )
    made = looked_at(base, lambda it: 200 if it.path in KNOWN else 404)
    assert made.clients[0].others
    assert len(matches(RULE, made)) == 1
