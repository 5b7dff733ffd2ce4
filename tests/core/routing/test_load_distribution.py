"""One rule, several pools: each is probed, each gets requests of clients, and none is forgotten in a change."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.arm.gateway_reader import read_gateway
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.model.health import BackendHealth, ServerHealth
from bot.core.report.client_facts import client_facts
from bot.core.report.policy_notes import policy_notes
from bot.core.report.reporting import make_report
from bot.core.report.suffering import who_suffers
from bot.core.routing.client_way import client_ways
from bot.core.routing.routes import routes
from bot.core.routing.serving_route import Site, serves, serving_route
from bot.core.rules import RULES
from bot.core.rules.pool_empty import RULE as POOL_EMPTY
from tests.core.asking import matches, quiet
from tests.core.make import (
    APP,
    HOST,
    NOW,
    answered,
    case,
    document,
    item,
    ref,
    rule,
    v2_settings,
)
from tests.core.plainly import plainly

BLUE, GREEN, OWN = "10.0.0.1", "10.0.0.2", "10.0.0.3"
LDP = ref("loadDistributionPolicies", "canary")


def pool(name: str, *servers: str, **properties: Any) -> Any:
    addresses = [{"ipAddress": it} for it in servers]
    return item("backendAddressPools", name, **({"backendAddresses": addresses} | properties))


def target(name: str, weight: int = 1) -> Any:
    end = {"backendAddressPool": ref("backendAddressPools", name), "weightPerServer": weight}
    return {"name": name, "properties": end}


def spread(*pools: Any, **ends: Any) -> Any:
    """A v2 gateway whose one rule leads to blue and green by a policy alone."""
    canary = item(
        "loadDistributionPolicies",
        "canary",
        loadDistributionAlgorithm="LeastConnections",
        loadDistributionTargets=[target("blue", 9), target("green"), target("blue", 9)],
    )
    made = rule(
        **({"backendAddressPool": None, "priority": 10, "loadDistributionPolicy": LDP} | ends)
    )
    return document(
        tier="Standard_v2",
        backendAddressPools=list(pools or (pool("blue", BLUE), pool("green", GREEN))),
        backendHttpSettingsCollection=[v2_settings()],
        loadDistributionPolicies=[canary],
        requestRoutingRules=[made],
    )


def test_each_pool_of_the_policy_is_at_the_end_of_a_route() -> None:
    found = routes(read_gateway(spread(), {}))
    assert [it.pool.name for it in found] == ["blue", "green"]
    assert {it.places for it in found} == {tuple(it.place for it in found)}


def test_a_pool_beside_the_policy_is_probed_but_not_known_to_get_clients() -> None:
    pools = (pool("blue", BLUE), pool("green", GREEN), pool("own", OWN))
    gateway = read_gateway(spread(*pools, backendAddressPool=ref("backendAddressPools", "own")), {})
    assert [it.pool.name for it in routes(gateway)] == ["own", "blue", "green"]
    assert {it.route.pool.name for it in client_ways(gateway)} == {"blue", "green"}


def test_a_site_is_served_by_all_of_its_pools() -> None:
    made = case(spread(), answered(APP), state="healthy")
    route = serving_route(made.gateway, Site(HOST))
    assert route is not None
    assert [serves(it, route) for it in made.backends] == [True, True]


def test_what_is_spread_is_said_once() -> None:
    pools = (pool("blue", BLUE), pool("green", GREEN))
    assert plainly(tuple(policy_notes(read_gateway(spread(*pools), {})))) == (
        "Load distribution policy canary spreads requests over blue (weight 9 for each server) and green"
        " (weight 1 for each server) and blue (weight 9 for each server) by LeastConnections",
    )
    unused = spread(
        loadDistributionPolicy=None, backendAddressPool=ref("backendAddressPools", "blue")
    )
    assert list(policy_notes(read_gateway(unused, {}))) == []
    report = make_report(case(spread()), diagnose(case(spread()), RULES), (), RULES, NOW)
    assert "LeastConnections" in plainly(report.notes[0])


@pytest.mark.parametrize(
    ("pools", "empty"),
    [
        ((pool("blue"), pool("green", GREEN)), []),
        ((pool("blue"), pool("green", backendIPConfigurations=[ref("nics", "vm0")])), []),
        ((pool("blue"), pool("green", backendAddresses=[7])), []),
        ((pool("blue"), pool("green")), ["blue", "green"]),
    ],
)
def test_a_pool_may_be_empty_where_another_one_is_not(pools: Any, empty: list[str]) -> None:
    made = case(spread(*pools))
    if not empty:
        assert quiet(POOL_EMPTY, made)
    else:
        assert [it.partition(" ")[0] for it in matches(POOL_EMPTY, made)] == empty


def clients(made: Case) -> list[tuple[str | None, str, bool | None]]:
    return [(it.server, it.word, it.served) for it in client_facts(made)]


def with_health(made: Case, **states: Any) -> Case:
    found = tuple(
        ServerHealth(it.pool.id, it.settings.id, it.server, states[it.pool.name], None)
        for it in made.backends
    )
    return replace(made, health=BackendHealth(found))


def test_clients_go_to_the_other_pool_where_one_fails() -> None:
    made = case(spread(), answered(APP, public=0), state="healthy")
    assert [it[0] for it in clients(made)] == [BLUE, GREEN]
    one = with_health(made, blue="unhealthy", green="healthy")
    assert clients(one)[0][1:] == ("not_tried", None)
    both = with_health(made, blue="unhealthy", green="unhealthy")
    assert [it[1:] for it in clients(both)] == [("gateway_502", False)] * 2


def test_an_empty_pool_of_a_policy_costs_no_client_anything() -> None:
    made = case(spread(pool("blue"), pool("green", GREEN)), answered(APP), state="healthy")
    assert [it[0] for it in clients(made)] == [GREEN]
    nobody = case(spread(pool("blue"), pool("green")))
    assert [it[1:] for it in clients(nobody)] == [("gateway_502", False)] * 2
    assert HOST in plainly(who_suffers(client_facts(nobody)))
