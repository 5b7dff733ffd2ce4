"""A server that is alive, and says so in a status that the probe does not take."""

from dataclasses import replace

import pytest

from bot.core.arm.document import Document
from bot.core.case.case import Case
from bot.core.case.view import BackendView
from bot.core.model.observation import Answered, Observation
from bot.core.remedies.option import NotApplicable
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.options.correct_probe_match import OPTION
from tests.core.answers import replied, reply
from tests.core.make import APP, HOST, SERVER, case, document, handshake, item, probe
from tests.core.remedies.options.trying import best, carried_out, proposed, refused

PLAIN = document()
STRICT = document(probes=[probe(match={"statusCodes": ["200"], "body": ""})])
OTHER = "10.1.5.12"
NAMELESS = [item("httpListeners", "site", protocol="Https")]


def test_a_sign_in_that_clients_meet_too_is_counted_as_healthy() -> None:
    made = replied(reply(401), PLAIN)
    assert best(made, PLAIN) == "correct_probe_match"
    plan, changed = carried_out("correct_probe_match", made, PLAIN)
    assert changed["probes"][0]["properties"]["match"] == {"statusCodes": ["200-399", "401"]}
    assert plan.lines[0].before == "not set"


@pytest.mark.parametrize(
    ("location", "stays"),
    [
        ("/login", True),
        (f"https://{HOST}/login", True),
        ("https://sso.example/", False),
        ("https://[", False),
        (f"https://{HOST}:8443/login", False),
        (f"app://{HOST}/login", False),
    ],
)
def test_a_redirect_is_counted_as_healthy_if_it_stays_on_the_gateway(
    location: str, stays: bool
) -> None:
    made = replied(reply(302, location=location), STRICT)
    if stays:
        assert "count 302" in proposed(OPTION, made, STRICT).summary
    else:
        assert "leaves the gateway" in refused(OPTION, made, STRICT)


def test_keeps_the_text_that_the_probe_looks_for() -> None:
    base = document(probes=[probe(match={"statusCodes": ["200"], "body": "ok"})])
    made = replied(reply(302, "ok"), base)
    _, changed = carried_out("correct_probe_match", made, base)
    assert changed["probes"][0]["properties"]["match"] == {
        "statusCodes": ["200", "302"],
        "body": "ok",
    }


@pytest.mark.parametrize("status", [302, 401, 403])
def test_what_no_other_page_gives_to_clients_is_not_counted(status: int) -> None:
    health = document(probes=[probe(path="/admin", match={"statusCodes": ["200"]})])
    made = replied(reply(status, location="/login"), health)
    assert (status == 403) is ("answered with 403" in refused_or_not(made, health))
    live = replace(BackendView(made, made.backends[0]).probe_attempt, path="/")
    seen = Observation(live, Answered(SERVER, handshake(APP), reply(200)))
    made = replace(made, observations=(*made.observations, seen))
    assert f"answered with {status}" in refused(OPTION, made, health)


def test_the_probes_own_page_does_not_stand_for_others_that_clients_do_not_get() -> None:
    health = document(probes=[probe(path="/admin", match={"statusCodes": ["200"]})])
    made = replied(reply(401), health)
    assert not refused_or_not(made, health)
    live = replace(BackendView(made, made.backends[0]).probe_attempt, path="/")
    missing = Observation(live, Answered(SERVER, handshake(APP), reply(404)))
    made = replace(made, observations=(*made.observations, missing))
    assert "answered with 401" in refused(OPTION, made, health)


def refused_or_not(made: Case, base: Document) -> str:
    view = BackendView(made, made.backends[0])
    found = OPTION.propose(view, base)
    return found.reason if isinstance(found, NotApplicable) else ""


def test_a_sign_in_is_no_page_where_other_servers_want_none() -> None:
    pool = item(
        "backendAddressPools",
        "pool",
        backendAddresses=[{"ipAddress": SERVER}, {"ipAddress": OTHER}],
    )
    base = document(backendAddressPools=[pool])
    made = case(base)
    first, second = (BackendView(made, it).probe_attempt for it in made.backends)
    for status, reason in ((401, ""), (200, "other servers of the pool answer clients without")):
        seen = (
            Observation(first, Answered(SERVER, handshake(APP), reply(401))),
            Observation(second, Answered(OTHER, handshake(APP), reply(status))),
        )
        found = refused_or_not(replace(made, observations=seen), base)
        assert found.startswith(reason)
        assert bool(found) is bool(reason)


def test_a_listener_without_a_name_takes_the_probes_own_request_for_a_clients() -> None:
    base = document(httpListeners=NAMELESS)
    assert best(replied(reply(401), base), base) == "correct_probe_match"


def test_is_not_for_other_statuses_or_where_no_client_is_answered() -> None:
    assert "does not answer with" in refused(OPTION, replied(reply(404), PLAIN), PLAIN)
    assert "does not answer with" in refused(OPTION, replied(reply(200), PLAIN), PLAIN)
    other = document(probes=[probe(host="other.example")])
    made = replied(reply(401), other, under={HOST: 404})
    assert "no page of clients was seen to be answered" in refused(OPTION, made, other)


def test_is_the_last_of_the_automated() -> None:
    automated = [option.id for option in OPTIONS if option.automated]
    assert automated[-1] == "correct_probe_match"


def test_a_success_that_the_probe_does_not_count_is_counted() -> None:
    assert best(replied(reply(204), STRICT), STRICT) == "correct_probe_match"
    assert "does not answer with" in refused(OPTION, replied(reply(418), STRICT), STRICT)
