"""ARM's JSON -> Gateway, read defensively."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.arm.certificates_reader import certificate_data
from bot.core.arm.gateway_reader import read_gateway
from bot.core.model.certificate import Certificate, Unreadable
from bot.core.model.load_distribution import LoadDistributionTarget
from bot.core.remedies.edit_builder import certificate_text
from bot.core.routing.routes import backends
from tests.core.make import (
    APP,
    ID,
    SUBNET,
    certificates,
    document,
    item,
    probe,
    ref,
    rule,
    settings,
)
from tests.core.plainly import plainly

REAL = Path(__file__).parents[4] / "shared" / "real" / "gateways"


def test_the_incident_is_read_whole() -> None:
    gateway = read_gateway(document(top_tags={"owner": "net"}), certificates())
    assert (gateway.name, gateway.resource_group, gateway.subscription) == ("agw", "rg-test", "s1")
    assert (gateway.generation, gateway.tier, gateway.etag) == ("v1", "Standard", 'W/"1"')
    assert gateway.listeners[0].port == 443
    assert gateway.tags == (("owner", "net"),)
    assert gateway.subnets == (SUBNET.lower(),)
    assert isinstance(gateway.authentication_certificates[0].certificate, Certificate)


@pytest.mark.parametrize(
    ("tier", "generation"),
    [("Standard", "v1"), ("WAF", "v1"), ("Standard_v2", "v2"), ("WAF_v2", "v2"), ("Basic", "v2")],
)
def test_only_standard_and_waf_are_v1(tier: str, generation: str) -> None:
    assert read_gateway(document(tier=tier), {}).generation == generation


def test_ids_are_compared_without_regard_to_case() -> None:
    made = document()
    made["properties"]["requestRoutingRules"][0]["properties"]["backendAddressPool"]["id"] = (
        f"{ID}/backendaddressPOOLS/pool"
    )
    assert [it.server for it in backends(read_gateway(made, {}))] == ["10.1.5.11"]


def test_members_may_be_bare_strings_or_nonsense() -> None:
    addresses = ["10.0.0.1", {"fqdn": "a.example"}, {"ipAddress": "10.0.0.2"}, {}, 7, None]
    pools = [item("backendAddressPools", "pool", backendAddresses=addresses)]
    gateway = read_gateway(document(backendAddressPools=pools), {})
    assert gateway.pools[0].servers == ("10.0.0.1", "a.example", "10.0.0.2")


def test_a_path_map_leads_to_backends_and_its_default_comes_last() -> None:
    path_map = item(
        "urlPathMaps",
        "map",
        defaultBackendAddressPool=ref("backendAddressPools", "pool"),
        defaultBackendHttpSettings=ref("backendHttpSettingsCollection", "https"),
        pathRules=[
            {
                "name": "api",
                "properties": {
                    "paths": ["/api/*"],
                    "backendAddressPool": ref("backendAddressPools", "pool"),
                    "backendHttpSettings": ref("backendHttpSettingsCollection", "https"),
                },
            },
            "nonsense",
        ],
    )
    rule = item(
        "requestRoutingRules",
        "rule",
        httpListener=ref("httpListeners", "site"),
        urlPathMap=ref("urlPathMaps", "map"),
        priority=10,
    )
    gateway = read_gateway(document(urlPathMaps=[path_map], requestRoutingRules=[rule]), {})
    (backend,) = backends(gateway)
    assert [route.paths for route in backend.routes] == [("/api/*",), ("/*",)]
    assert backend.hosts == ("test.appgwtestase.com",)


def test_a_certificate_that_is_not_there_says_why() -> None:
    stored = [
        item("trustedRootCertificates", "vault", keyVaultSecretId="https://vault"),
        item("trustedRootCertificates", "empty"),
        item("trustedRootCertificates", "odd", data="odd"),
    ]
    gateway = read_gateway(document(trustedRootCertificates=stored), {})
    reasons = [
        it.certificate.reason
        for it in gateway.trusted_roots
        if isinstance(it.certificate, Unreadable)
    ]
    assert reasons == [
        "it is kept in Key Vault, and Azure does not show it here",
        "Azure's answer holds no certificate data",
        "it was not parsed",
    ]


def test_every_certificate_text_is_named_for_parsing() -> None:
    stored = item("trustedRootCertificates", "vault", keyVaultSecretId="https://vault")
    made = document(trustedRootCertificates=[stored])
    assert list(certificate_data(made)) == [certificate_text(APP)]


def test_a_probe_may_pick_the_name_from_backend_settings() -> None:
    picking = probe(pickHostNameFromBackendSettings=True)
    assert read_gateway(document(probes=[picking]), {}).probes[0].pick_host_from_settings


def test_a_rule_that_lets_clients_sign_in_becomes_a_note() -> None:
    policy = {"id": "/subscriptions/s1/providers/Microsoft.Network/authenticationPolicies/entra"}
    binding = [{"name": "entra", "authenticationPolicy": policy}]
    (note,) = read_gateway(document(requestRoutingRules=[rule(authConfigs=binding)]), {}).notes
    assert plainly([note]) == [
        "Rule rule may make clients sign in first (authConfigs): what is said of clients is true of those who have",
    ]


def test_a_load_distribution_policy_is_read_whole() -> None:
    targets = [
        {
            "name": "blue",
            "properties": {
                "weightPerServer": 9,
                "backendAddressPool": ref("backendAddressPools", "blue"),
            },
        },
        {"name": "none", "properties": {}},
    ]
    spread = item(
        "loadDistributionPolicies",
        "spread",
        loadDistributionAlgorithm="IpHash",
        loadDistributionTargets=targets,
    )
    bare = item("loadDistributionPolicies", "bare")
    gateway = read_gateway(document(loadDistributionPolicies=[spread, bare]), {})
    pool = f"{ID}/backendAddressPools/blue".lower()
    assert [(it.name, it.algorithm, it.targets, it.unread) for it in gateway.policies] == [
        (
            "spread",
            "IpHash",
            (LoadDistributionTarget(pool, 9), LoadDistributionTarget(None, 1)),
            False,
        ),
        ("bare", "RoundRobin", (), False),
    ]
    assert gateway.policies[0].pools == (pool,)
    assert gateway.notes == ()


def test_what_has_no_id_is_no_gateway() -> None:
    with pytest.raises(ValueError, match="not the document of an application gateway"):
        read_gateway({"name": "x"}, {})


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = sorted(document()["properties"])


@given(st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=4))
def test_any_part_may_be_nonsense(parts: dict[str, Any]) -> None:
    gateway = read_gateway(document(**parts), {})
    backends(gateway)


@given(
    st.sampled_from(["backendAddressPools", "probes", "httpListeners", "urlPathMaps"]), json_values
)
def test_any_entry_may_be_nonsense(collection: str, value: Any) -> None:
    parts: dict[str, Any] = {collection: [{"name": "x", "properties": value}, value]}
    read_gateway(document(**parts), {})


@pytest.mark.skipif(
    not REAL.exists(), reason="the recorded answers of public test suites are not here"
)
@pytest.mark.parametrize("path", sorted(REAL.glob("*.json")), ids=lambda path: path.stem)
def test_real_answers_are_read(path: Path) -> None:
    made = json.loads(path.read_text(encoding="utf-8"))
    gateway = read_gateway(made, {})
    properties = made["properties"]
    assert len(gateway.pools) == len(properties.get("backendAddressPools") or [])
    assert len(gateway.http_settings) == len(properties.get("backendHttpSettingsCollection") or [])
    assert len(gateway.listeners) == len(properties.get("httpListeners") or [])
    backends(gateway)


def test_numbers_and_lists_of_one_may_be_written_as_texts() -> None:
    https = settings(port="8443", requestTimeout="7")
    lone = item("httpListeners", "site", hostNames="shop.contoso.com")
    odd = document(
        backendHttpSettingsCollection=[https, settings("bare", port={})],
        httpListeners=[lone],
        probes=[probe(match={"statusCodes": "401"})],
    )
    gateway = read_gateway(odd, {})
    first, bare = gateway.http_settings
    assert (first.port, first.request_timeout, bare.port) == (8443, 7, 443)
    assert gateway.listeners[0].hosts == ("shop.contoso.com",)
    assert gateway.probes[0].match.status_codes == ("401",)


@pytest.mark.parametrize(
    ("hosts", "read", "notes"),
    [
        ("a.example", ("a.example",), ()),
        (7, (), ("httpListeners/x/hostNames of the gateway is the number 7, not a list of texts",)),
        (
            ["a.example", 7],
            ("a.example",),
            ("httpListeners/x/hostNames/2 of the gateway is the number 7, not a text",),
        ),
    ],
)
def test_host_names_of_other_kinds(
    hosts: Any, read: tuple[str, ...], notes: tuple[str, ...]
) -> None:
    made = document(httpListeners=[item("httpListeners", "x", hostNames=hosts)])
    gateway = read_gateway(made, {})
    assert gateway.listeners[0].hosts == read
    assert plainly(gateway.notes) == tuple(f"Not read: {it}" for it in notes)


def test_numbers_may_be_texts_everywhere() -> None:
    numbers = {"interval": "5", "timeout": "6", "unhealthyThreshold": "7", "minServers": "8"}
    made = document(
        tier="WAF_v2",
        frontendPorts=[item("frontendPorts", "p443", port="443")],
        probes=[probe(port="8443", **numbers)],
    )
    made["properties"]["requestRoutingRules"][0]["properties"]["priority"] = "100"
    made["properties"]["sku"]["capacity"] = "2"
    gateway = read_gateway(made, {})
    (found,) = gateway.probes
    assert (found.interval, found.timeout, found.threshold, found.min_servers) == (5, 6, 7, 8)
    assert (found.port, gateway.listeners[0].port) == (8443, 443)
    assert (gateway.rules[0].priority, gateway.scale.most) == (100, 2)
    assert gateway.notes == ()


def test_parts_without_an_id_are_not_mixed_up() -> None:
    """Nothing refers to a part that has none, not even a rule that refers to nothing."""
    pool = {"name": "p", "properties": {"backendAddresses": [{"ipAddress": "10.9.9.9"}]}}
    rule = item("requestRoutingRules", "rule", httpListener=ref("httpListeners", "site"))
    gateway = read_gateway(document(backendAddressPools=[pool], requestRoutingRules=[rule]), {})
    assert gateway.pools[0].id == "backendaddresspools/p"
    assert backends(gateway) == ()


@pytest.mark.skipif(
    not REAL.exists(), reason="the recorded answers of public test suites are not here"
)
@pytest.mark.parametrize("path", sorted(REAL.glob("*.json")), ids=lambda path: path.stem)
def test_nothing_of_a_real_answer_is_unread(path: Path) -> None:
    gateway = read_gateway(json.loads(path.read_text(encoding="utf-8")), {})
    assert [it for it in gateway.notes if it.startswith("Not read")] == []
