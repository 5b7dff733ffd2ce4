"""What a gateway probes: one target for each server and HTTP setting that a rule combines.

SNI and Host follow "For probe traffic" in
https://learn.microsoft.com/azure/application-gateway/ssl-overview (MicrosoftDocs/azure-docs,
articles/application-gateway/ssl-overview.md) and of
https://learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview
"""

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from bot.lab.azure.certdata import der_of
from bot.lab.azure.document import is_v1, part_by_id, parts, pools_of
from bot.lab.values import Json

_DEFAULT_PROBE: Json = {"path": "/", "interval": 30, "timeout": 30, "unhealthyThreshold": 3}


@dataclass(frozen=True, slots=True)
class Trust:
    """What a backend's certificate is judged by.

    `certificates` are the DER of those the setting refers to: authentication certificates (v1)
    or trusted roots (v2). `expected_name` is compared with the certificate; None: not compared.
    """

    v1: bool
    certificates: tuple[bytes, ...]
    expected_name: str | None
    check_chain: bool = True


@dataclass(frozen=True, slots=True)
class Target:
    """One server with one HTTP setting, and the request that the probe sends.

    `sni` None: no SNI is sent. `interval` and `timeout` in seconds of the gateway's clock. `bare`: it ends with the
    connection or the TLS handshake, as in the TCP/TLS proxy.
    """

    pool: str
    settings: str
    server: str
    port: int
    trust: Trust | None
    sni: str | None
    host: str
    path: str
    statuses: tuple[str, ...] = ("200-399",)
    body: str = ""
    interval: float = 30
    timeout: float = 30
    threshold: int = 3
    eager: bool = False
    always_up: bool = False
    bare: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        return self.pool.lower(), self.settings.lower(), self.server


def is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def routed_pairs(document: Json) -> list[tuple[str, str]]:
    """Pool id and setting id of every pair that a rule or a map combines, each once."""
    pairs: dict[tuple[str, str], None] = {}
    for part in parts(document):
        properties = part.properties
        if part.collection in ("urlPathMaps", "advancedRoutingMaps"):
            pool = properties.get("defaultBackendAddressPool")
            settings = properties.get("defaultBackendHttpSettings")
            policy = properties.get("defaultLoadDistributionPolicy")
        elif part.collection in ("requestRoutingRules", "pathRules", "advancedRoutingRules"):
            pool = properties.get("backendAddressPool")
            settings = properties.get("backendHttpSettings")
            policy = properties.get("loadDistributionPolicy")
        elif part.collection == "routingRules":
            pool, settings, policy = (
                properties.get("backendAddressPool"),
                properties.get("backendSettings"),
                None,
            )
        else:
            continue
        if settings:
            pools = ([pool["id"]] if pool else []) + pools_of(document, policy)
            pairs |= {(it, settings["id"]): None for it in pools}
    return list(pairs)


def targets(document: Json, interfaces: Mapping[str, str] = {}) -> Iterator[Target]:
    """Everything this gateway probes, in the order of its rules.

    `interfaces`: the address of each IP configuration of a network interface, by its id.
    """
    for pool_id, settings_id in routed_pairs(document):
        settings = part_by_id(document, {"id": settings_id})
        if settings is None:
            continue
        probe = part_by_id(document, settings.get("probe"))
        make = proxy_target if settings.get("protocol") in ("Tcp", "Tls") else target
        for number, server in enumerate(servers(document, pool_id, interfaces)):
            yield make(document, pool_id, settings, server, probe, number)


def servers(document: Json, pool_id: str, interfaces: Mapping[str, str] = {}) -> list[str]:
    """The members of a pool, FQDN or IP as written; then those that join through network interfaces."""
    pool = part_by_id(document, {"id": pool_id}) or {}
    members = pool.get("backendAddresses") or ()
    written = [member.get("fqdn") or member["ipAddress"] for member in members]
    joining = [each["id"] for each in pool.get("backendIPConfigurations") or ()]
    return [*written, *(interfaces[each] for each in joining if each in interfaces)]


def target(
    document: Json,
    pool_id: str,
    settings: Json,
    server: str,
    probe: Json | None,
    number: int = 0,
    *,
    on_demand: bool = False,
) -> Target:
    """What the probe of `settings` sends to `server`, member `number` of the pool.

    `on_demand`: the test probe, to which the switches of TLS validation do not apply
    (https://learn.microsoft.com/azure/application-gateway/configuration-http-settings).
    """
    v1 = is_v1(document)
    given = {**_DEFAULT_PROBE, **(probe or {})}
    switches = {} if on_demand or v1 else settings
    sni = probe_sni(v1, server, settings, probe, switches.get("sniName"))
    match = given.get("match") or {}
    trust = trust_of(document, settings, server, sni, switches)
    return Target(
        pool=pool_id,
        settings=settings["id"],
        server=server,
        # The probe's own port exists on v2 only (azure-mgmt-network, ApplicationGatewayProbe).
        port=int((not v1 and given.get("port")) or settings["port"]),
        trust=trust,
        sni=sni if trust else None,
        host=probe_host(server, settings, probe),
        path=given.get("path") or "/",
        statuses=tuple(match.get("statusCodes") or ("200-399",)),
        body=match.get("body") or "",
        interval=given.get("interval") or 30,
        timeout=given.get("timeout") or 30,
        threshold=given.get("unhealthyThreshold") or 3,
        # v1 retries a failed probe at once, v2 waits for the interval.
        eager=v1,
        always_up=number < int(given.get("minServers") or 0),
    )


def connections(document: Json, interfaces: Mapping[str, str] = {}) -> Iterator[Target]:
    """What the TCP/TLS proxy does with each server for a client, whatever the probe asks: connect, and shake hands."""
    for rule in document["properties"].get("routingRules") or ():
        settings = part_by_id(document, rule["properties"].get("backendSettings"))
        pool = rule["properties"].get("backendAddressPool")
        if settings and pool:
            for server in servers(document, pool["id"], interfaces):
                yield proxy_target(document, pool["id"], settings, server, None)


def proxy_target(
    document: Json, pool_id: str, settings: Json, server: str, probe: Json | None, number: int = 0
) -> Target:
    """What the TCP/TLS proxy's probe of `settings` does with `server`.

    https://learn.microsoft.com/azure/application-gateway/configuration-http-settings has SNI and trust of backend
    settings; that its probe checks the certificate as well is supposed.
    """
    given = {**_DEFAULT_PROBE, **(probe or {})}
    picked = server if settings.get("pickHostNameFromBackendAddress") else settings.get("hostName")
    sni = picked if picked and not is_ip(picked) else None
    speaks_tls = given.get("protocol", settings["protocol"]) == "Tls"
    return Target(
        pool=pool_id,
        settings=settings["id"],
        server=server,
        port=int(given.get("port") or settings["port"]),
        trust=trust_of(document, settings, server, sni, {}) if speaks_tls else None,
        sni=sni if speaks_tls else None,
        host="",
        path="",
        interval=given.get("interval") or 30,
        timeout=given.get("timeout") or 30,
        threshold=given.get("unhealthyThreshold") or 3,
        always_up=number < int(given.get("minServers") or 0),
        bare=True,
    )


def probe_sni(
    v1: bool, server: str, settings: Json, probe: Json | None, sni_name: str | None = None
) -> str | None:
    """The SNI of a probe. v1 uses only the pool's FQDN; v2 uses the first name there is."""
    if v1:
        candidates: Sequence[str | None] = (server,)
    else:
        picks = (probe or {}).get("pickHostNameFromBackendHttpSettings")
        own = None if picks else (probe or {}).get("host")
        candidates = (sni_name, own, settings.get("hostName"), server)
    winner = next((candidate for candidate in candidates if candidate), None)
    # RFC 6066, section 3: literal addresses are not permitted in the server name.
    return None if winner is None or is_ip(winner) else winner


def probe_host(server: str, settings: Json, probe: Json | None) -> str:
    """The Host header of a probe."""
    if probe is None:
        return "127.0.0.1"
    if probe.get("pickHostNameFromBackendHttpSettings"):
        picked = settings.get("pickHostNameFromBackendAddress")
        return server if picked else settings.get("hostName") or server
    return probe.get("host") or "127.0.0.1"


def trust_of(
    document: Json, settings: Json, server: str, sni: str | None, switches: Json
) -> Trust | None:
    """By what the certificate of a server is judged; None: TLS is not used. `switches`: of the validation, v2 only."""
    if settings.get("protocol") not in ("Https", "Tls"):
        return None
    v1 = is_v1(document)
    return Trust(
        v1=v1,
        certificates=_certificates(document, settings, v1),
        expected_name=_expected_name(v1, server, sni, switches),
        check_chain=switches.get("validateCertChainAndExpiry", True) is not False,
    )


def _expected_name(v1: bool, server: str, sni: str | None, switches: Json) -> str | None:
    if v1:
        return None if is_ip(server) else server
    return sni if switches.get("validateSNI", True) is not False else None


def _certificates(document: Json, settings: Json, v1: bool) -> tuple[bytes, ...]:
    """The readable ones of the certificates that the setting refers to."""
    collection = "authenticationCertificates" if v1 else "trustedRootCertificates"
    readable: list[bytes] = []
    for reference in settings.get(collection) or ():
        stored = part_by_id(document, reference) or {}
        with suppress(ValueError):
            readable.append(der_of(stored.get("data")))
    return tuple(readable)
