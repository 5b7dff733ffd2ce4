"""ARM's JSON of the TCP/TLS proxy (layer 4) -> the same values as of its HTTP part.

Shape: azure-mgmt-network 33.1.0 (ApplicationGatewayListener, ApplicationGatewayBackendSettings,
ApplicationGatewayRoutingRule). TLS to a backend is validated as it is for HTTPS, and nothing switches that off: the SNI
is the settings' host name, or the pool member where they pick it; trusted are well-known CAs, or the listed roots
(learn.microsoft.com/azure/application-gateway/configuration-http-settings).
"""

from collections.abc import Mapping

from bot.core.arm.entry import Entry
from bot.core.model.gateway import HttpSettings, Listener, Protocol, RoutingRule

PROXY_LISTENERS, PROXY_SETTINGS, PROXY_RULES = (
    "listeners",
    "backendSettingsCollection",
    "routingRules",
)

_DEFAULT_TIMEOUT = 20
_WORDS: Mapping[str, Protocol] = {"tls": "https", "tcp": "http"}


def read_proxy_listeners(
    properties: Entry, ports: Mapping[str, int | None]
) -> tuple[Listener, ...]:
    """Every listener for TCP or TLS; its `hosts` are the server names that it takes."""
    return tuple(_listener(it, ports) for it in properties.entries(PROXY_LISTENERS))


def read_proxy_settings(properties: Entry) -> tuple[HttpSettings, ...]:
    """Every backend settings; `layer4` is set in them, and `proxy_header` where the PROXY header is sent first."""
    headed = {
        it.id
        for it in properties.entries("probes")
        if it.properties.flag("enableProbeProxyProtocolHeader")
    }
    return tuple(_settings(it, headed) for it in properties.entries(PROXY_SETTINGS))


def read_proxy_rules(properties: Entry) -> tuple[RoutingRule, ...]:
    """Every routing rule of the proxy."""
    return tuple(map(_rule, properties.entries(PROXY_RULES)))


def _listener(item: Entry, ports: Mapping[str, int | None]) -> Listener:
    found = item.properties
    protocol = _protocol(found)
    return Listener(
        item.id,
        item.name,
        protocol or "http",
        ports.get(found.reference("frontendPort") or ""),
        found.texts("hostNames", lone=True),
        found.reference("frontendIPConfiguration"),
        found.reference("sslCertificate"),
        unread=protocol is None or not item.is_whole,
    )


def _settings(item: Entry, headed: set[str]) -> HttpSettings:
    found = item.properties
    protocol, port, probe = _protocol(found), found.port("port"), found.reference("probe")
    return HttpSettings(
        id=item.id,
        name=item.name,
        protocol=protocol or "http",
        port=port or 0,
        host_name=found.text("hostName"),
        pick_host_from_address=found.flag("pickHostNameFromBackendAddress") is True,
        path=None,
        request_timeout=found.number("timeout") or _DEFAULT_TIMEOUT,
        probe=probe,
        authentication_certificates=(),
        trusted_roots=found.references("trustedRootCertificates"),
        validate_chain=True,
        validate_sni=True,
        sni_name=None,
        unread=protocol is None or port is None or not item.is_whole,
        layer4=True,
        proxy_header=found.flag("enableL4ClientIpPreservation") is True or probe in headed,
    )


def _rule(item: Entry) -> RoutingRule:
    found = item.properties
    return RoutingRule(
        id=item.id,
        name=item.name,
        priority=found.number("priority"),
        listener=found.reference("listener") or "",
        pool=found.reference("backendAddressPool"),
        settings=found.reference("backendSettings"),
        path_map=None,
        redirect=None,
        unread=not item.is_whole,
    )


def _protocol(found: Entry) -> Protocol | None:
    return _WORDS.get((found.text("protocol") or "").lower())
