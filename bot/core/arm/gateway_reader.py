"""ARM's JSON of an application gateway -> `Gateway`.

Read defensively: real answers hold bare strings where objects are documented, ids in any case, certificates
that are no certificates. A part that cannot be read becomes a note, never an error. Certificates arrive
already parsed, because no X.509 library is known here: `certificates` maps the `data` text to its meaning.
"""

from collections.abc import Iterator, Mapping

from bot.core.arm.advanced_routing_reader import read_advanced_maps
from bot.core.arm.distribution_reader import read_policies
from bot.core.arm.document import Document, mapping_of, text_of
from bot.core.arm.entry import Entry, root_entry
from bot.core.arm.load_reader import read_scale
from bot.core.arm.proxy_reader import (
    read_proxy_listeners,
    read_proxy_rules,
    read_proxy_settings,
)
from bot.core.arm.rewrites_reader import read_rewrite_sets
from bot.core.arm.unfollowed import LISTENERS, PATH_MAPS, POOLS, RULES, SETTINGS, with_unfollowed
from bot.core.model.certificate import Bundle, Certificate, Unreadable
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
    Redirect,
    RoutingRule,
    StoredCertificate,
)
from bot.core.model.generation import generation_of

__all__ = [
    "Certificates",
    "Document",
    "bundle_data",
    "certificate_data",
    "read_gateway",
]

Certificates = Mapping[str, Certificate | Unreadable]

_PARTS_OF_AN_ID = 8
# The second one is of probes for TCP and TLS.
_PICK_HOST = ("pickHostNameFromBackendHttpSettings", "pickHostNameFromBackendSettings")

_LOST_PATHS = PathRule("unread", (), None, None, redirect=False, unread=True)
"""Stands for entries of a path map that are no entries."""


def certificate_data(document: Document) -> Iterator[str]:
    """Every certificate text on the gateway that a diagnosis wants to have parsed."""
    properties = _opened(document).properties
    for collection in ("authenticationCertificates", "trustedRootCertificates"):
        for item in properties.entries(collection):
            data = item.properties.text("data")
            if data is not None:
                yield data


def bundle_data(document: Document) -> Iterator[str]:
    """What Azure shows of the certificates of listeners: bundles, each of a chain."""
    for item in _shown(_opened(document).properties):
        data = item.properties.text("publicCertData")
        if data is not None:
            yield data


def gateway_id_in(document: object) -> str | None:
    """The id of the gateway whose document this is; None if it is not one of a gateway."""
    found = text_of(mapping_of(document).get("id")) or ""
    return found if len(found.strip("/").split("/")) >= _PARTS_OF_AN_ID else None


def read_gateway(document: Document, certificates: Certificates) -> Gateway:
    """The typed view of one ARM document; what of it could not be read is in its `notes`.

    Raises:
        ValueError: the document has no resource id, so it is not a gateway at all.
    """
    gateway_id = gateway_id_in(document)
    if gateway_id is None:
        said = document.get("id")
        raise ValueError(f"not the document of an application gateway: id {said!r}")
    parts = gateway_id.strip("/").split("/")
    root = _opened(document)
    properties = root.properties
    sku = properties.entry("sku")
    tier = sku.text("tier") or sku.text("name") or "unknown"
    ports = {it.id: it.properties.port("port") for it in properties.entries("frontendPorts")}
    read = Gateway(
        id=gateway_id,
        name=parts[7],
        resource_group=parts[3],
        subscription=parts[1],
        location=root.text("location") or "",
        tier=tier,
        generation=generation_of(tier),
        operational_state=properties.text("operationalState") or "Unknown",
        provisioning_state=properties.text("provisioningState") or "Unknown",
        etag=root.text("etag") or "",
        tags=_tags(root.entry("tags")),
        subnets=tuple(
            found
            for item in properties.entries("gatewayIPConfigurations")
            if (found := item.properties.reference("subnet"))
        ),
        pools=tuple(map(_pool, properties.entries(POOLS))),
        http_settings=tuple(map(_http_settings, properties.entries(SETTINGS))),
        probes=tuple(map(_probe, properties.entries("probes"))),
        listeners=tuple(_listener(it, ports) for it in properties.entries(LISTENERS)),
        rules=tuple(map(_rule, properties.entries(RULES))),
        path_maps=(
            *map(_path_map, properties.entries(PATH_MAPS)),
            *read_advanced_maps(properties),
        ),
        authentication_certificates=_stored(properties, "authenticationCertificates", certificates),
        trusted_roots=_stored(properties, "trustedRootCertificates", certificates),
        listener_certificates=tuple(
            _stored_certificate(it.id, it.name, _certificate(it.properties, certificates))
            for it in _shown(properties)
        ),
        scale=read_scale(properties),
        policies=read_policies(properties),
        proxy_listeners=read_proxy_listeners(properties, ports),
        proxy_settings=read_proxy_settings(properties),
        proxy_rules=read_proxy_rules(properties),
        key_vault_certificates=tuple(
            it.id for it in _shown(properties) if it.properties.text("keyVaultSecretId")
        ),
        has_identity=_has_identity(root),
        rewrite_sets=read_rewrite_sets(properties),
        redirects=tuple(map(_redirect, properties.entries("redirectConfigurations"))),
    )
    return with_unfollowed(read, properties)


def _opened(document: Document) -> Entry:
    return root_entry(document, "the gateway")


def _has_identity(root: Entry) -> bool:
    """Whether it has a user-assigned managed identity: gateways know no other (key-vault-certs)."""
    identity = root.entry("identity")
    kind = (identity.text("type") or "").lower()
    listed = bool(identity.entry("userAssignedIdentities").found)
    # Of what cannot be read it is not said that there is none.
    return listed or "userassigned" in kind or root.notes.within("identity")


def _tags(found: Entry) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((key, value) for key in found.found if (value := found.text(key))))


def _pool(item: Entry) -> Pool:
    found = item.properties
    servers, unread = found.members("backendAddresses")
    attached = len(found.values("backendIPConfigurations"))
    # A list, or all properties, that cannot be read may hold members.
    return Pool(item.id, item.name, servers, attached, unread or int(not item.is_whole))


def _http_settings(item: Entry) -> HttpSettings:
    found = item.properties
    protocol = _protocol(found)
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
        protocol=_protocol(found),
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


def _listener(item: Entry, ports: Mapping[str, int | None]) -> Listener:
    found = item.properties
    return Listener(
        item.id,
        item.name,
        _protocol(found),
        ports.get(found.reference("frontendPort") or ""),
        listener_hosts(item),
        found.reference("frontendIPConfiguration"),
        found.reference("sslCertificate"),
        unread=not item.is_whole,
    )


def listener_hosts(item: Entry) -> tuple[str, ...]:
    """The host names that a listener serves, without repeats; none: it takes every name."""
    single = item.properties.text("hostName")
    return tuple(
        dict.fromkeys(((single,) if single else ()) + item.properties.texts("hostNames", lone=True))
    )


def _shown(properties: Entry) -> Iterator[Entry]:
    """The certificates that a listener refers to."""
    used = {it.properties.reference("sslCertificate") for it in properties.entries(LISTENERS)}
    return (it for it in properties.entries("sslCertificates") if it.id in used)


def _rule(item: Entry) -> RoutingRule:
    found = item.properties
    return RoutingRule(
        id=item.id,
        name=item.name,
        priority=found.number("priority"),
        listener=found.reference("httpListener") or "",
        pool=found.reference("backendAddressPool"),
        settings=found.reference("backendHttpSettings"),
        path_map=found.reference("urlPathMap") or found.reference("advancedRoutingMap"),
        redirect=found.reference("redirectConfiguration") is not None,
        redirect_to=found.reference("redirectConfiguration"),
        policy=found.reference("loadDistributionPolicy"),
        rewrites=found.reference("rewriteRuleSet"),
        unread=not item.is_whole,
    )


def _redirect(item: Entry) -> Redirect:
    found = item.properties
    return Redirect(
        item.id,
        found.reference("targetListener"),
        found.text("targetUrl"),
        bool(found.flag("includePath")),
    )


def _path_map(item: Entry) -> PathMap:
    found = item.properties
    default = PathRule(
        name="default",
        paths=("/*",),
        pool=found.reference("defaultBackendAddressPool"),
        settings=found.reference("defaultBackendHttpSettings"),
        redirect=found.reference("defaultRedirectConfiguration") is not None,
        redirect_to=found.reference("defaultRedirectConfiguration"),
        policy=found.reference("defaultLoadDistributionPolicy"),
        rewrites=found.reference("defaultRewriteRuleSet"),
        # Its entries come after this one, and each of them answers for itself.
        unread=not item.is_whole,
    )
    rules = tuple(map(_path_rule, found.entries("pathRules")))
    lost = () if found.holds_objects("pathRules") else (_LOST_PATHS,)
    return PathMap(item.id, item.name, (*rules, *lost, default))


def _path_rule(item: Entry) -> PathRule:
    found = item.properties
    return PathRule(
        name=item.name,
        paths=found.texts("paths", lone=True),
        pool=found.reference("backendAddressPool"),
        settings=found.reference("backendHttpSettings"),
        redirect=found.reference("redirectConfiguration") is not None,
        redirect_to=found.reference("redirectConfiguration"),
        policy=found.reference("loadDistributionPolicy"),
        rewrites=found.reference("rewriteRuleSet"),
        unread=not item.is_whole,
    )


def _stored(
    properties: Entry, collection: str, certificates: Certificates
) -> tuple[StoredCertificate, ...]:
    return tuple(
        _stored_certificate(it.id, it.name, _certificate(it.properties, certificates))
        for it in properties.entries(collection)
    )


def _stored_certificate(
    part_id: str, name: str, found: Certificate | Unreadable
) -> StoredCertificate:
    if isinstance(found, Bundle):
        return StoredCertificate(part_id, name, found.first, found.others)
    return StoredCertificate(part_id, name, found)


def _certificate(found: Entry, certificates: Certificates) -> Certificate | Unreadable:
    data = found.text("data") or found.text("publicCertData")
    if data is not None:
        return certificates.get(data, Unreadable("it was not parsed"))
    if found.text("keyVaultSecretId"):
        reason = "it is kept in Key Vault, and Azure does not show it here"
        return Unreadable(reason, key_vault=True)
    return Unreadable("Azure's answer holds no certificate data")


def _protocol(found: Entry) -> Protocol:
    return "https" if (found.text("protocol") or "").lower() in ("https", "tls") else "http"
