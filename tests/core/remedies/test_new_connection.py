"""A change that leads to another port is judged by all that the gateway may meet there, as far as it was seen."""

from dataclasses import replace

import pytest

from bot.core.analysis.follow_up_probes import attempts_on_paper
from bot.core.analysis.large_client_hello import large_client_hello
from bot.core.arm.document import Json
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.view import BackendView
from bot.core.model.gateway import Gateway
from bot.core.model.health import BackendHealth, SimulatedHealth
from bot.core.model.observation import Attempt, NotConnected, Observation, Outcome
from bot.core.remedies.new_connection import (
    answered_otherwise,
    not_seen_there,
    unreached_by_the_gateway,
)
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.trial import CannotTell
from bot.core.remedies.what_if import try_options
from bot.core.rules import RULES
from tests.core.clients import also_on_paper, http, looked_at, plain
from tests.core.make import (
    APP,
    HOST,
    SERVER,
    answered,
    case,
    document,
    item,
    probe,
    ref,
    rule,
    settings,
    what_if,
)
from tests.core.naming import A, B, by_address
from tests.core.remedies.options.trying import v2
from tests.core.rules.handshakes import SILENT as SILENT_HELLO

WELL = answered(APP, public=0)
REFUSED = NotConnected("refused", A, "connection refused")
SILENT = NotConnected("timeout", B, "no answer within 5.0 s")


def received(status: int) -> str:
    """The gateway's own words on an answer that it does not count as healthy."""
    return f"Status code of the backend's HTTP response did not match. Received:{status}."


def gateway_at(made: Case, port: int) -> Gateway:
    """The gateway of a case with another port in its HTTP settings."""
    settings = tuple(replace(it, port=port) for it in made.gateway.http_settings)
    return replace(made.gateway, http_settings=settings)


def moved(second: Outcome) -> tuple[Case, Case]:
    """Both addresses refuse; and the same gateway with another port, on which the first one answers."""
    now = by_address({A: REFUSED, B: REFUSED}, (A, B))
    then = replace(now, gateway=gateway_at(now, 8443))
    asked = BackendView(then, then.backends[0]).probe_attempt
    seen = (Observation(replace(asked, server=it), end) for it, end in ((A, WELL), (B, second)))
    return now, replace(then, observations=(*then.observations, *seen))


def test_an_address_that_did_not_answer_there_leaves_it_open() -> None:
    now, then = moved(SILENT)
    open_ = not_seen_there(now, then, now.backends)
    assert open_ is not None
    assert B in open_.because
    assert "no answer on port 8443" in open_.because
    assert not_seen_there(now, then, ()) is None


def test_it_is_settled_where_each_was_seen_or_nothing_of_the_connection_changes() -> None:
    for now, then in (moved(WELL), moved(REFUSED)):
        assert not_seen_there(now, then, now.backends) is None
    now, _ = moved(SILENT)
    assert not_seen_there(now, now, now.backends) is None


@pytest.mark.parametrize("large", [SILENT_HELLO, WELL])
def test_where_nobody_knows_how_long_the_gateways_hello_is_a_large_one_has_to_be_accepted(
    large: Outcome,
) -> None:
    then = case(v2(), WELL, health=SimulatedHealth())
    now = replace(then, gateway=gateway_at(then, 8443))
    view = BackendView(then, then.backends[0])
    (wanted,) = attempts_on_paper(now, then)
    assert wanted == large_client_hello(view)
    tried = replace(then, observations=(*then.observations, Observation(wanted, large)))
    open_ = not_seen_there(now, tried, now.backends)
    assert (open_ is not None) is (large is SILENT_HELLO)
    assert open_ is None or "large ClientHello on port 443" in open_.because


def test_where_the_gateway_is_known_to_get_through_no_large_hello_is_tried() -> None:
    says = case(v2(), state="healthy").health
    assert isinstance(says, BackendHealth)
    then = case(v2(), WELL, health=SimulatedHealth(says))
    now = replace(then, gateway=gateway_at(then, 8443))
    assert not list(attempts_on_paper(now, then))
    old = case(None, WELL, health=SimulatedHealth())
    assert not list(attempts_on_paper(replace(old, gateway=gateway_at(old, 8443)), old))


@pytest.mark.parametrize(
    ("seen", "says", "open_"),
    [
        (404, 403, True),
        (200, 401, True),
        (401, 403, True),
        (404, 500, True),
        (None, 403, True),
        (None, 404, False),
        (403, 403, False),
        (404, 404, False),
    ],
)
def test_what_the_gateway_is_answered_otherwise_no_change_is_known_to_end(
    seen: int | None, says: int, open_: bool
) -> None:
    made = case(None, answered(APP, status=seen), message=received(says))
    assert bool(answered_otherwise(made)) is open_
    assert not answered_otherwise(case(None, answered(APP), state="healthy"))


@pytest.mark.parametrize(("says", "promised"), [(401, True), (403, False)])
def test_no_status_is_counted_as_healthy_on_our_word_alone(says: int, promised: bool) -> None:
    base = http()
    made = looked_at(base, plain(lambda it: 401), state="unhealthy", message=received(says))
    trials = try_options(what_if(made, base), diagnose(made, RULES), OPTIONS)
    (told,) = (it for it in trials if it.option.id == "correct_probe_match")
    assert told.works is promised
    assert bool(told.relief.heals) is promised
    assert bool(told.relief.cannot_tell) is not promised
    assert promised or "answers the gateway with 403" in (told.because or "")


def test_why_the_gateways_probe_fails_is_open_where_we_saw_only_what_clients_meet() -> None:
    def host_unknown(it: Attempt) -> int:
        return 200 if it.host == HOST else 404

    base = http(hostName="typo.contoso.com")
    for state, open_ in (("unhealthy", True), ("healthy", False)):
        made = looked_at(base, plain(host_unknown), state=state)
        trials = try_options(what_if(made, base), diagnose(made, RULES), OPTIONS)
        (told,) = (it for it in trials if it.option.id == "set_host_name")
        assert isinstance(told.outcome, CannotTell) is open_
        assert "health probe" in (told.because or "health probe")
        assert bool(told.relief.cannot_tell) is open_
        assert bool(told.relief.heals) is not open_


UNRESOLVED = (
    "Application Gateway could not create a probe for this backend. This usually happens when the FQDN of the backend"
    " has not been entered correctly."
)
UNREACHED = "Application Gateway could not connect to the backend."


@pytest.mark.parametrize(
    ("message", "port", "open_"),
    [
        (UNRESOLVED, 443, "cannot resolve"),
        (UNRESOLVED, 8443, "cannot resolve"),
        (UNREACHED, 443, "cannot connect to port 443 of"),
        (UNREACHED, 8443, None),
        (received(500), 443, None),
    ],
)
def test_what_the_gateway_does_not_reach_in_one_place_it_does_not_reach_from_another_rule(
    message: str, port: int, open_: str | None
) -> None:
    both = [settings(), settings("other", port=port, probe=ref("probes", "probe"))]
    led = rule(backendHttpSettings=ref("backendHttpSettingsCollection", "other"))
    now = case(document(backendHttpSettingsCollection=both), message=message)
    then = case(
        document(backendHttpSettingsCollection=both, requestRoutingRules=[led]),
        health=SimulatedHealth(),
    )
    found = [it.because for it in unreached_by_the_gateway(now, then, {}).values()]
    assert [open_ in it for it in found if open_] == ([True] if open_ else [])
    assert len(found) == (1 if open_ else 0)
    assert not unreached_by_the_gateway(now, now, {})
    (member,) = now.backends
    other = {(member.place, SERVER): CannotTell("it is denied there")}
    assert bool(unreached_by_the_gateway(now, then, other))


def test_a_site_is_not_promised_a_page_from_a_name_that_the_gateway_cannot_resolve() -> None:
    """Its rule leads to the wrong pool; the right one's only member is a name without an address for the gateway."""
    name, other = "web01.contoso.com", "news.contoso.com"
    pools = [
        item("backendAddressPools", "pool", backendAddresses=[{"ipAddress": SERVER}]),
        item("backendAddressPools", "right", backendAddresses=[{"fqdn": name}]),
    ]
    listeners = [
        item(
            "httpListeners",
            listener,
            protocol="Https",
            hostName=host,
            frontendPort=ref("frontendPorts", "p443"),
        )
        for listener, host in (("site", HOST), ("news", other))
    ]
    way: Json = {"port": 80, "protocol": "Http", "authenticationCertificates": []}
    base = http(
        top={
            "backendAddressPools": pools,
            "httpListeners": listeners,
            "backendHttpSettingsCollection": [
                settings(**way),
                settings("news", **(way | {"probe": ref("probes", "news")})),
            ],
            "probes": [
                probe(protocol="Http"),
                item("probes", "news", protocol="Http", host=other, path="/"),
            ],
            "requestRoutingRules": [
                rule(),
                rule(
                    "news",
                    httpListener=ref("httpListeners", "news"),
                    backendAddressPool=ref("backendAddressPools", "right"),
                    backendHttpSettings=ref("backendHttpSettingsCollection", "news"),
                ),
            ],
        }
    )

    def page(it: Attempt) -> int:
        return 200 if it.server == name and it.host == HOST else 404

    for message, works in ((received(404), True), (UNRESOLVED, False)):
        made = looked_at(base, plain(page), state="unhealthy", message=received(404))
        assert isinstance(made.health, BackendHealth)
        said = (
            replace(it, message=message) if it.server == name else it for it in made.health.servers
        )
        made = replace(made, health=BackendHealth(tuple(said)))
        made = also_on_paper(made, base, plain(page))
        trials = try_options(what_if(made, base), diagnose(made, RULES), OPTIONS)
        (told,) = (it for it in trials if it.option.id == "send_to_other_pool")
        assert told.works is works
        assert works or "cannot resolve" in (told.because or "")
        assert SERVER not in [it.server for it in told.relief.heals] or works
