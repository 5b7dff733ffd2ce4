"""Clients wait as long as the page was seen to need."""

from dataclasses import replace
from typing import Any

from bot.core.analysis.client_requests import client_requests
from bot.core.case.case import Case
from bot.core.case.view import BackendView
from bot.core.model.observation import Answered, NoResponse, Observation, Response
from bot.core.remedies.options.raise_request_timeout import OPTION
from tests.core.answers import SILENCE, replied, reply
from tests.core.make import APP, HOST, SERVER, document, handshake, item, probe
from tests.core.remedies.options.trying import best, carried_out, proposed, refused, trials

BASE = document(probes=[probe(path="/health")])
TWO = document(
    probes=[probe(path="/health")],
    httpListeners=[item("httpListeners", "site", protocol="Https", hostNames=[HOST, "b.example"])],
)


def live(*answers: tuple[Response | NoResponse, float], base: Any = BASE) -> Case:
    """The probe is answered; clients of each host get the next of these answers for `/`, and at once for the rest."""
    made = replied(reply(200), base, state="healthy")
    found = list(client_requests(BackendView(made, made.backends[0])))
    root = [it for it in found if it.way.path == "/"]
    seen = {
        it.attempt: Observation(it.attempt, Answered(SERVER, handshake(APP), http), seconds)
        for it, (http, seconds) in zip(root, answers, strict=True)
    }
    others = (it.attempt for it in found if it.way.path != "/")
    quick = {
        it: Observation(it, Answered(SERVER, handshake(APP), reply(200)), 0.1) for it in others
    }
    return replace(made, observations=(*made.observations, *(quick | seen).values()))


def test_twice_what_the_slowest_answer_took_is_recommended_and_undone() -> None:
    made = live((reply(200), 25.0), (reply(200), 31.4), base=TWO)
    assert best(made, TWO) == "raise_request_timeout"
    plan, changed = carried_out("raise_request_timeout", made, TWO)
    assert changed["backendHttpSettingsCollection"][0]["properties"]["requestTimeout"] == 64
    assert [(it.before, it.after) for it in plan.lines] == [("20", "64")]
    assert "it took 31.4 s" in proposed(OPTION, made, TWO).summary


def test_the_change_is_told_as_code() -> None:
    texts = dict(trials(live((reply(200), 25.0)), BASE)["raise_request_timeout"].as_code)
    assert "http-settings update" in texts["Azure CLI"]
    assert texts["Azure CLI"].rstrip().endswith("--timeout 50")
    assert "request_timeout = 50" in texts["Terraform"]


def test_never_more_than_four_minutes() -> None:
    assert "wait 240 s" in proposed(OPTION, live((reply(200), 200.0)), BASE).summary
    assert "has to become faster" in refused(OPTION, live((reply(200), 240.0)), BASE)


def test_is_only_for_answers_that_were_seen() -> None:
    assert "no answer" in refused(OPTION, live((reply(200), 20.0)), BASE)
    assert "no answer" in refused(OPTION, live((SILENCE, 30.0)), BASE)
    made = live((reply(200), 25.0), (SILENCE, 30.0), base=TWO)
    assert "another request was not answered" in refused(OPTION, made, TWO)
