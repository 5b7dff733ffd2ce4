"""What is looked at once more, and what never is."""

from typing import Any

import pytest

from bot.core.analysis.follow_up_probes import further_attempts
from bot.core.case.case import Case
from bot.core.model.health import HealthNotKnown
from bot.core.model.observation import (
    Answered,
    HandshakeFailed,
    NoResponse,
    NotConnected,
    Outcome,
    Response,
)
from tests.core.answers import SLOW
from tests.core.clients import looked_at
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
    v2_settings,
)

REFUSED = NotConnected("refused", SERVER, "connection refused")
NOT_TLS = HandshakeFailed("not_tls", SERVER, None, "HTTP/1.1 400 Bad Request")
IS_TLS = Answered(SERVER, None, NoResponse("tls", "it answered with TLS"))
SAYS_TLS = Answered(
    SERVER, None, Response(400, None, "The plain HTTP request was sent to HTTPS port")
)


def ways(made: Case) -> list[tuple[str, int, str | None]]:
    """Protocol, port and SNI of everything that is asked once more."""
    return [("https" if it.tls else "http", it.port, it.sni) for it in further_attempts(made)]


def gateway(port: int, protocol: str = "Https", **probing: Any) -> Any:
    asked = probe(protocol=protocol, **probing)
    more = settings("more", port=8444)
    kept = settings(port=port, protocol=protocol)
    return document(backendHttpSettingsCollection=[kept, more], probes=[asked])


def test_a_refused_port_is_looked_for_where_the_gateway_goes_too_then_by_convention() -> None:
    made = case(gateway(9443), REFUSED)
    assert ways(made) == [("https", 8444, None), ("https", 443, None), ("https", 8443, None)]
    assert ways(case(gateway(81, "Http"), REFUSED)) == [("http", 80, None), ("http", 8080, None)]


def test_a_port_without_tls_is_asked_in_plain_http_last() -> None:
    assert ways(case(gateway(80), NOT_TLS))[-1] == ("http", 80, None)


@pytest.mark.parametrize("outcome", [IS_TLS, SAYS_TLS])
def test_a_port_for_tls_is_asked_in_tls(outcome: Outcome) -> None:
    assert ways(case(gateway(443, "Http"), outcome)) == [("https", 443, None)]


def test_a_probe_with_a_way_of_its_own_is_tried_on_the_way_of_the_settings_only() -> None:
    base = document(
        tier="Standard_v2",
        backendHttpSettingsCollection=[v2_settings(port=80, protocol="Http")],
        probes=[probe(port=8443)],
    )
    assert ways(case(base, REFUSED)) == [("http", 80, None)]


def test_nothing_is_looked_for_where_packets_vanish_or_somebody_answers() -> None:
    for outcome in (
        NotConnected("timeout", SERVER, "silence"),
        answered(APP),
        answered(status=503),
    ):
        assert not further_attempts(case(gateway(9443), outcome))


def test_what_the_gateway_calls_healthy_is_left_alone_and_nothing_is_asked_twice() -> None:
    assert not further_attempts(case(gateway(9443), REFUSED, state="healthy"))
    many = document(
        servers=tuple(f"10.2.{number}.1" for number in range(100)),
        backendHttpSettingsCollection=[settings(port=9443)],
    )
    further = further_attempts(case(many, REFUSED))
    assert len(further) == len(set(further)) == 60


V2 = document(tier="Standard_v2", backendHttpSettingsCollection=[v2_settings()])
TAKEN = answered(APP, public=0)
UNREAD = HealthNotKnown("no permission")
MORE = ref("backendHttpSettingsCollection", "more")
OTHER = ref("httpListeners", "other")


def large(made: Case) -> list[tuple[str | None, str | None]]:
    """SNI and path of every large hello that is asked for."""
    return [(it.sni, it.path) for it in further_attempts(made) if it.hello == "full"]


def test_a_large_hello_is_asked_for_where_the_small_one_does_not_explain_the_gateway() -> None:
    for message in (SLOW, None):
        assert large(case(V2, TAKEN, message=message)) == [(HOST, None)]
    assert large(case(V2, TAKEN, health=UNREAD)) == [(HOST, None)]
    assert large(case(V2, TAKEN, state="unknown")) == [(HOST, None)]


def test_no_large_hello_where_nothing_would_follow_from_it() -> None:
    assert not large(case(V2, TAKEN, state="healthy"))
    assert not large(case(document(), TAKEN, message=SLOW))  # v1
    for seen in (REFUSED, NOT_TLS, answered(APP, status=500, public=0), answered(APP)):
        assert not large(case(V2, seen, message=None))
        assert not large(case(V2, seen, health=UNREAD))


def test_one_large_hello_is_enough_for_all_settings_with_the_same_name() -> None:
    twice = document(
        tier="Standard_v2",
        backendHttpSettingsCollection=[v2_settings(), v2_settings(name="more")],
        requestRoutingRules=[rule(), rule("two", backendHttpSettings=MORE, httpListener=OTHER)],
        httpListeners=[
            item("httpListeners", name, protocol="Https", hostName=HOST)
            for name in ("site", "other")
        ],
    )
    made = case(twice, TAKEN, message=SLOW)
    assert len(made.backends) == 2
    assert large(made) == [(HOST, None)]


def test_clients_are_left_alone_where_the_gateway_gets_through_with_the_same_connection() -> None:
    """But not on a port of their own, of which the gateway says nothing: over TLS, and after a PROXY header."""
    cut = Answered(SERVER, None, NoResponse("closed", "it closed"))
    plain = {"port": 80, "protocol": "Http"}

    def tried(probes: int) -> list[tuple[str, int, str | None]]:
        base = document(
            tier="Standard_v2",
            backendHttpSettingsCollection=[v2_settings(**plain)],
            probes=[probe(protocol="Http", port=probes)],
        )
        return ways(
            looked_at(base, lambda it: cut if it.port == 80 else 200, state="healthy", rounds=0)
        )

    assert tried(80) == []
    assert tried(8080) == [("https", 80, HOST), ("http", 80, None)]
