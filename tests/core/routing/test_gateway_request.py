"""What a gateway sends, as a table: learn.microsoft.com/azure/application-gateway/ssl-overview."""

from typing import Any

import pytest

from bot.core.model.gateway import Gateway
from bot.core.model.observation import Attempt
from bot.core.routing.gateway_request import client_request, name_or_none, probe_request
from bot.core.routing.routes import Backend
from tests.core.make import case, document, probe, settings, v2_settings

IP, NAME = "10.1.5.11", "pool.example"


def made(
    tier: str, server: str, probe_changes: dict[str, Any] | None, **changes: Any
) -> tuple[Gateway, Backend]:
    setting = v2_settings if tier.endswith("v2") else settings
    no_probe = {"probe": None} if probe_changes is None else {}
    built = document(
        tier=tier,
        servers=(server,),
        backendHttpSettingsCollection=[setting(**(no_probe | changes))],
        probes=[probe(**(probe_changes or {}))],
    )
    it = case(built)
    return it.gateway, it.backends[0]


HOST: dict[str, Any] = {"host": "probe.example"}
PICK: dict[str, Any] = {"host": None, "pickHostNameFromBackendHttpSettings": True}


@pytest.mark.parametrize(
    ("tier", "server", "probe_changes", "changes", "sni", "host"),
    [
        # v1: the pool member is the SNI if it is a name; nothing else counts.
        ("Standard", IP, HOST, {}, None, "probe.example"),
        ("Standard", NAME, HOST, {}, NAME, "probe.example"),
        ("Standard", IP, None, {"hostName": "set.example"}, None, "127.0.0.1"),
        ("WAF", NAME, None, {}, NAME, "127.0.0.1"),
        # v2: probe host, else the settings' host name, else the pool member.
        ("Standard_v2", IP, HOST, {}, "probe.example", "probe.example"),
        ("Standard_v2", NAME, HOST, {"hostName": "set.example"}, "probe.example", "probe.example"),
        ("Standard_v2", IP, PICK, {"hostName": "set.example"}, "set.example", "set.example"),
        ("Standard_v2", IP, PICK, {"pickHostNameFromBackendAddress": True}, None, IP),
        ("Standard_v2", NAME, PICK, {"pickHostNameFromBackendAddress": True}, NAME, NAME),
        ("WAF_v2", IP, None, {"hostName": "set.example"}, "set.example", "127.0.0.1"),
        ("WAF_v2", NAME, None, {}, NAME, "127.0.0.1"),
        ("WAF_v2", IP, None, {}, None, "127.0.0.1"),
        # sniName goes first on v2, and is no property of v1.
        ("Standard_v2", IP, HOST, {"sniName": "sni.example"}, "sni.example", "probe.example"),
        ("Standard_v2", NAME, None, {"sniName": "sni.example"}, "sni.example", "127.0.0.1"),
        ("Standard", NAME, HOST, {"sniName": "sni.example"}, NAME, "probe.example"),
        # The winning value is an IP literal: no SNI (RFC 6066).
        ("Standard_v2", NAME, {"host": "10.9.9.9"}, {}, None, "10.9.9.9"),
        ("Standard_v2", IP, {"host": None}, {}, None, "127.0.0.1"),
    ],
)
def test_sni_and_host_of_a_probe(
    tier: str,
    server: str,
    probe_changes: dict[str, Any] | None,
    changes: dict[str, Any],
    sni: str | None,
    host: str,
) -> None:
    sent = probe_request(*made(tier, server, probe_changes, **changes))
    assert (sent.sni, sent.host) == (sni, host)


@pytest.mark.parametrize(
    ("tier", "server", "changes", "sni", "host"),
    [
        ("Standard", IP, {}, None, "client.example"),
        ("Standard", IP, {"hostName": "set.example"}, None, "set.example"),
        ("Standard", NAME, {"pickHostNameFromBackendAddress": True}, NAME, NAME),
        ("Standard_v2", IP, {}, "client.example", "client.example"),
        ("Standard_v2", NAME, {}, "client.example", "client.example"),
        ("Standard_v2", IP, {"hostName": "set.example"}, "set.example", "set.example"),
        ("Standard_v2", IP, {"sniName": "sni.example"}, "sni.example", "client.example"),
        ("Standard_v2", IP, {"pickHostNameFromBackendAddress": True}, None, IP),
    ],
)
def test_sni_and_host_of_live_traffic(
    tier: str, server: str, changes: dict[str, Any], sni: str | None, host: str
) -> None:
    gateway, backend = made(tier, server, HOST, **changes)
    sent = client_request(gateway, backend, "client.example")
    assert (sent.sni, sent.host) == (sni, host)


def test_the_probe_overrules_protocol_port_path_and_times() -> None:
    own = {"protocol": "Http", "port": 8080, "path": "/up", "interval": 5, "timeout": 7}
    sent = probe_request(*made("Standard_v2", IP, own))
    assert (sent.protocol, sent.port, sent.path, sent.interval, sent.timeout) == (
        "http",
        8080,
        "/up",
        5,
        7,
    )
    assert sent.to(IP) == Attempt(IP, 8080, False, None, "test.appgwtestase.com", "/up")


@pytest.mark.parametrize("host", [None, "", "10.0.0.1", "::1", "*.example.com"])
def test_what_may_not_be_sent_as_sni(host: str | None) -> None:
    assert name_or_none(host) is None


WRITTEN, SENT = "b\u00fccher.example", "xn--bcher-kva.example"


@pytest.mark.parametrize("tier", ["Standard", "Standard_v2"])
def test_names_with_other_letters_are_sent_in_their_ascii_form(tier: str) -> None:
    gateway, backend = made(tier, WRITTEN, {"host": WRITTEN})
    for sent in (probe_request(gateway, backend), client_request(gateway, backend, WRITTEN)):
        assert (sent.sni, sent.host) == (SENT, SENT)
