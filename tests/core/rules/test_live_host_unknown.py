from dataclasses import replace
from typing import Any

import pytest

from bot.core.analysis.client_outcome import answer_outcome, client_outcome
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Match
from bot.core.model.health import HealthNotKnown
from bot.core.model.marked import plain
from bot.core.model.observation import Answered, Observation
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.trial import Trial
from bot.core.remedies.what_if import try_options
from bot.core.rules import RULES
from bot.core.rules.live_host_unknown import RULE
from tests.core.answers import replied, reply
from tests.core.asking import left_open, matches, quiet
from tests.core.clients import also_on_paper, errors, http, looked_at, views
from tests.core.clients import plain as plain_http
from tests.core.make import (
    APP,
    HOST,
    SERVER,
    blind,
    document,
    handshake,
    item,
    probe,
    v2_settings,
    what_if,
)


def v2(**changes: Any) -> Any:
    """A v2 gateway whose probe asks for another host name than its clients do."""
    ours: Any = {"probes": [probe(host="app.internal")]}
    settings: Any = {"backendHttpSettingsCollection": [v2_settings()]}
    return document(tier="Standard_v2", **(ours | settings | changes))


PROBED_ELSEWHERE = v2()
PLAIN_PROBE = [probe(protocol="Http", host="app.internal", path="/health")]
WELL = [("app.internal", "/"), ("app.internal", "/health")]
NO_PROBE = v2(backendHttpSettingsCollection=[v2_settings(probe=None)])


@pytest.mark.parametrize("status", [400, 404, 421, 502])
def test_matches_when_the_clients_host_name_is_turned_down(status: int) -> None:
    (summary,) = matches(RULE, replied(reply(200), PROBED_ELSEWHERE, under={HOST: status}))
    assert summary == (
        f"10.1.5.11 knows the host app.internal, but answers clients of {HOST} with {status}: they are"
        f" forwarded with Host {HOST}."
    )


def test_a_site_that_is_forbidden_may_be_so_from_here_alone() -> None:
    """Another host of the same server is answered on the same path; App Service restricts each app by itself."""
    made = replied(reply(200), PROBED_ELSEWHERE, under={HOST: 403})
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    assert f"answers clients of {HOST} with 403" in plain(seen.summary)
    assert seen.confidence == "medium"
    assert any("ask from a machine in its network" in plain(it.text) for it in seen.evidence)
    assert {answer_outcome(it).word for it in views(made)} == {"unknown_host"}
    assert RULE.guide is not None
    steps = [plain(it.text) for it in RULE.guide.steps(made, seen)]
    assert any("admits callers by their address" in it for it in steps)


@pytest.mark.parametrize("status", [401, 407, 429])
def test_is_quiet_where_who_signs_in_or_waits_gets_further(status: int) -> None:
    assert quiet(RULE, replied(reply(200), PROBED_ELSEWHERE, under={HOST: status}))


def test_matches_though_a_path_override_is_wrong_as_well() -> None:
    """Neither the host nor the path alone is what is wrong, so each is compared where the other is right."""
    base = http(path="/gone/", hostName="typo.internal", top={"probes": PLAIN_PROBE})
    server = plain_http(lambda it: 200 if (it.host, it.path) in WELL else 404)
    made = looked_at(base, server)
    assert {it.rule for it in errors(made)} == {"live_host_unknown", "path_override_unknown"}
    assert {client_outcome(it).word for it in views(made)} == {"unknown_host"}
    (match,) = RULE.check(made)
    assert isinstance(match, Match)
    assert plain(match.evidence[0].text) == "path /health with Host typo.internal: 404"
    # One alone is not enough, and both together are.
    found = {it.option.id: it for it in on_paper(made, base, server)}
    pair = found["set_host_name"]
    assert (pair.works, pair.together_with) == (True, "clear_path_override")


def test_is_quiet_where_the_answer_says_that_the_port_is_for_tls() -> None:
    made = replied(reply(200), PROBED_ELSEWHERE, under={HOST: 400})
    page = reply(400, "The plain HTTP request was sent to HTTPS port")
    told = tuple(
        replace(it, outcome=Answered(SERVER, handshake(APP), page))
        if it.attempt.host == HOST
        else it
        for it in made.observations
    )
    assert quiet(RULE, replace(made, observations=told))


def test_the_default_probe_may_hide_it() -> None:
    assert matches(RULE, replied(reply(200), NO_PROBE, under={HOST: 404}))


def test_is_quiet_when_the_client_is_answered() -> None:
    assert quiet(RULE, replied(reply(200), PROBED_ELSEWHERE, under={HOST: 401}))


def test_is_quiet_when_the_probe_fails_as_well() -> None:
    assert quiet(RULE, replied(reply(404), PROBED_ELSEWHERE, under={HOST: 404}))


def on_paper(made: Case, base: Any, page: Any) -> tuple[Trial, ...]:
    seen = also_on_paper(made, base, page)
    return try_options(what_if(seen, base), diagnose(seen, RULES), OPTIONS)


def test_matches_on_the_probes_own_path_and_says_which_sites_suffer() -> None:
    """Clients are also asked for the probe's own path, so that only the host differs."""
    two = [item("httpListeners", "site", protocol="Https", hostNames=[HOST, "b.contoso.com"])]
    health = v2(probes=[probe(host="app.internal", path="/health")], httpListeners=two)
    unknown = {HOST: 404, "b.contoso.com": 404}
    (seen,) = RULE.check(replied(reply(200), health, under=unknown))
    assert isinstance(seen, Match)
    assert (seen.concerns, seen.sites) == ("clients", (HOST, "b.contoso.com"))
    assert [plain(it.text) for it in seen.evidence] == [
        f"path /health with Host {HOST}: 404",
        "the same path with Host app.internal is answered",
        "https decides the Host header of clients' requests",
        f"clients' requests for {HOST}: HTTPS to port 443, SNI {HOST}, Host {HOST}, path /health",
        "the health probe: HTTPS to port 443, SNI app.internal, Host app.internal, path /health",
    ]


def test_is_quiet_when_only_another_path_is_answered_for_another_host() -> None:
    health = v2(probes=[probe(host="app.internal", path="/health")])
    made = replied(reply(200), health)
    (root,) = (it for it in made.clients if it.way.path == "/")
    seen = Observation(root.attempt, Answered(SERVER, handshake(APP), reply(404)))
    assert quiet(RULE, replace(made, observations=(*made.observations, seen)))


def test_is_quiet_where_clients_are_forwarded_with_the_probes_own_host() -> None:
    """What that host is answered is the health probe's own matter."""
    same = v2(probes=[probe()])
    assert quiet(RULE, replied(reply(404), same, under={"other.internal": 200}))


def test_is_quiet_where_the_settings_send_the_probes_name_or_the_listener_is_a_pattern() -> None:
    fixed = v2(backendHttpSettingsCollection=[v2_settings(hostName="app.internal")])
    assert quiet(RULE, replied(reply(200), fixed, under={HOST: 404}))
    pattern = v2(
        httpListeners=[item("httpListeners", "site", protocol="Https", hostName="*.contoso.com")],
    )
    assert quiet(RULE, replied(reply(200), pattern, under={HOST: 404}))


def test_a_missing_answer_to_the_clients_host_accuses_nobody() -> None:
    unknown = HealthNotKnown("no permission")
    assert quiet(RULE, replied(reply(200), PROBED_ELSEWHERE))
    assert left_open(RULE, replied(reply(200), health=unknown)) == {"gateway_reports_unhealthy"}
    assert "gateway_reports_unhealthy" in left_open(RULE, blind(PROBED_ELSEWHERE))
