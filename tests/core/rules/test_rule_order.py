from typing import Any

import pytest

from bot.core.rules.rule_order import RULE
from tests.core.asking import matches, quiet
from tests.core.make import case, document, item, ref, rule

BASIC: tuple[str, ...] = ()
SHOP = ("shop.contoso.com",)
WILD = ("*.contoso.com",)


def sites(*listeners: tuple[str, ...], tier: str = "Standard_v2", **changes: Any) -> Any:
    """One rule for each listener, in this order, priorities rising."""
    listening: Any = {"protocol": "Https", "frontendPort": ref("frontendPorts", "p443")}
    made = [
        item("httpListeners", f"l{number}", **(listening | {"hostNames": list(hosts)}))
        for number, hosts in enumerate(listeners)
    ]
    rules = [
        rule(
            f"r{number}",
            **(
                {"httpListener": ref("httpListeners", f"l{number}"), "priority": 10 + number}
                | changes
            ),
        )
        for number, _ in enumerate(listeners)
    ]
    return case(document(tier=tier, httpListeners=made, requestRoutingRules=rules))


def test_matches_a_basic_listener_before_a_site() -> None:
    (summary,) = matches(RULE, sites(BASIC, SHOP))
    assert summary == (
        "Rule r0 (every host name) is evaluated before r1, so requests for shop.contoso.com never reach"
        " r1."
    )


def test_matches_a_wildcard_before_a_name_of_it() -> None:
    assert "r0 (*.contoso.com)" in matches(RULE, sites(WILD, SHOP))[0]
    assert matches(RULE, sites(("sho?.contoso.com",), SHOP))


def test_on_v1_the_order_of_the_document_decides() -> None:
    assert matches(RULE, sites(BASIC, SHOP, tier="Standard", priority=None))
    assert quiet(RULE, sites(SHOP, BASIC, tier="Standard", priority=None))


def test_is_quiet_when_the_specific_one_comes_first_or_no_name_is_shared() -> None:
    assert quiet(RULE, sites(SHOP, WILD, BASIC))
    assert quiet(RULE, sites(WILD, ("shop.fabrikam.com",)))
    assert quiet(RULE, sites(SHOP, SHOP))


def test_v2_without_priorities_has_no_order_that_could_be_wrong() -> None:
    assert quiet(RULE, sites(BASIC, SHOP, priority=None))


def test_is_quiet_on_another_port_frontend_or_the_same_listener() -> None:
    made = sites(BASIC, SHOP)
    assert quiet(RULE, case(_moved(frontendPort=ref("frontendPorts", "p8443"))))
    assert quiet(RULE, case(_moved(frontendIPConfiguration=ref("frontendIPConfigurations", "in"))))
    assert quiet(RULE, sites(BASIC, SHOP, httpListener=ref("httpListeners", "l1")))
    assert quiet(RULE, sites(BASIC, SHOP, httpListener=ref("httpListeners", "gone")))
    assert matches(RULE, made)


def _moved(**second: Any) -> Any:
    both: Any = {"protocol": "Https", "frontendPort": ref("frontendPorts", "p443")}
    return document(
        tier="Standard_v2",
        frontendPorts=[
            item("frontendPorts", "p443", port=443),
            item("frontendPorts", "p8443", port=8443),
        ],
        httpListeners=[
            item("httpListeners", "l0", **both),
            item("httpListeners", "l1", **(both | {"hostNames": list(SHOP)} | second)),
        ],
        requestRoutingRules=[
            rule("r0", httpListener=ref("httpListeners", "l0"), priority=10),
            rule("r1", httpListener=ref("httpListeners", "l1"), priority=20),
        ],
    )


@pytest.mark.parametrize("hosts", [["shop.contoso.com", None], "shop.contoso.com", [7]])
def test_missing_or_unreadable_host_names_take_no_requests(hosts: Any) -> None:
    first: Any = {"protocol": "Https", "frontendPort": ref("frontendPorts", "p443")}
    made = document(
        tier="Standard_v2",
        httpListeners=[
            item("httpListeners", "l0", **first, hostNames=hosts),
            item("httpListeners", "l1", **first, hostName="www.contoso.com"),
        ],
        requestRoutingRules=[
            rule("r0", httpListener=ref("httpListeners", "l0"), priority=10),
            rule("r1", httpListener=ref("httpListeners", "l1"), priority=20),
        ],
    )
    assert quiet(RULE, case(made))


@pytest.mark.parametrize("priority", [None, "ten", {}])
def test_a_missing_or_unreadable_priority_sets_no_order(priority: Any) -> None:
    assert quiet(RULE, sites(BASIC, SHOP, priority=priority))
