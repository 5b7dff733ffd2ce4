"""ARM's JSON of backend pools, HTTP settings and probes: what is sent to which server."""

from bot.core.arm.entry import Entry
from bot.core.arm.unfollowed import POOLS, SETTINGS
from bot.core.model.gateway import HttpSettings, Pool, Probe, ProbeMatch, Protocol

# The second one is of probes for TCP and TLS.
_PICK_HOST = ("pickHostNameFromBackendHttpSettings", "pickHostNameFromBackendSettings")


def read_pools(properties: Entry) -> tuple[Pool, ...]:
    """The backend pools of a gateway."""
    return tuple(map(_pool, properties.entries(POOLS)))


def read_http_settings(properties: Entry) -> tuple[HttpSettings, ...]:
    """The backend HTTP settings of a gateway."""
    return tuple(map(_http_settings, properties.entries(SETTINGS)))


def read_probes(properties: Entry) -> tuple[Probe, ...]:
    """The custom health probes of a gateway."""
    return tuple(map(_probe, properties.entries("probes")))


def protocol_of(found: Entry) -> Protocol:
    """The protocol of a listener, of HTTP settings or of a probe; HTTP where none is said."""
    return "https" if (found.text("protocol") or "").lower() in ("https", "tls") else "http"


def _pool(item: Entry) -> Pool:
    found = item.properties
    servers, unread = found.members("backendAddresses")
    attached = len(found.values("backendIPConfigurations"))
    # A list, or all properties, that cannot be read may hold members.
    return Pool(item.id, item.name, servers, attached, unread or int(not item.is_whole))


def _http_settings(item: Entry) -> HttpSettings:
    found = item.properties
    protocol = protocol_of(found)
    return HttpSettings(
        id=item.id,
        name=item.name,
        protocol=protocol,
        port=found.port("port") or (443 if protocol == "https" else 80),
        host_name=found.text("hostName"),
        pick_host_from_address=found.flag("pickHostNameFromBackendAddress") is True,
        path=found.text("path"),
        request_timeout=found.number("requestTimeout") or 20,
        probe=found.reference("probe"),
        authentication_certificates=found.references("authenticationCertificates"),
        trusted_roots=found.references("trustedRootCertificates"),
        validate_chain=found.flag("validateCertChainAndExpiry") is not False,
        validate_sni=found.flag("validateSNI") is not False,
        sni_name=found.text("sniName"),
        unread=not item.is_whole,
    )


def _probe(item: Entry) -> Probe:
    found = item.properties
    match = found.entry("match")
    return Probe(
        id=item.id,
        name=item.name,
        protocol=protocol_of(found),
        host=found.text("host"),
        path=found.text("path") or "/",
        port=found.port("port"),
        interval=found.number("interval") or 30,
        timeout=found.number("timeout") or 30,
        threshold=found.number("unhealthyThreshold") or 3,
        pick_host_from_settings=any(found.flag(it) for it in _PICK_HOST),
        min_servers=found.number("minServers") or 0,
        match=ProbeMatch(
            match.texts("statusCodes", lone=True, numbers=True) or ("200-399",), match.text("body")
        ),
        unread=not item.is_whole,
    )
