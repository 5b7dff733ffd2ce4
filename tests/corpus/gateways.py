"""Gateways at random: ARM documents.

They have the shapes of real answers, the rare and the broken ones too: references to parts that are
not there, bare strings for addresses, certificates that are none, parts of other features.
"""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from bot.core.arm.document import Json
from bot.core.remedies.edit_builder import certificate_text
from tests.core.make import APP, HOST, ILB, NOW, ROOT, SERVER, certificate, document, item, ref

LATE = certificate(HOST, not_after=NOW.replace(year=2020), sha256="1" * 64, der=b"late")
HOSTS = (HOST, "api.appgwtestase.com", "other.contoso.com", "*.appgwtestase.com")
SERVERS = (SERVER, "10.1.5.12", HOST, "web01.corp.contoso.net")


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def some_of(collection: str, *names: str) -> st.SearchStrategy[list[Json]]:
    """References, one of them to a part that may not be there."""
    return st.lists(st.sampled_from([ref(collection, name) for name in names]), max_size=2)


def without_none(properties: Mapping[str, Any]) -> Json:
    return {key: value for key, value in properties.items() if value is not None}


@st.composite
def settings(draw: st.DrawFn, name: str, v1: bool) -> Json:
    kind = "authenticationCertificates" if v1 else "trustedRootCertificates"
    found = {
        "port": draw(st.sampled_from([80, 443, 8443])),
        "protocol": draw(st.sampled_from(["Https", "Https", "Http"])),
        "hostName": draw(maybe(st.sampled_from(HOSTS))),
        "pickHostNameFromBackendAddress": draw(maybe(st.booleans())),
        "probe": draw(maybe(st.sampled_from([ref("probes", "p0"), ref("probes", "gone")]))),
        "requestTimeout": draw(maybe(st.sampled_from([1, 20, 86400]))),
        kind: draw(maybe(some_of(kind, "c0", "c1", "gone"))),
        "validateCertChainAndExpiry": draw(maybe(st.booleans())),
        "validateSNI": draw(maybe(st.booleans())),
        "sniName": draw(maybe(st.sampled_from(HOSTS))),
        "path": draw(maybe(st.just("/base"))),
    }
    return item("backendHttpSettingsCollection", name, **without_none(found))


@st.composite
def probes(draw: st.DrawFn) -> Json:
    found = {
        "protocol": draw(st.sampled_from(["Https", "Http"])),
        "host": draw(maybe(st.sampled_from([*HOSTS, SERVER]))),
        "path": draw(maybe(st.sampled_from(["/", "/health"]))),
        "timeout": draw(maybe(st.sampled_from([1, 30]))),
        "pickHostNameFromBackendHttpSettings": draw(maybe(st.booleans())),
        "minServers": draw(maybe(st.sampled_from([0, 1]))),
        "port": draw(maybe(st.just(8443))),
        "match": draw(
            maybe(
                st.fixed_dictionaries(
                    {},
                    optional={
                        "statusCodes": st.sampled_from([["200-399"], ["200"], ["nonsense"], []]),
                        "body": st.sampled_from(["", "all good"]),
                    },
                )
            )
        ),
    }
    return item("probes", "p0", **without_none(found))


@st.composite
def gateways(draw: st.DrawFn) -> Json:
    """One ARM document: up to two listeners, pools and settings, tied in any way, also wrongly."""
    tier = draw(st.sampled_from(["Standard", "WAF", "Standard_v2", "WAF_v2", "Basic"]))
    v1 = tier in ("Standard", "WAF")
    texts = [certificate_text(it) for it in (APP, ILB, ROOT, LATE)]
    stored = draw(st.lists(st.sampled_from([*texts, "not a certificate", None]), max_size=2))
    kind = "authenticationCertificates" if v1 else "trustedRootCertificates"
    addresses = st.sampled_from(SERVERS).flatmap(
        lambda it: st.sampled_from([{"ipAddress": it}, {"fqdn": it}, it])
    )
    pools = [
        item(
            "backendAddressPools",
            f"b{n}",
            backendAddresses=draw(st.lists(addresses, min_size=1 - n, max_size=2)),
        )
        for n in range(2)
    ]
    pool, setting = (
        st.sampled_from([ref("backendAddressPools", name) for name in (*["b0"] * 9, "b1", "gone")]),
        st.sampled_from(
            [ref("backendHttpSettingsCollection", name) for name in (*["s0"] * 9, "s1", "gone")]
        ),
    )
    way = st.fixed_dictionaries({"backendAddressPool": pool, "backendHttpSettings": setting})
    rules = [
        {"httpListener": ref("httpListeners", f"l{n}"), "priority": 10 * n + 10, **draw(way)}
        for n in range(2)
    ]
    if draw(st.booleans()):
        rules[1]["urlPathMap"] = ref("urlPathMaps", "m0")
    entry = {"name": "e0", "properties": {"paths": ["/api/*"], **draw(way)}}
    parts: Json = {
        "authenticationCertificates": [],
        "trustedRootCertificates": [],
        kind: [item(kind, f"c{n}", data=data) for n, data in enumerate(stored)],
        "backendAddressPools": pools,
        "backendHttpSettingsCollection": [draw(settings(f"s{n}", v1)) for n in range(2)],
        "probes": [draw(probes())],
        "httpListeners": [
            item(
                "httpListeners",
                f"l{n}",
                protocol="Https",
                frontendPort=ref("frontendPorts", "p443"),
                **draw(st.sampled_from([{"hostName": it} for it in HOSTS] + [{}])),
            )
            for n in range(2)
        ],
        "requestRoutingRules": [
            item("requestRoutingRules", f"r{n}", **it) for n, it in enumerate(rules)
        ],
        "urlPathMaps": [
            item(
                "urlPathMaps",
                "m0",
                pathRules=[entry],
                defaultBackendAddressPool=ref("backendAddressPools", "b1"),
                defaultBackendHttpSettings=ref("backendHttpSettingsCollection", "s1"),
            )
        ],
        "rewriteRuleSets": [item("rewriteRuleSets", "w0", rewriteRules=[{"name": "x"}])],
    }
    return document(
        tier=tier,
        **parts,
        top_tags=draw(st.sampled_from([{}, {"owner": "web"}])),
        top_identity={"type": "UserAssigned"},
    )
