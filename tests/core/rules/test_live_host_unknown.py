from dataclasses import replace
from typing import Any

import pytest

from bot.core.model.health import HealthNotKnown
from bot.core.model.observation import Answered
from bot.core.rules.live_host_unknown import RULE
from tests.core.answers import replied, reply
from tests.core.asking import left_open, matches, quiet
from tests.core.make import APP, HOST, SERVER, blind, document, handshake, item, probe, v2_settings


def v2(**changes: Any) -> Any:
    """A v2 gateway whose probe asks for another host name than its clients do."""
    ours: Any = {"probes": [probe(host="app.internal")]}
    settings: Any = {"backendHttpSettingsCollection": [v2_settings()]}
    return document(tier="Standard_v2", **(ours | settings | changes))


PROBED_ELSEWHERE = v2()
NO_PROBE = v2(backendHttpSettingsCollection=[v2_settings(probe=None)])


@pytest.mark.parametrize("status", [400, 404, 421, 502])
def test_matches_when_the_clients_host_name_is_turned_down(status: int) -> None:
    (summary,) = matches(RULE, replied(reply(200), PROBED_ELSEWHERE, under={HOST: status}))
    assert summary == (
        f"10.1.5.11 is healthy for the probe's host app.internal, but answers clients of {HOST} with"
        f" {status}: they are forwarded with Host {HOST}."
    )


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


def test_proves_nothing_when_the_probe_asks_for_another_path() -> None:
    health = v2(probes=[probe(host="app.internal", path="/health")])
    assert quiet(RULE, replied(reply(200), health, under={HOST: 404}))


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
