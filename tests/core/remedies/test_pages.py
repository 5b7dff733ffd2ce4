"""Whether clients have a page once a change is made."""

from typing import Any

import pytest

from bot.core.case.case import Case
from bot.core.case.diagnosis import Diagnosis, diagnose
from bot.core.case.finding import Finding, Match
from bot.core.model.health import SimulatedHealth
from bot.core.model.marked import plain as in_words
from bot.core.model.observation import NotConnected
from bot.core.remedies.pages import still_without_page, without_page
from bot.core.rules import RULES
from tests.core.clients import http, looked_at, path_map, plain
from tests.core.make import HOST, SERVER, ref, rule

PROBED = 8080


def gateway() -> Any:
    """The probe has a port of its own."""
    made = http(tier="Standard_v2")
    made["properties"]["probes"][0]["properties"]["port"] = PROBED
    return made


def seen(start_page: int, probed: int = 200) -> Case:
    """What is at the clients' port; at the probe's there is everything."""

    def page(it: Any) -> int:
        if it.port == PROBED:
            return 200
        return start_page if it.path == "/" else probed

    return looked_at(gateway(), plain(page))


def told(then: Case, reported: Diagnosis) -> list[str]:
    return [in_words(it.because) for it in still_without_page(then, reported).values()]


REPORTED = diagnose(seen(404), RULES)


def test_the_page_that_showed_the_fault_has_to_be_there() -> None:
    assert [it.rule for it in REPORTED.errors] == ["client_port_differs"]
    assert told(seen(404), REPORTED) == [
        f"clients of {HOST} may still get no page from {SERVER}: it answers 404"
    ]


@pytest.mark.parametrize("status", [200, 302, 401])
def test_it_is_there(status: int) -> None:
    assert told(seen(status), REPORTED) == []


def test_what_fails_otherwise_has_rules_of_its_own() -> None:
    assert told(seen(503), REPORTED) == []


def test_of_no_other_page_anything_is_said() -> None:
    assert told(seen(404), diagnose(seen(200), RULES)) == []


@pytest.mark.parametrize(
    ("state", "start_page", "routed", "has_page"),
    [
        ("unhealthy", 404, 404, False),
        ("unhealthy", 200, 404, True),
        ("unhealthy", 404, 200, True),
        ("healthy", 404, 404, True),
    ],
)
def test_that_the_probes_own_page_is_there_is_no_page_for_clients_who_will_get_there(
    state: str, start_page: int, routed: int, has_page: bool
) -> None:
    """At the port that answers, the health probe succeeds; to a server in rotation they get already."""
    refused = NotConnected("refused", SERVER, "connection refused")

    def page(it: Any) -> Any:
        if it.port != 8443:
            return refused
        return {"/": start_page, "/cart/": routed}.get(it.path, 200)

    by_path: Any = {"urlPathMap": ref("urlPathMaps", "paths"), "ruleType": "PathBasedRouting"}
    ends: Any = {"backendAddressPool": None, "backendHttpSettings": None}
    top = {
        "urlPathMaps": [path_map("/cart/*", pool="pool")],
        "requestRoutingRules": [rule(**by_path, **ends)],
    }
    now = looked_at(http(tier="Standard_v2", top=top), plain(page), state=state)
    moved = http(tier="Standard_v2", top=top, port=8443)
    then = looked_at(moved, plain(page), health=SimulatedHealth())
    (backend,) = now.backends
    fault = Finding("a_rule", "error", Match("", (), backend), ())
    found = without_page(now, then, Diagnosis((fault,), ()))
    assert bool(found) is not has_page
    assert all("it answers 404" in in_words(it.because) for it in found.values())
