from dataclasses import replace
from typing import Any

import pytest

from bot.core.analysis.client_outcome import client_outcome
from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Match
from bot.core.case.view import view_of
from bot.core.model.observation import (
    Answered,
    NoResponse,
    NotConnected,
    Observation,
    Response,
)
from bot.core.routing.gateway_request import client_request
from bot.core.rules import RULES
from bot.core.rules.request_timed_out import RULE
from tests.core.answers import SILENCE, replied, reply
from tests.core.asking import doubts, matches, quiet
from tests.core.make import APP, HOST, SERVER, document, handshake, probe

HEALTH = document(probes=[probe(path="/health")])


def live(http: Response | NoResponse, seconds: float, made: Any = HEALTH) -> Any:
    base = replied(reply(200), made)
    (backend,) = base.backends
    attempt = client_request(base.gateway, backend, HOST).to(SERVER)
    seen = Observation(attempt, Answered(SERVER, handshake(APP), http), seconds)
    return replace(base, observations=(*base.observations, seen))


def test_matches_an_answer_that_comes_too_late() -> None:
    (summary,) = matches(RULE, live(reply(200), 21.0))
    assert summary == (
        f"10.1.5.11 does not answer clients of {HOST} (path /) within the 20 s that https allows, so they"
        " get 502."
    )


def test_on_v2_clients_get_504() -> None:
    v2 = document(tier="Standard_v2", probes=[probe(path="/health")])
    assert "they get 504" in matches(RULE, live(SILENCE, 20.0, v2))[0]


def test_a_slow_page_that_is_still_in_time_for_the_probe_is_too_slow_for_clients() -> None:
    assert matches(RULE, replied(reply(200), seconds=25.0))


def test_is_undecided_when_we_waited_less_than_the_settings_allow() -> None:
    assert "https allows 20 s" in doubts(RULE, live(SILENCE, 10.0))[0]


def test_is_quiet_in_time_and_where_the_probe_fails_already() -> None:
    assert quiet(RULE, live(reply(200), 19.0))
    assert quiet(RULE, replied(SILENCE, seconds=40.0))
    assert quiet(RULE, replied(reply(500), seconds=25.0))


@pytest.mark.parametrize(
    ("first", "late"), [(reply(200), 21.0), (SILENCE, 20.0), (reply(200), 3.0), (SILENCE, 4.0)]
)
def test_a_page_that_was_waited_for_long_enough_under_another_sni_is_slow_under_this_one(
    first: Any, late: float
) -> None:
    made = live(SILENCE, 4.0)
    (own,) = (it for it in made.observations if it.seconds == 4.0)
    other = replace(own.attempt, sni="other.contoso.com")
    seen = Observation(other, Answered(SERVER, handshake(APP), first), late)
    slow = replace(made, observations=(*made.observations, seen))
    assert any(isinstance(it, Match) for it in RULE.check(slow)) is (late >= 20.0)
    words = {client_outcome(view_of(slow, it.backend, it)).word for it in slow.clients}
    assert ("gateway_502" in words) is (late >= 20.0)
    others = (
        replace(seen, attempt=replace(other, path="/other")),
        replace(seen, outcome=NotConnected("timeout", SERVER, "no answer")),
    )
    for it in others:
        assert doubts(RULE, replace(made, observations=(*made.observations, it)))


def test_whatever_ends_a_wait_that_was_too_long_it_is_the_wait_that_counts() -> None:
    closed = NoResponse("closed", "it closed the connection without a response")
    for seconds, named in ((30.0, "request_timed_out"), (3.0, "client_request_failing")):
        made = live(closed, seconds)
        errors = {it.rule for it in diagnose(made, RULES).errors}
        assert errors & {"request_timed_out", "client_request_failing"} == {named}
        words = {client_outcome(view_of(made, it.backend, it)).because for it in made.clients}
        assert any("20 s are allowed" in it for it in words) is (seconds == 30.0)
