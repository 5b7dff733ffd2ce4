"""ARM's JSON of an application gateway -> `Gateway`.

Read defensively: real answers hold bare strings where objects are documented, ids in any case, certificates
that are no certificates. A part that cannot be read becomes a note, never an error. Certificates arrive
already parsed, because no X.509 library is known here: `certificates` maps the `data` text to its meaning.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.core.certificate import Certificate, Unreadable
from bot.core.gateway import (
    Gateway,
    HttpSettings,
    Listener,
    Match,
    PathMap,
    PathRule,
    Pool,
    Probe,
    Protocol,
    RoutingRule,
    StoredCertificate,
)
from bot.core.reading_load import read_scale

Document = Mapping[str, Any]
Certificates = Mapping[str, Certificate | Unreadable]

V1_TIERS = frozenset({"standard", "waf"})
"""Only these are v1; `Basic` behaves as v2 (azure-mgmt-network documents `probe.port` for it)."""


def certificate_data(document: Document) -> Iterator[str]:
    """Every certificate text on the gateway that a diagnosis wants to have parsed."""
    for collection in ("authenticationCertificates", "trustedRootCertificates"):
        for item in items(document, collection):
            data = _properties(item).get("data")
            if isinstance(data, str):
                yield data


def read_gateway(document: Document, certificates: Certificates) -> Gateway:
    """The typed view of one ARM document.

    Raises:
        ValueError: the document has no resource id, so it is not a gateway at all.
    """
    resource_id = str(document.get("id") or "")
    parts = resource_id.strip("/").split("/")
    if len(parts) < 8:
        raise ValueError(f"not the document of an application gateway: id {resource_id!r}")
    properties = _properties(document)
    sku = _mapping(properties.get("sku"))
    tier = str(sku.get("tier") or sku.get("name") or "unknown")
    ports = {
        _id(port): _number(_properties(port).get("port"))
        for port in items(document, "frontendPorts")
    }
    return Gateway(
        id=resource_id,
        name=parts[7],
        resource_group=parts[3],
        subscription=parts[1],
        location=str(document.get("location") or ""),
        tier=tier,
        generation="v1" if tier.lower() in V1_TIERS else "v2",
        operational_state=str(properties.get("operationalState") or "Unknown"),
        provisioning_state=str(properties.get("provisioningState") or "Unknown"),
        etag=str(document.get("etag") or ""),
        tags=tuple(sorted((k, str(v)) for k, v in _mapping(document.get("tags")).items())),
        subnets=tuple(
            found
            for item in items(document, "gatewayIPConfigurations")
            if (found := _reference(_properties(item).get("subnet")))
        ),
        pools=tuple(map(_pool, items(document, "backendAddressPools"))),
        http_settings=tuple(map(_http_settings, items(document, "backendHttpSettingsCollection"))),
        probes=tuple(map(_probe, items(document, "probes"))),
        listeners=tuple(_listener(item, ports) for item in items(document, "httpListeners")),
        rules=tuple(map(_rule, items(document, "requestRoutingRules"))),
        path_maps=tuple(map(_path_map, items(document, "urlPathMaps"))),
        authentication_certificates=_stored(document, "authenticationCertificates", certificates),
        trusted_roots=_stored(document, "trustedRootCertificates", certificates),
        notes=tuple(_notes(document)),
        unfollowed=tuple(_unfollowed(document)),
        scale=read_scale(properties),
    )


def items(document: Document, collection: str) -> Iterator[Document]:
    """The entries of one sub-resource collection; anything that is not an object is passed over."""
    found = _properties(document).get(collection)
    if isinstance(found, list):
        yield from (item for item in found if isinstance(item, Mapping))


def _pool(item: Document) -> Pool:
    addresses = _properties(item).get("backendAddresses")
    servers = (_server(entry) for entry in addresses) if isinstance(addresses, list) else ()
    attached = _properties(item).get("backendIPConfigurations")
    return Pool(
        _id(item),
        _name(item),
        tuple(server for server in servers if server),
        len(attached) if isinstance(attached, list) else 0,
    )


def _server(entry: object) -> str | None:
    # Published examples hold bare strings in place of {"fqdn"} / {"ipAddress"} objects.
    if isinstance(entry, str):
        return entry
    if isinstance(entry, Mapping):
        return _text(entry.get("fqdn")) or _text(entry.get("ipAddress"))
    return None


def _http_settings(item: Document) -> HttpSettings:
    found = _properties(item)
    return HttpSettings(
        id=_id(item),
        name=_name(item),
        protocol=_protocol(found.get("protocol")),
        port=_number(found.get("port")) or 80,
        host_name=_text(found.get("hostName")),
        pick_host_from_address=found.get("pickHostNameFromBackendAddress") is True,
        path=_text(found.get("path")),
        request_timeout=_number(found.get("requestTimeout")) or 20,
        probe=_reference(found.get("probe")),
        authentication_certificates=_references(found.get("authenticationCertificates")),
        trusted_roots=_references(found.get("trustedRootCertificates")),
        validate_chain=found.get("validateCertChainAndExpiry") is not False,
        validate_sni=found.get("validateSNI") is not False,
        sni_name=_text(found.get("sniName")),
    )


def _probe(item: Document) -> Probe:
    found = _properties(item)
    match = _mapping(found.get("match"))
    codes = match.get("statusCodes")
    return Probe(
        id=_id(item),
        name=_name(item),
        protocol=_protocol(found.get("protocol")),
        host=_text(found.get("host")),
        path=_text(found.get("path")) or "/",
        port=_number(found.get("port")),
        interval=_number(found.get("interval")) or 30,
        timeout=_number(found.get("timeout")) or 30,
        threshold=_number(found.get("unhealthyThreshold")) or 3,
        pick_host_from_settings=found.get("pickHostNameFromBackendHttpSettings") is True,
        min_servers=_number(found.get("minServers")) or 0,
        match=Match(
            tuple(map(str, codes)) if isinstance(codes, list) and codes else ("200-399",),
            _text(match.get("body")),
        ),
    )


def _listener(item: Document, ports: Mapping[str, int | None]) -> Listener:
    found = _properties(item)
    names = found.get("hostNames")
    hosts = [str(name) for name in names] if isinstance(names, list) else []
    single = _text(found.get("hostName"))
    port = ports.get(_reference(found.get("frontendPort")) or "")
    every = dict.fromkeys(([single] if single else []) + hosts)
    return Listener(
        _id(item),
        _name(item),
        _protocol(found.get("protocol")),
        port,
        tuple(every),
        _reference(found.get("frontendIPConfiguration")),
    )


def _rule(item: Document) -> RoutingRule:
    found = _properties(item)
    return RoutingRule(
        id=_id(item),
        name=_name(item),
        priority=_number(found.get("priority")),
        listener=_reference(found.get("httpListener")) or "",
        pool=_reference(found.get("backendAddressPool")),
        settings=_reference(found.get("backendHttpSettings")),
        path_map=_reference(found.get("urlPathMap")),
        redirect=_reference(found.get("redirectConfiguration")) is not None,
        load_distribution=_reference(found.get("loadDistributionPolicy")) is not None,
    )


def _path_map(item: Document) -> PathMap:
    found = _properties(item)
    entries = found.get("pathRules")
    rules = [_path_rule(entry) for entry in entries] if isinstance(entries, list) else []
    default = PathRule(
        name="default",
        paths=("/*",),
        pool=_reference(found.get("defaultBackendAddressPool")),
        settings=_reference(found.get("defaultBackendHttpSettings")),
        redirect=_reference(found.get("defaultRedirectConfiguration")) is not None,
        load_distribution=_reference(found.get("defaultLoadDistributionPolicy")) is not None,
    )
    return PathMap(_id(item), _name(item), (*rules, default))


def _path_rule(entry: object) -> PathRule:
    item = _mapping(entry)
    found = _properties(item)
    paths = found.get("paths")
    return PathRule(
        name=_name(item),
        paths=tuple(map(str, paths)) if isinstance(paths, list) else (),
        pool=_reference(found.get("backendAddressPool")),
        settings=_reference(found.get("backendHttpSettings")),
        redirect=_reference(found.get("redirectConfiguration")) is not None,
        load_distribution=_reference(found.get("loadDistributionPolicy")) is not None,
    )


def _stored(
    document: Document, collection: str, certificates: Certificates
) -> tuple[StoredCertificate, ...]:
    return tuple(
        StoredCertificate(_id(item), _name(item), _certificate(_properties(item), certificates))
        for item in items(document, collection)
    )


def _certificate(found: Document, certificates: Certificates) -> Certificate | Unreadable:
    data = found.get("data")
    if isinstance(data, str):
        return certificates.get(data, Unreadable("it was not parsed"))
    if found.get("keyVaultSecretId"):
        reason = "it is kept in Key Vault, and Azure does not show it here"
        return Unreadable(reason, key_vault=True)
    return Unreadable("Azure's answer holds no certificate data")


def _notes(document: Document) -> Iterator[str]:
    for collection in ("listeners", "backendSettingsCollection"):
        if any(True for _ in items(document, collection)):
            yield f"TCP/TLS proxy parts ({collection}) are not diagnosed"
    if any(True for _ in items(document, "loadDistributionPolicies")):
        yield "Load distribution policies, and what lies behind them, are not diagnosed"


def _unfollowed(document: Document) -> Iterator[str]:
    for item in items(document, "routingRules"):
        yield f"TCP/TLS proxy rule {_name(item)}"
    for item in items(document, "requestRoutingRules"):
        if _rule(item).load_distribution:
            yield f"rule {_name(item)} (load distribution policy)"
    for item in items(document, "urlPathMaps"):
        if any(it.load_distribution for it in _path_map(item).rules):
            yield f"path map {_name(item)} (load distribution policy)"


def _properties(item: Document) -> Document:
    return _mapping(item.get("properties"))


def _mapping(value: object) -> Document:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _protocol(value: object) -> Protocol:
    return "https" if str(value).lower() in ("https", "tls") else "http"


def _id(item: Document) -> str:
    return str(item.get("id") or "").lower()


def _name(item: Document) -> str:
    return str(item.get("name") or _id(item).rpartition("/")[2])


def _reference(value: object) -> str | None:
    found = _text(_mapping(value).get("id"))
    return found.lower() if found else None


def _references(value: object) -> tuple[str, ...]:
    found = map(_reference, value) if isinstance(value, list) else ()
    return tuple(reference for reference in found if reference)
