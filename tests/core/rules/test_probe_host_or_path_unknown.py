from typing import Any

import pytest

from bot.core.case.finding import Match
from bot.core.case.rule import Rule
from bot.core.model.marked import plain
from bot.core.model.observation import Outcome
from bot.core.rules import probe_needs_sign_in
from bot.core.rules.probe_host_or_path_unknown import RULE
from tests.core.answers import NO_PROBE, SILENCE, replied, reply
from tests.core.asking import left_open, matches, quiet
from tests.core.clients import http, looked_at
from tests.core.clients import plain as plain_http
from tests.core.make import HOST, NOT_SEEN, blind
from tests.core.rewriting import rewrite, rewritten, when


@pytest.mark.parametrize("status", [400, 404, 410, 421])
def test_matches_and_names_host_and_path(status: int) -> None:
    (summary,) = matches(RULE, replied(reply(status)))
    assert summary == (
        f"10.1.5.11 answers the health probe (Host {HOST}, path /) with {status}: it does not know the"
        f" host {HOST} or the path."
    )


def test_names_the_host_that_works() -> None:
    (seen,) = RULE.check(replied(reply(404), under={"other.example": 200}))
    assert isinstance(seen, Match)
    assert "for other.example it answers" in plain(seen.summary)
    command = seen.evidence[2].command
    assert command is not None
    assert "https://other.example:443/" in command


def test_matches_the_default_probe_when_a_name_fails_as_well() -> None:
    assert matches(RULE, replied(reply(404), NO_PROBE, under={HOST: 404}))


def test_is_less_sure_when_the_gateway_is_content() -> None:
    (seen,) = RULE.check(replied(reply(404), state="healthy"))
    assert isinstance(seen, Match)
    assert seen.confidence == "medium"


def test_is_quiet_when_the_default_probe_is_to_blame_or_the_status_is_another() -> None:
    assert quiet(RULE, replied(reply(404), NO_PROBE))
    assert quiet(RULE, replied(reply(405)))
    assert quiet(RULE, replied(reply(200)))


@pytest.mark.parametrize("rule", [RULE, probe_needs_sign_in.RULE])
@pytest.mark.parametrize(
    ("start_page", "sites"), [(None, (HOST,)), (200, ()), (302, ()), (401, ()), (SILENCE, ())]
)
def test_names_the_site_whose_clients_are_turned_away_just_so(
    rule: Rule, start_page: Any, sites: tuple[str, ...]
) -> None:
    """They ask for the probe's page as the probe does; a page that they do get says that the site is there."""
    status = 404 if rule is RULE else 403

    def page(it: Any) -> Any:
        return status if start_page is None or it.path == "/health" else start_page

    (seen,) = rule.check(looked_at(http(), plain_http(page), state="unhealthy"))
    assert isinstance(seen, Match)
    assert (seen.concerns, seen.sites) == (("both", sites) if sites else (None, ()))


@pytest.mark.parametrize(("start_page", "sites"), [(404, (HOST,)), (200, ()), (SILENCE, ())])
def test_names_the_site_whose_clients_are_turned_away_by_each_reading(
    start_page: Any, sites: tuple[str, ...]
) -> None:
    """Some of them are sent to another page by a header that they may send: it has to be missing as well."""
    by_header = when("http_req_Authorization", "^Bearer")
    base = rewritten(rewrite("only", by_header, path="/for-some"))

    def page(it: Any) -> Any:
        return start_page if it.path == "/for-some" else 404

    (seen,) = RULE.check(looked_at(base, plain_http(page), state="unhealthy"))
    assert isinstance(seen, Match)
    assert (seen.concerns, seen.sites) == (("both", sites) if sites else (None, ()))


def test_names_no_site_that_nobody_asks_for_as_the_probe_does() -> None:
    base = http()
    base["properties"]["probes"][0]["properties"]["host"] = "app.internal"
    (seen,) = RULE.check(looked_at(base, plain_http(lambda it: 404)))
    assert isinstance(seen, Match)
    assert seen.sites == ()


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_answer_is_left_open(outcome: Outcome) -> None:
    assert "probe_status_unexpected" in left_open(RULE, blind(None, outcome))
