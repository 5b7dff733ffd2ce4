"""A page that is not there, where another one is."""

from dataclasses import replace

import pytest

from bot.core.case.case import Case
from bot.core.case.view import BackendView
from bot.core.model.observation import Answered, NotConnected, Observation
from bot.core.remedies.options.correct_probe_path import OPTION
from bot.core.remedies.what_if import attempts_to_judge
from tests.core.answers import NO_PROBE, replied, reply
from tests.core.make import APP, HOST, SERVER, document, handshake, probe, settings, what_if
from tests.core.remedies.options.trying import best, carried_out, proposed, refused, trials

HEALTH = document(probes=[probe(path="/healthz")])
STRICT = {"statusCodes": ["200"]}


def also(case: Case, path: str, status: int) -> Case:
    """The same request for another path was answered so."""
    attempt = replace(BackendView(case, case.backends[0]).probe_attempt, path=path)
    seen = Observation(attempt, Answered(SERVER, handshake(APP), reply(status)))
    return replace(case, observations=(*case.observations, seen))


def test_the_first_page_is_recommended_where_it_was_seen_to_answer() -> None:
    made = also(replied(reply(404), HEALTH), "/", 200)
    assert best(made, HEALTH) == "correct_probe_path"
    plan, changed = carried_out("correct_probe_path", made, HEALTH)
    assert changed["probes"][0]["properties"]["path"] == "/"
    assert [(it.before, it.after) for it in plan.lines] == [("/healthz", "/")]


def test_a_path_that_nobody_asked_for_is_asked_for_first() -> None:
    made = replied(reply(404), HEALTH)
    found = trials(made, HEALTH)
    assert "cannot be told" in found["correct_probe_path"].reason
    paths = {it.path for it in attempts_to_judge(what_if(made, HEALTH), found.values())}
    assert "/" in paths


def test_the_settings_own_path_comes_before_the_first_page() -> None:
    base = document(
        probes=[probe(path="/healthz")], backendHttpSettingsCollection=[settings(path="/shop/")]
    )
    made = also(also(replied(reply(404), base), "/", 200), "/shop/", 200)
    assert "ask for /shop/ instead" in proposed(OPTION, made, base).summary
    poor = also(also(replied(reply(404), base), "/", 200), "/shop/", 404)
    assert "ask for / instead" in proposed(OPTION, poor, base).summary


@pytest.mark.parametrize("location", ["/start?x=1", f"https://{HOST}/start"])
def test_follows_a_redirect_within_the_site(location: str) -> None:
    base = document(probes=[probe(match=STRICT)])
    made = also(replied(reply(302, location=location), base), "/start", 200)
    _, changed = carried_out("correct_probe_path", made, base)
    assert changed["probes"][0]["properties"]["path"] == "/start"


@pytest.mark.parametrize("location", [None, f"http://{HOST}/x", "https://sso.example/x", "x"])
def test_does_not_follow_a_redirect_out_of_it(location: str | None) -> None:
    base = document(probes=[probe(match=STRICT)])
    made = replied(reply(302, location=location), base)
    assert "no path is known" in refused(OPTION, made, base)


def test_is_not_for_a_failing_page_a_healthy_one_or_the_default_probe() -> None:
    assert "not what is wrong" in refused(OPTION, replied(reply(503), HEALTH), HEALTH)
    assert "not what is wrong" in refused(OPTION, replied(reply(200), HEALTH), HEALTH)
    made = replied(reply(401), NO_PROBE)
    assert "always asks for /" in refused(OPTION, made, NO_PROBE)
    poor = also(replied(reply(404), HEALTH), "/", 404)
    assert "no path is known" in refused(OPTION, poor, HEALTH)
    silent = replied(reply(404), HEALTH)
    attempt = replace(BackendView(silent, silent.backends[0]).probe_attempt, path="/")
    cut = Observation(attempt, NotConnected("timeout", SERVER, "silence"))
    silent = replace(silent, observations=(*silent.observations, cut))
    assert "no path is known" in refused(OPTION, silent, HEALTH)


@pytest.mark.parametrize(
    ("host", "path"), [("shop.azure-api.net", "/status-0123456789abcdef"), (HOST, "/")]
)
def test_api_management_is_asked_for_its_own_page_before_the_first_one(
    host: str, path: str
) -> None:
    base = document(probes=[probe(host=host, path="/healthz")])
    made = replied(reply(404), base)
    assert f"ask for {path} instead" in proposed(OPTION, made, base).summary
