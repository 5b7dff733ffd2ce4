"""Every cause ends in steps: somebody does something with a command, and another command shows that it is done."""

import shlex
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.core.case.case import Case
from bot.core.case.finding import Match
from bot.core.case.guide import Step, of_backend
from bot.core.case.rule import Rule
from bot.core.model.marked import ending_command, plain
from bot.core.rules import RULES
from tests.core.environments import one, stored
from tests.core.make import (
    APP,
    HOST,
    ILB,
    answered,
    case,
    document,
    item,
    probe,
    v2_settings,
)
from tests.core.networks import around
from tests.core.rewriting import rewrite, rewritten

ERRORS = [rule for rule in RULES if rule.severity == "error"]
APP_SERVICE = "shop.azurewebsites.net"


def v2(**changes: Any) -> Any:
    return document(
        tier="Standard_v2", **({"backendHttpSettingsCollection": [v2_settings()]} | changes)
    )


def without_probe(**changes: Any) -> Any:
    return {"probes": [], "backendHttpSettingsCollection": [v2_settings(probe=None, **changes)]}


def worlds() -> Iterator[Any]:
    """Gateways on which a guide may have something else to say."""
    yield pytest.param(document(), id="v1")
    yield pytest.param(v2(), id="v2")
    yield pytest.param(v2(**without_probe()), id="default-probe")
    yield pytest.param(v2(servers=(APP_SERVICE,)), id="app-service")
    yield pytest.param(v2(servers=("web",), top_tags={"managed-by-k8s-ingress": "1"}), id="agic")
    yield pytest.param(v2(top_tags={"managed-by-k8s-ingress": "1"}), id="agic-pod")
    sni = [v2_settings(sniName=HOST)]
    yield pytest.param(v2(backendHttpSettingsCollection=sni), id="sni-name")
    basic = [item("httpListeners", "site", protocol="Http")]
    plain_http = {"protocol": "Http", "port": 80}
    http = [v2_settings(**plain_http)]
    yield pytest.param(
        v2(
            httpListeners=basic, backendHttpSettingsCollection=http, probes=[probe(protocol="Http")]
        ),
        id="basic-listener",
    )
    yield pytest.param(
        v2(httpListeners=basic, gatewayIPConfigurations=[], **without_probe()), id="no-subnet"
    )


def told(rule: Rule, made: Case, match: Match) -> list[Step]:
    assert rule.guide is not None, f"{rule.id} has no guide"
    return list(rule.guide.steps(made, match))


@pytest.mark.parametrize("base", tuple(worlds()))
@pytest.mark.parametrize("rule", ERRORS, ids=lambda it: it.id)
def test_every_error_has_a_command_to_act_and_one_to_see_that_it_is_done(
    rule: Rule, base: Any
) -> None:
    made = case(base, answered(APP))
    of_a_part = Match("", (), part="map/entry")
    steps = told(rule, made, Match("", (), made.backends[0])) or told(rule, made, of_a_part)
    assert [it for it in steps if it.command and not it.checks], "nothing to do"
    assert [it for it in steps if it.command and it.checks], "nothing shows that it is done"
    for step in steps:
        assert step.who.startswith("Whoever runs ")
        assert step.text[-1] == (":" if step.command else ".")
        assert ending_command(step.sentence)[1] == step.command
        assert step.text in step.sentence
    assert rule.guide is not None
    assert rule.guide.title[0].isupper()
    assert not rule.guide.title.endswith(".")


def test_only_where_nothing_but_the_gateway_speaks_is_the_cause_unknown() -> None:
    unknown = {it.id for it in ERRORS if it.guide and not it.guide.cause_known}
    assert unknown == {"backend_not_followed", "gateway_reports_unhealthy"}


def test_a_server_that_is_not_followed_has_steps_without_a_request() -> None:
    said = commands_of("backend_not_followed", case(), "10.1.5.11")
    assert "show-backend-health" in said
    assert "curl" not in said
    assert "curl" in commands_of("gateway_reports_unhealthy", case())


def test_a_guide_of_backends_has_nothing_to_say_of_another_part() -> None:
    guide = of_backend("t", lambda view: [Step("w", view.server)])
    made = case()
    assert [it.text for it in guide.steps(made, Match("", (), made.backends[0]))] == ["10.1.5.11"]
    assert list(guide.steps(made, Match("", (), part="pool"))) == []


def commands_of(rule: str, made: Case, part: str | None = None) -> str:
    guide = next(it.guide for it in RULES if it.id == rule)
    assert guide is not None
    match = Match("", (), None if part else made.backends[0], part=part)
    return "\n".join(plain(it.sentence) for it in guide.steps(made, match))


def test_an_app_that_may_be_stopped_is_looked_at_where_it_runs() -> None:
    made = case(v2(servers=(APP_SERVICE,)), answered(APP, status=403))
    said = commands_of("probe_needs_sign_in", made)
    assert "az webapp list" in said
    assert "az webapp start -g APP_RESOURCE_GROUP -n shop" in said
    assert "access-restriction add -g APP_RESOURCE_GROUP -n shop" in said
    assert made.gateway.subnets[0] in said
    other = commands_of("probe_needs_sign_in", case(v2(), answered(APP, status=403)))
    assert "az webapp" not in other
    assert "addressPrefix" in other


def test_a_dead_pod_is_looked_for_in_the_cluster_before_anything_else() -> None:
    owned = v2(top_tags={"managed-by-k8s-ingress": "1"})
    for rule in ("port_refused", "port_silent"):
        first = commands_of(rule, case(owned)).splitlines()[0]
        assert "kubectl get endpointslices,pods -A -o wide | grep -wF 10.1.5.11" in first
        assert "kubectl" not in commands_of(rule, case(v2()))
    assert "kubectl" in commands_of("pool_empty", case(owned), "pool")
    assert "kubectl" not in commands_of("pool_empty", case(v2()), "pool")


def test_names_are_looked_up_at_the_servers_that_the_gateway_asks() -> None:
    made = case(v2(servers=("app.contoso.com",)))
    own = around(dns=("10.0.0.4", "10.0.0.5"))
    said = commands_of("backend_name_not_resolved", replace(made, network=own))
    assert "nslookup app.contoso.com 10.0.0.4" in said
    assert "nslookup app.contoso.com 10.0.0.5" in said
    assert "-z contoso.com" in said
    azures = replace(made, network=around())
    assert "nslookup app.contoso.com\n" in commands_of("backend_name_not_resolved", azures)


def test_a_probe_that_is_not_there_yet_is_made_and_assigned() -> None:
    said = commands_of("default_probe_host", case(v2(**without_probe())))
    assert "probe create -g rg-test --subscription s1 --gateway-name agw -n PROBE" in said
    assert f"--host {HOST}" in said
    assert "--probe PROBE" in said
    there = commands_of("default_probe_host", case(v2()))
    assert (
        f"probe update -g rg-test --subscription s1 --gateway-name agw -n probe --host {HOST}"
        in there
    )
    assert "--probe PROBE" not in there


def test_on_v1_the_name_goes_into_the_pool_and_on_v2_into_settings_and_probe() -> None:
    assert "address-pool update" in commands_of("sni_required", case(document()))
    second = commands_of("sni_required", case(v2()))
    assert "http-settings update" in second
    assert "probe update" in second
    fixed = v2(backendHttpSettingsCollection=[v2_settings(sniName=HOST)])
    assert "--sni-name HOST_NAME" in commands_of("sni_required", case(fixed))


def test_what_is_not_the_certificate_that_azure_holds_is_not_uploaded() -> None:
    base = document()
    other = replace(ILB, sha256="f" * 64)
    made = case(base, answered(other), environments=one(held=(stored(ILB),)))
    said = commands_of("certificate_not_allow_listed", made)
    assert "Do not upload" in said
    assert "auth-cert create" not in said


def test_a_renewed_certificate_is_allow_listed_on_v1_only() -> None:
    assert "auth-cert create" in commands_of("certificate_not_in_date", case(document()))
    assert "auth-cert create" not in commands_of("certificate_not_in_date", case(v2()))


def test_a_rewrite_rule_keeps_the_headers_that_are_not_at_fault() -> None:
    headers = [
        {"headerName": "X-Site", "headerValue": "shop"},
        {"headerName": "X-Gone", "headerValue": ""},
        {"headerName": "X-Said", "headerValue": "'it' is"},
        {"headerName": "Host", "headerValue": "app.example"},
    ]
    rules = rewrite("r", path="/x", query="y", requestHeaderConfigurations=headers)
    made = case(rewritten(rules, rewrite("query", query="z")))
    (rule,) = (it for it in ERRORS if it.id == "rewrite_breaks_request")
    steps = told(rule, made, Match("", (), made.backends[0], client=made.clients[0]))
    (first, _) = [it.command or "" for it in steps if "rewrite-rule update" in (it.command or "")]
    assert "--rule-set-name set --request-headers X-Site=shop" in first
    words = shlex.split(first)
    assert {"X-Gone=''", "X-Said=''/it'/ is'", "Host=HOST_NAME"} < set(words)
    assert first.endswith("--modified-path /PATH --modified-query-string QUERY")
    assert (steps[-1].command or "").endswith(f"https://{HOST}/health")
