"""The SNI and the Host header of a probe: the tables of Microsoft's pages, row by row."""

from typing import Any

import pytest

from bot.lab.azure.build import Site, certificate, https_settings, part, pool, probe
from bot.lab.azure.targets import Target, targets
from tests.lab.azure.world import APP, HOST, IP, ROOT, v1_gateway, v2_gateway

FQDN = "pool.example.com"
OTHER = "other.example.com"


def one_target(v1: bool, server: str, own_probe: dict[str, Any] | None, **settings: Any) -> Target:
    member = {"ips": [server]} if server == IP else {"fqdns": [server]}
    name = None if own_probe is None else "probe"
    trust = {"authentication_certificates": ["app"]} if v1 else {"trusted_roots": ["root"]}
    build = v1_gateway if v1 else v2_gateway
    document = build(
        pools=[pool("pool", **member)],
        settings=[https_settings("https", probe=name, **{**trust, **settings})],
        probes=[] if own_probe is None else [probe("probe", **own_probe)],
        sites=[Site("site", HOST, "pool", "https", APP)],
    )
    (target,) = targets(document)
    return target


PICK = {"pickHostNameFromBackendHttpSettings": True}


@pytest.mark.parametrize(
    ("server", "own_probe", "settings", "sni", "host"),
    [
        pytest.param(IP, None, {}, None, "127.0.0.1", id="default probe"),
        pytest.param(IP, {"host": OTHER}, {}, None, OTHER, id="IP with probe host"),
        pytest.param(
            IP, {"host": OTHER}, {"hostName": "x.example.com"}, None, OTHER, id="IP, both hosts"
        ),
        pytest.param(FQDN, None, {}, FQDN, "127.0.0.1", id="FQDN, default probe"),
        pytest.param(FQDN, {"host": OTHER}, {}, FQDN, OTHER, id="FQDN with probe host"),
        pytest.param(FQDN, PICK, {"hostName": OTHER}, FQDN, OTHER, id="FQDN, host of the setting"),
        pytest.param(IP, PICK, {"pickHostNameFromBackendAddress": True}, None, IP, id="IP, picked"),
        pytest.param(
            IP, {"host": HOST}, {"sniName": OTHER}, None, HOST, id="sniName is unknown to v1"
        ),
    ],
)
def test_v1(
    server: str,
    own_probe: dict[str, Any] | None,
    settings: dict[str, Any],
    sni: str | None,
    host: str,
) -> None:
    target = one_target(True, server, own_probe, **settings)
    assert (target.sni, target.host) == (sni, host)


@pytest.mark.parametrize(
    ("server", "own_probe", "settings", "sni", "host"),
    [
        pytest.param(IP, None, {}, None, "127.0.0.1", id="default probe"),
        pytest.param(
            IP, None, {"hostName": OTHER}, OTHER, "127.0.0.1", id="default probe, host in setting"
        ),
        pytest.param(IP, {"host": OTHER}, {}, OTHER, OTHER, id="IP with probe host"),
        pytest.param(
            IP, {"host": OTHER}, {"hostName": "x.example.com"}, OTHER, OTHER, id="probe host first"
        ),
        pytest.param(IP, {"host": IP}, {}, None, IP, id="an IP literal is no SNI"),
        pytest.param(
            IP, {"host": IP}, {"hostName": OTHER}, None, IP, id="an IP literal wins all the same"
        ),
        pytest.param(FQDN, None, {}, FQDN, "127.0.0.1", id="FQDN, default probe"),
        pytest.param(FQDN, {"host": OTHER}, {}, OTHER, OTHER, id="FQDN with probe host"),
        pytest.param(FQDN, PICK, {"hostName": OTHER}, OTHER, OTHER, id="host of the setting"),
        pytest.param(
            FQDN, PICK, {"pickHostNameFromBackendAddress": True}, FQDN, FQDN, id="FQDN, picked"
        ),
        pytest.param(IP, PICK, {"pickHostNameFromBackendAddress": True}, None, IP, id="IP, picked"),
        pytest.param(IP, {"host": IP}, {"sniName": OTHER}, OTHER, IP, id="sniName"),
    ],
)
def test_v2(
    server: str,
    own_probe: dict[str, Any] | None,
    settings: dict[str, Any],
    sni: str | None,
    host: str,
) -> None:
    target = one_target(False, server, own_probe, **settings)
    assert (target.sni, target.host) == (sni, host)


def test_the_name_that_is_compared() -> None:
    def compared(*arguments: Any, **settings: Any) -> str | None:
        trust = one_target(*arguments, **settings).trust
        assert trust is not None
        return trust.expected_name

    assert compared(True, IP, {"host": HOST}) is None
    assert compared(True, FQDN, {"host": HOST}) == FQDN
    assert compared(False, IP, {"host": HOST}) == HOST
    assert compared(False, IP, None) is None
    assert compared(False, IP, {"host": HOST}, validateSNI=False) is None


def test_the_default_probe() -> None:
    target = one_target(False, IP, None)
    assert (target.path, target.interval, target.timeout, target.threshold) == ("/", 30, 30, 3)
    assert target.statuses == ("200-399",)
    assert target.port == 443


def test_a_custom_probe() -> None:
    own = {
        "host": HOST,
        "path": "/health",
        "interval": 5,
        "timeout": 4,
        "threshold": 2,
        "statuses": ["200", "401"],
        "port": 8443,
    }
    v2, v1 = one_target(False, IP, own), one_target(True, IP, own)
    assert (v2.path, v2.interval, v2.timeout, v2.threshold) == ("/health", 5, 4, 2)
    assert v2.statuses == ("200", "401")
    assert (v2.port, v1.port) == (8443, 443)
    assert (v2.eager, v1.eager) == (False, True)


def test_rules_and_paths_say_what_is_probed() -> None:
    found = [
        (each.pool.rpartition("/")[2], each.settings.rpartition("/")[2])
        for each in targets(v2_gateway())
    ]
    assert found == [("pool", "https"), ("pool", "http")]


def test_certificates_that_cannot_be_read_are_passed_over() -> None:
    document = v2_gateway(
        trusted_roots=[certificate("root", ROOT), {"name": "odd", "properties": {"data": "odd"}}],
        settings=[https_settings("https", probe="probe", trusted_roots=["root", "odd"])],
        sites=[Site("site", HOST, "pool", "https", APP)],
    )
    (target,) = targets(document)
    assert target.trust is not None
    assert target.trust.certificates == (ROOT.der,)


def proxy_target(settings: dict[str, Any], own_probe: dict[str, Any] | None = None) -> Target:
    """What the proxy's probe of a v2 gateway sends to the member that the proxy's rule leads to."""
    ends = {
        "backendAddressPool": {"id": "backendAddressPools/db"},
        "backendSettings": {"id": "backendSettingsCollection/db"},
    }
    own = {} if own_probe is None else {"probe": {"id": "probes/db"}}
    document = v2_gateway(
        pools=[pool("pool", ips=[IP]), pool("db", fqdns=[FQDN])],
        probes=[probe("probe", host=HOST), part("db", **(own_probe or {"protocol": "Tcp"}))],
        backendSettingsCollection=[part("db", port=5432, **settings, **own)],
        routingRules=[part("db", **ends)],
    )
    (target,) = (it for it in targets(document) if it.server == FQDN)
    return target


@pytest.mark.parametrize(
    ("settings", "own_probe", "port", "sni", "checks"),
    [
        pytest.param({"protocol": "Tcp"}, None, 5432, None, False, id="TCP"),
        pytest.param({"protocol": "Tls", "hostName": OTHER}, None, 5432, OTHER, True, id="TLS"),
        pytest.param({"protocol": "Tls", "hostName": IP}, None, 5432, None, True, id="no SNI"),
        pytest.param(
            {"protocol": "Tls", "pickHostNameFromBackendAddress": True},
            None,
            5432,
            FQDN,
            True,
            id="picked",
        ),
        pytest.param(
            {"protocol": "Tls", "hostName": OTHER},
            {"protocol": "Tcp", "port": 6000},
            6000,
            None,
            False,
            id="TCP probe",
        ),
    ],
)
def test_the_proxy_sends_no_request(
    settings: dict[str, Any],
    own_probe: dict[str, Any] | None,
    port: int,
    sni: str | None,
    checks: bool,
) -> None:
    target = proxy_target(settings, own_probe)
    assert (target.bare, target.port, target.sni) == (True, port, sni)
    assert (target.trust is not None) is checks
    if target.trust:
        assert (target.trust.expected_name, target.trust.check_chain) == (sni, True)
