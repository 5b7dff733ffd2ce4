"""ARM's JSON of an application gateway -> `Gateway`.

Read defensively: real answers hold bare strings where objects are documented, ids in any case, certificates
that are no certificates. A part that cannot be read becomes a note, never an error. Certificates arrive
already parsed, because no X.509 library is known here: `certificates` maps the `data` text to its meaning.
"""

from collections.abc import Iterator, Mapping

from bot.core.arm.document import (
    Document,
    id_of,
    items,
    mapping_of,
    name_of,
    number_of,
    properties_of,
    reference_of,
    references_of,
    text_of,
    texts_of,
)
from bot.core.arm.load_reader import read_scale
from bot.core.model.certificate import Certificate, Unreadable
from bot.core.model.gateway import (
    Gateway,
    HttpSettings,
    Listener,
    PathMap,
    PathRule,
    Pool,
    Probe,
    ProbeMatch,
    Protocol,
    RoutingRule,
    StoredCertificate,
)

__all__ = [
    "Certificates",
    "Document",
    "bundle_data",
    "certificate_data",
    "items",
    "read_gateway",
]

Certificates = Mapping[str, Certificate | Unreadable]

V1_TIERS = frozenset({"standard", "waf"})
"""Only these are v1; `Basic` behaves as v2 (azure-mgmt-network documents `probe.port` for it)."""


def certificate_data(document: Document) -> Iterator[str]:
    """Every certificate text on the gateway that a diagnosis wants to have parsed."""
    for collection in ("authenticationCertificates", "trustedRootCertificates"):
        for item in items(document, collection):
            data = properties_of(item).get("data")
            if isinstance(data, str):
                yield data


def bundle_data(document: Document) -> Iterator[str]:
    """What Azure shows of the certificates of listeners: bundles, each of a chain."""
    for item in _shown(document):
        data = properties_of(item).get("publicCertData")
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
    properties = properties_of(document)
    sku = mapping_of(properties.get("sku"))
    tier = str(sku.get("tier") or sku.get("name") or "unknown")
    ports = {
        id_of(port): number_of(properties_of(port).get("port"))
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
        operational_state=text_of(properties.get("operationalState")) or "Unknown",
        provisioning_state=text_of(properties.get("provisioningState")) or "Unknown",
        etag=str(document.get("etag") or ""),
        tags=tuple(sorted((k, str(v)) for k, v in mapping_of(document.get("tags")).items())),
        subnets=tuple(
            found
            for item in items(document, "gatewayIPConfigurations")
            if (found := reference_of(properties_of(item).get("subnet")))
        ),
        pools=tuple(map(_pool, items(document, "backendAddressPools"))),
        http_settings=tuple(map(_http_settings, items(document, "backendHttpSettingsCollection"))),
        probes=tuple(map(_probe, items(document, "probes"))),
        listeners=tuple(_listener(item, ports) for item in items(document, "httpListeners")),
        rules=tuple(map(_rule, items(document, "requestRoutingRules"))),
        path_maps=tuple(map(_path_map, items(document, "urlPathMaps"))),
        authentication_certificates=_stored(document, "authenticationCertificates", certificates),
        trusted_roots=_stored(document, "trustedRootCertificates", certificates),
        listener_certificates=tuple(
            StoredCertificate(id_of(it), name_of(it), _certificate(properties_of(it), certificates))
            for it in _shown(document)
        ),
        notes=tuple(_notes(document)),
        unfollowed=tuple(_unfollowed(document)),
        scale=read_scale(properties),
    )


def _pool(item: Document) -> Pool:
    addresses = properties_of(item).get("backendAddresses") or []
    members = list(map(_server, addresses)) if isinstance(addresses, list) else [None]
    attached = properties_of(item).get("backendIPConfigurations")
    return Pool(
        id_of(item),
        name_of(item),
        tuple(server for server in members if server),
        len(attached) if isinstance(attached, list) else 0,
        sum(server is None for server in members),
    )


def _server(entry: object) -> str | None:
    # Published examples hold bare strings in place of {"fqdn"} / {"ipAddress"} objects.
    if isinstance(entry, str):
        return entry or None
    if isinstance(entry, Mapping):
        return text_of(entry.get("fqdn")) or text_of(entry.get("ipAddress"))
    return None


def _http_settings(item: Document) -> HttpSettings:
    found = properties_of(item)
    protocol = _protocol(found.get("protocol"))
    return HttpSettings(
        id=id_of(item),
        name=name_of(item),
        protocol=protocol,
        port=number_of(found.get("port")) or (443 if protocol == "https" else 80),
        host_name=text_of(found.get("hostName")),
        pick_host_from_address=found.get("pickHostNameFromBackendAddress") is True,
        path=text_of(found.get("path")),
        request_timeout=number_of(found.get("requestTimeout")) or 20,
        probe=reference_of(found.get("probe")),
        authentication_certificates=references_of(found.get("authenticationCertificates")),
        trusted_roots=references_of(found.get("trustedRootCertificates")),
        validate_chain=found.get("validateCertChainAndExpiry") is not False,
        validate_sni=found.get("validateSNI") is not False,
        sni_name=text_of(found.get("sniName")),
    )


def _probe(item: Document) -> Probe:
    found = properties_of(item)
    match = mapping_of(found.get("match"))
    return Probe(
        id=id_of(item),
        name=name_of(item),
        protocol=_protocol(found.get("protocol")),
        host=text_of(found.get("host")),
        path=text_of(found.get("path")) or "/",
        port=number_of(found.get("port")),
        interval=number_of(found.get("interval")) or 30,
        timeout=number_of(found.get("timeout")) or 30,
        threshold=number_of(found.get("unhealthyThreshold")) or 3,
        pick_host_from_settings=found.get("pickHostNameFromBackendHttpSettings") is True,
        min_servers=number_of(found.get("minServers")) or 0,
        match=ProbeMatch(
            texts_of(match.get("statusCodes")) or ("200-399",),
            text_of(match.get("body")),
        ),
    )


def _listener(item: Document, ports: Mapping[str, int | None]) -> Listener:
    found = properties_of(item)
    single = text_of(found.get("hostName"))
    port = ports.get(reference_of(found.get("frontendPort")) or "")
    every = dict.fromkeys((*([single] if single else []), *texts_of(found.get("hostNames"))))
    return Listener(
        id_of(item),
        name_of(item),
        _protocol(found.get("protocol")),
        port,
        tuple(every),
        reference_of(found.get("frontendIPConfiguration")),
        reference_of(found.get("sslCertificate")),
    )


def _shown(document: Document) -> Iterator[Document]:
    """The certificates that a listener refers to."""
    used = {
        reference_of(properties_of(it).get("sslCertificate"))
        for it in items(document, "httpListeners")
    }
    return (it for it in items(document, "sslCertificates") if id_of(it) in used)


def _rule(item: Document) -> RoutingRule:
    found = properties_of(item)
    return RoutingRule(
        id=id_of(item),
        name=name_of(item),
        priority=number_of(found.get("priority")),
        listener=reference_of(found.get("httpListener")) or "",
        pool=reference_of(found.get("backendAddressPool")),
        settings=reference_of(found.get("backendHttpSettings")),
        path_map=reference_of(found.get("urlPathMap")),
        redirect=reference_of(found.get("redirectConfiguration")) is not None,
        load_distribution=reference_of(found.get("loadDistributionPolicy")) is not None,
    )


def _path_map(item: Document) -> PathMap:
    found = properties_of(item)
    entries = found.get("pathRules")
    rules = [_path_rule(entry) for entry in entries] if isinstance(entries, list) else []
    default = PathRule(
        name="default",
        paths=("/*",),
        pool=reference_of(found.get("defaultBackendAddressPool")),
        settings=reference_of(found.get("defaultBackendHttpSettings")),
        redirect=reference_of(found.get("defaultRedirectConfiguration")) is not None,
        load_distribution=reference_of(found.get("defaultLoadDistributionPolicy")) is not None,
    )
    return PathMap(id_of(item), name_of(item), (*rules, default))


def _path_rule(entry: object) -> PathRule:
    item = mapping_of(entry)
    found = properties_of(item)
    return PathRule(
        name=name_of(item),
        paths=texts_of(found.get("paths")),
        pool=reference_of(found.get("backendAddressPool")),
        settings=reference_of(found.get("backendHttpSettings")),
        redirect=reference_of(found.get("redirectConfiguration")) is not None,
        load_distribution=reference_of(found.get("loadDistributionPolicy")) is not None,
    )


def _stored(
    document: Document, collection: str, certificates: Certificates
) -> tuple[StoredCertificate, ...]:
    return tuple(
        StoredCertificate(
            id_of(item), name_of(item), _certificate(properties_of(item), certificates)
        )
        for item in items(document, collection)
    )


def _certificate(found: Document, certificates: Certificates) -> Certificate | Unreadable:
    data = found.get("data") or found.get("publicCertData")
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
    yield from _unreadable_rules(document)
    for item in items(document, "routingRules"):
        yield f"TCP/TLS proxy rule {name_of(item)}"
    for item in items(document, "requestRoutingRules"):
        if _rule(item).load_distribution:
            yield f"rule {name_of(item)} (load distribution policy)"
    for item in items(document, "urlPathMaps"):
        if any(it.load_distribution for it in _path_map(item).rules):
            yield f"path map {name_of(item)} (load distribution policy)"


def _unreadable_rules(document: Document) -> Iterator[str]:
    # Whoever shows no rule at all has not shown everything, or serves nobody: neither is healthy.
    found = properties_of(document).get("requestRoutingRules")
    whole = sum(1 for _ in items(document, "requestRoutingRules"))
    unread = len(found) - whole if isinstance(found, list) else 0
    if unread:
        yield f"{unread} of {whole + unread} routing rules, which cannot be read"
    elif not whole and not any(True for _ in items(document, "routingRules")):
        yield "the gateway's routing rules, of which none was read"


def _protocol(value: object) -> Protocol:
    return "https" if str(value).lower() in ("https", "tls") else "http"
