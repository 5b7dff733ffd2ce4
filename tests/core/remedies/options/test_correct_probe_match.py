"""A server that is alive, and says so in a status that the probe does not take."""

from dataclasses import replace

from bot.core.case.view import BackendView
from bot.core.model.observation import Answered, Observation
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.options.correct_probe_match import OPTION
from tests.core.answers import replied, reply
from tests.core.make import APP, HOST, SERVER, document, handshake, item, probe
from tests.core.remedies.options.trying import best, carried_out, proposed, refused

PLAIN = document()
STRICT = document(probes=[probe(match={"statusCodes": ["200"], "body": ""})])
NAMELESS = [item("httpListeners", "site", protocol="Https")]


def test_a_sign_in_that_clients_meet_too_is_counted_as_healthy() -> None:
    made = replied(reply(401), PLAIN)
    assert best(made, PLAIN) == "correct_probe_match"
    plan, changed = carried_out("correct_probe_match", made, PLAIN)
    assert changed["probes"][0]["properties"]["match"] == {"statusCodes": ["200-399", "401"]}
    assert plan.lines[0].before == "not set"


def test_a_redirect_out_of_the_site_is_counted_as_healthy() -> None:
    made = replied(reply(302, location="https://sso.example/"), STRICT)
    assert best(made, STRICT) == "correct_probe_match"


def test_keeps_the_text_that_the_probe_looks_for() -> None:
    base = document(probes=[probe(match={"statusCodes": ["200"], "body": "ok"})])
    made = replied(reply(302, "ok"), base)
    _, changed = carried_out("correct_probe_match", made, base)
    assert changed["probes"][0]["properties"]["match"] == {
        "statusCodes": ["200", "302"],
        "body": "ok",
    }


def test_forbidden_counts_only_where_clients_are_let_in() -> None:
    assert "kept out" not in refused(OPTION, replied(reply(403), PLAIN), PLAIN)
    assert "clients get 403 as well" in refused(OPTION, replied(reply(403), PLAIN), PLAIN)
    health = document(probes=[probe(path="/admin")])
    made = replied(reply(403), health)
    live = replace(BackendView(made, made.backends[0]).probe_attempt, path="/")
    seen = Observation(live, Answered(SERVER, handshake(APP), reply(200)))
    made = replace(made, observations=(*made.observations, seen))
    assert "count 403 as healthy" in proposed(OPTION, made, health).summary


def test_a_listener_without_a_name_takes_the_probes_own_request_for_a_clients() -> None:
    base = document(httpListeners=NAMELESS)
    assert best(replied(reply(401), base), base) == "correct_probe_match"


def test_is_not_for_other_statuses_or_where_no_client_is_answered() -> None:
    assert "does not answer with" in refused(OPTION, replied(reply(404), PLAIN), PLAIN)
    assert "does not answer with" in refused(OPTION, replied(reply(200), PLAIN), PLAIN)
    other = document(probes=[probe(host="other.example")])
    made = replied(reply(401), other, under={HOST: 404})
    assert "no request like those of clients" in refused(OPTION, made, other)


def test_is_the_last_of_the_automated() -> None:
    automated = [option.id for option in OPTIONS if option.automated]
    assert automated[-1] == "correct_probe_match"


def test_a_success_that_the_probe_does_not_count_is_counted() -> None:
    assert best(replied(reply(204), STRICT), STRICT) == "correct_probe_match"
    assert "does not answer with" in refused(OPTION, replied(reply(418), STRICT), STRICT)
