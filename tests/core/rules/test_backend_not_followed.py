from dataclasses import replace
from typing import Any

import pytest

from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Match, Undecided
from bot.core.model.health import BackendHealth, Health, HealthNotKnown, HealthState, ServerHealth
from bot.core.model.marked import plain
from bot.core.rules import RULES
from bot.core.rules.backend_not_followed import RULE
from tests.core.asking import doubts, matches, quiet
from tests.core.make import APP, ID, answered, case, document, item, ref, rule

SETTINGS = f"{ID}/backendSettingsCollection/tls".lower()
MESSAGE = "Application Gateway could not connect to the backend."
RAW = document(routingRules=[item("routingRules", "raw", priority=10)])
POLICY = rule("shop", loadDistributionPolicy=ref("loadDistributionPolicies", "sticky"))
MAP = item(
    "urlPathMaps",
    "paths",
    defaultLoadDistributionPolicy=ref("loadDistributionPolicies", "sticky"),
)


def layer4(state: HealthState | None, base: Any = RAW, message: str | None = MESSAGE) -> Case:
    """A gateway whose HTTP part is well, and what its health report says of a server beyond that."""
    made = case(base, answered(APP), state="healthy")
    assert isinstance(made.health, BackendHealth)
    server = ServerHealth(
        made.gateway.pools[0].id, SETTINGS, "10.9.0.9", state or "unknown", message
    )
    servers = made.health.servers if state is None else (*made.health.servers, server)
    return replace(made, health=BackendHealth(servers))


def test_matches_what_the_gateway_calls_unhealthy_beyond_its_http_rules() -> None:
    (seen,) = RULE.check(layer4("unhealthy"))
    assert isinstance(seen, Match)
    assert "10.9.0.9 in pool pool as unhealthy: the gateway cannot connect to it" in plain(
        seen.summary
    )
    assert MESSAGE in plain(seen.evidence[0].text)
    assert diagnose(layer4("unhealthy"), RULES).verdict == "fault"
    assert seen.beyond == ("tls", "10.9.0.9")
    assert matches(RULE, layer4("unhealthy", message=None))


def test_quiet_where_it_is_healthy_or_is_not_reported() -> None:
    assert quiet(RULE, layer4("healthy"))
    assert diagnose(layer4("healthy"), RULES).verdict == "healthy"
    assert quiet(RULE, layer4("healthy", document()))
    assert quiet(RULE, layer4(None, document()))


def test_matches_an_address_that_no_pool_names_though_every_rule_is_followed() -> None:
    (seen,) = RULE.check(layer4("unhealthy", document()))
    assert isinstance(seen, Match)
    assert "no pool has that address" in plain(seen.evidence[1].text)


@pytest.mark.parametrize("health", [HealthNotKnown("no permission"), BackendHealth(())])
def test_undecided_where_the_gateway_says_nothing_of_it(health: Health) -> None:
    made = replace(layer4(None), health=health)
    assert "TCP/TLS proxy rule raw" in doubts(RULE, made)[0]
    assert diagnose(layer4(None), RULES).verdict == "undecided"


def test_undecided_where_the_health_was_not_retrieved() -> None:
    (said,) = RULE.check(layer4("unknown"))
    assert isinstance(said, Undecided)


@pytest.mark.parametrize(
    ("base", "named"),
    [
        (document(requestRoutingRules=[rule(), POLICY]), "rule shop"),
        (document(urlPathMaps=[MAP]), "path map paths"),
    ],
)
def test_load_distribution_policies_are_not_followed_either(base: Any, named: str) -> None:
    assert named in doubts(RULE, layer4(None, base))[0]
    assert matches(RULE, layer4("unhealthy", base))
