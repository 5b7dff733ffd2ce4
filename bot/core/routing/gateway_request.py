"""What a gateway sends to a backend: SNI, Host header, path, port.

The rules differ by generation. Source for every SNI line here:
https://learn.microsoft.com/azure/application-gateway/ssl-overview
("For probe traffic" and "For live traffic"); for the Host header and the default probe:
https://learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview and
https://learn.microsoft.com/azure/application-gateway/configuration-http-settings

Three sentences to hold in the head:
1. v1 takes the SNI from the pool member, so an IP member gets none, whatever the probe's host says.
2. v2 takes the SNI of a probe from the settings' `sniName`, else the probe's host, else the settings' host
   name, else the pool member.
3. An IP literal is never sent as SNI (RFC 6066, section 3).
"""

from dataclasses import dataclass, replace
from typing import Literal

from bot.core.model.gateway import Gateway, HttpSettings, Probe, ProbeMatch, Protocol, is_ip
from bot.core.model.hostname import ascii_name
from bot.core.model.marked import mark
from bot.core.model.observation import Attempt
from bot.core.routing.paths import overridden_path
from bot.core.routing.routes import Backend

DEFAULT_PROBE_HOST = "127.0.0.1"
DEFAULT_INTERVAL = 30
Transport = Literal["tls", "tcp"]
DEFAULT_TIMEOUT = 30


@dataclass(frozen=True, slots=True)
class GatewayRequest:
    """One request as the gateway makes it; `timeout` and `interval` in seconds.

    `bare`: it ends with the connection, or with the TLS handshake, as a probe for TCP or TLS does; its host and path
    mean nothing.
    """

    protocol: Protocol
    port: int
    sni: str | None
    host: str
    path: str
    match: ProbeMatch
    interval: int
    timeout: int
    bare: bool = False

    def to(self, server: str) -> Attempt:
        """The same request as an attempt of our own."""
        tls = self.protocol == "https"
        path = None if self.bare else self.path
        return Attempt(server, self.port, tls, self.sni if tls else None, self.host, path)


def transport_of(request: GatewayRequest) -> Transport | None:
    """What is spoken where no HTTP is; None where it is."""
    if not request.bare:
        return None
    return "tls" if request.protocol == "https" else "tcp"


def probe_request(gateway: Gateway, backend: Backend) -> GatewayRequest:
    """What the health probe sends to this backend.

    That a v2 probe sends the settings' `sniName` is inferred: configuration-http-settings (2025) says that it and
    the validation switches are not applied to the test probe on demand, and that its result may therefore differ
    from the periodic one; so periodic probes apply them.
    """
    settings = backend.settings
    if settings.layer4:
        return _proxy_request(gateway, backend)
    probe = gateway.probe_of(settings)
    host = probe_host(gateway, settings, backend.server)
    sni = _probe_sni(gateway, probe, settings, backend.server)
    if probe is None:
        return GatewayRequest(
            settings.protocol,
            settings.port,
            sni,
            host,
            "/",
            ProbeMatch(),
            DEFAULT_INTERVAL,
            DEFAULT_TIMEOUT,
        )
    return GatewayRequest(
        probe.protocol,
        probe.port or settings.port,
        sni,
        host,
        probe.path,
        probe.match,
        probe.interval,
        probe.timeout,
    )


def _proxy_request(gateway: Gateway, backend: Backend) -> GatewayRequest:
    """The connection that the TCP/TLS proxy makes to this backend, for clients and for its probe.

    Clients decide: where the probe only tries TCP and the settings use TLS, TLS is looked at. Without a host name, and
    without picking it from the pool, no SNI is documented (azure-mgmt-network, ApplicationGatewayBackendSettings).
    """
    settings = backend.settings
    probe = gateway.probe_of(settings)
    alike = probe is not None and probe.protocol == settings.protocol
    port = probe.port if probe is not None and alike else None
    picked = backend.server if settings.pick_host_from_address else settings.host_name
    return GatewayRequest(
        settings.protocol,
        port or settings.port,
        name_or_none(picked),
        picked or backend.server,
        "",
        ProbeMatch(),
        probe.interval if probe else DEFAULT_INTERVAL,
        probe.timeout if probe else DEFAULT_TIMEOUT,
        bare=True,
    )


def probe_host(gateway: Gateway, settings: HttpSettings, server: str) -> str:
    """The Host header of the health probe; the default probe says 127.0.0.1."""
    return ascii_name(_probe_host(gateway, settings, server))


def _probe_host(gateway: Gateway, settings: HttpSettings, server: str) -> str:
    probe = gateway.probe_of(settings)
    if probe is None:
        return DEFAULT_PROBE_HOST
    if probe.pick_host_from_settings:
        return server if settings.pick_host_from_address else settings.host_name or server
    return probe.host or DEFAULT_PROBE_HOST


def fixed_sni(gateway: Gateway, settings: HttpSettings) -> str | None:
    """What HTTP settings fix as SNI, whatever the hosts (`sniName`, v2 only); None where they do not."""
    return settings.sni_name if gateway.traits.has_tls_settings else None


def _probe_sni(
    gateway: Gateway, probe: Probe | None, settings: HttpSettings, server: str
) -> str | None:
    if not gateway.traits.sends_host_as_sni:
        return name_or_none(server)
    picked = server if settings.pick_host_from_address else settings.host_name
    own = None if probe is None or probe.pick_host_from_settings else probe.host
    return name_or_none(fixed_sni(gateway, settings) or own or picked or server)


def client_request(
    gateway: Gateway,
    backend: Backend,
    client_host: str,
    client_path: str = "/",
    pattern: str | None = None,
) -> GatewayRequest:
    """What the gateway sends to this backend for a client that asked for this host and path.

    `pattern` is the one of the path map that takes the path. On v2 with neither a host name nor pick-from-address
    the documentation disagrees with itself for a named member: see `client_request_by_member`.
    """
    settings = backend.settings
    picked = backend.server if settings.pick_host_from_address else settings.host_name
    host = ascii_name(picked or client_host)
    named = host if gateway.traits.sends_host_as_sni else backend.server
    return GatewayRequest(
        settings.protocol,
        settings.port,
        name_or_none(fixed_sni(gateway, settings) or named),
        host,
        overridden_path(settings.path, pattern, client_path),
        ProbeMatch(),
        DEFAULT_INTERVAL,
        settings.request_timeout,
    )


def client_request_by_member(
    gateway: Gateway, backend: Backend, request: GatewayRequest
) -> GatewayRequest | None:
    """The same with the pool member's name as SNI, where Microsoft's pages contradict each other; else None.

    ssl-overview ("For live traffic") has the member's name in its first row and the client's host in its second and
    third; configuration-http-settings (2025) has the client's host.
    """
    settings = backend.settings
    said = settings.host_name or settings.pick_host_from_address or fixed_sni(gateway, settings)
    member = name_or_none(backend.server)
    if said or not gateway.traits.sends_host_as_sni or member in (None, request.sni):
        return None
    return replace(request, sni=member)


def sni_in_words(sni: str | None) -> str:
    """How a sentence calls the SNI that is sent, or that there is none."""
    return f"SNI {mark(sni)}" if sni else "no SNI"


def name_or_none(host: str | None) -> str | None:
    """The value as it may be sent as SNI: a name, not an IP literal, not a wildcard; see `ascii_name`."""
    if not host or is_ip(host) or "*" in host:
        return None
    return ascii_name(host)
