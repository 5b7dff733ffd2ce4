from dataclasses import replace
from typing import Any

from bot.core.finding import Undecided
from bot.core.health import BackendHealth, HealthNotKnown, ServerHealth
from bot.core.rules.pool_empty import RULE
from tests.core.asking import doubts, matches, quiet
from tests.core.make import HOST, case, document, item, ref, rule

EMPTY = document(servers=())
NICS = [ref("networkInterfaces", "vm0"), ref("networkInterfaces", "vm1")]
ATTACHED = document(
    backendAddressPools=[item("backendAddressPools", "pool", backendIPConfigurations=NICS)]
)


def attached(*states: Any) -> Any:
    made = case(ATTACHED)
    pool, settings = made.gateway.pools[0].id, made.gateway.http_settings[0].id
    servers = tuple(
        ServerHealth(pool, settings, f"10.1.5.{number}", state, None)
        for number, state in enumerate(states)
    )
    return replace(made, health=BackendHealth(servers))


def test_matches_and_names_who_is_left_without_a_server() -> None:
    (summary,) = matches(RULE, case(EMPTY))
    assert summary == f"pool has no members, so requests for {HOST} lead nowhere."


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


def test_is_undecided_on_members_that_azure_does_not_show() -> None:
    assert "network interfaces" in doubts(RULE, attached("healthy", "unhealthy"))[0]
    assert doubts(RULE, attached())
    (doubt,) = RULE.check(case(ATTACHED, health=HealthNotKnown("no permission")))
    assert isinstance(doubt, Undecided)
    assert doubt.part == "pool"


def test_is_quiet_when_the_gateway_calls_them_all_healthy() -> None:
    assert quiet(RULE, attached("healthy", "healthy"))
