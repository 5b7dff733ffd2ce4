from dataclasses import replace
from typing import Any

import pytest

from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Undecided
from bot.core.model.health import BackendHealth, HealthNotKnown, HealthState, ServerHealth
from bot.core.routing.routes import nic_members
from bot.core.rules import RULES
from bot.core.rules.pool_empty import RULE
from tests.core.asking import doubts, matches, quiet
from tests.core.clients import by_path, hidden, http
from tests.core.make import HOST, case, document, item, ref, rule

EMPTY = document(servers=())
NICS = [ref("networkInterfaces", "vm0"), ref("networkInterfaces", "vm1")]
ATTACHED = document(
    backendAddressPools=[item("backendAddressPools", "pool", backendIPConfigurations=NICS)]
)


def attached(*states: HealthState) -> Case:
    """Two members by network interface, of which backend health names as many as there are states."""
    made = case(ATTACHED)
    pool, settings = made.gateway.pools[0].id, made.gateway.http_settings[0].id
    health = BackendHealth(
        tuple(
            ServerHealth(pool, settings, f"10.1.5.{number}", state, None)
            for number, state in enumerate(states)
        )
    )
    return replace(made, health=health, nic_members=nic_members(made.gateway, health))


def test_matches_and_names_who_is_left_without_a_server() -> None:
    (summary,) = matches(RULE, case(EMPTY))
    assert summary == f"pool has no members, so requests for {HOST} lead nowhere."


def test_is_quiet_where_a_wider_rule_takes_all_requests_before() -> None:
    base = hidden()
    base["properties"]["backendAddressPools"][1]["properties"]["backendAddresses"] = []
    assert quiet(RULE, case(base))
    first = hidden(first="shop")
    first["properties"]["backendAddressPools"][1]["properties"]["backendAddresses"] = []
    assert matches(RULE, case(first)) == [
        "api has no members, so requests for shop.contoso.com lead nowhere."
    ]


def test_is_quiet_where_an_earlier_path_takes_all_requests_of_another() -> None:
    base = http(top=by_path("/api/*"))
    base["properties"]["backendAddressPools"][1]["properties"]["backendAddresses"] = []
    assert matches(RULE, case(base))
    entries = base["properties"]["urlPathMaps"][0]["properties"]["pathRules"]
    own = ref("backendAddressPools", "pool")
    every = {**entries[0]["properties"], "paths": ["/*"], "backendAddressPool": own}
    entries.insert(0, {"name": "every", "properties": every})
    assert quiet(RULE, case(base))


def test_names_the_listener_where_it_takes_every_host() -> None:
    basic = document(servers=(), httpListeners=[item("httpListeners", "site", protocol="Http")])
    assert "listener site" in matches(RULE, case(basic))[0]


def test_a_pool_is_named_once_however_many_rules_lead_to_it() -> None:
    assert (
        len(matches(RULE, case(document(servers=(), requestRoutingRules=[rule(), rule("b")])))) == 1
    )


def test_is_quiet_with_a_member_and_where_no_rule_leads_to_the_pool() -> None:
    assert quiet(RULE, case())
    unused = [
        *document()["properties"]["backendAddressPools"],
        item("backendAddressPools", "spare"),
    ]
    assert quiet(RULE, case(document(backendAddressPools=unused)))


def test_is_undecided_on_members_whose_addresses_nobody_tells() -> None:
    assert "names none of them" in doubts(RULE, attached())[0]
    (doubt,) = RULE.check(case(ATTACHED, health=HealthNotKnown("no permission")))
    assert isinstance(doubt, Undecided)
    assert doubt.part == "pool"
    assert "is not known: no permission" in doubt.because


def test_is_quiet_on_members_that_backend_health_names_whatever_their_health() -> None:
    assert quiet(RULE, attached("healthy", "unhealthy"))


def test_their_faults_are_judged_as_those_of_any_other_server() -> None:
    assert diagnose(attached("healthy", "unhealthy"), RULES).verdict == "fault"
    assert [it.server for it in attached("healthy", "unhealthy").backends] == [
        "10.1.5.0",
        "10.1.5.1",
    ]


@pytest.mark.parametrize("members", ["10.1.5.11", {"ipAddress": "10.1.5.11"}, [None], [{}], [7]])
def test_is_undecided_on_members_that_cannot_be_read(members: Any) -> None:
    odd = document(
        backendAddressPools=[item("backendAddressPools", "pool", backendAddresses=members)]
    )
    assert "cannot be read" in doubts(RULE, case(odd))[0]


@pytest.mark.parametrize("members", [None, []])
def test_matches_a_pool_whose_members_are_null(members: Any) -> None:
    none = document(
        backendAddressPools=[item("backendAddressPools", "pool", backendAddresses=members)]
    )
    assert matches(RULE, case(none))
