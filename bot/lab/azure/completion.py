"""What the service adds to a gateway's document: ids, types, etags, states, back references.

A PUT carries what the caller wants; the service ignores its read-only parts, keeps what can be
written but never read (a listener's private key), and returns a complete document. The table of
back references is taken from the recordings that `document` names.
"""

import uuid

from bot.lab.azure.certdata import invalid_pfx, public_part
from bot.lab.azure.document import (
    COMMON_COLLECTIONS,
    GATEWAYS,
    V1_COLLECTIONS,
    V2_COLLECTIONS,
    GatewayId,
    Part,
    is_v1,
    parts,
    references,
)
from bot.lab.values import Json, copied

# (the referring collection, its property) -> the property in which the referred-to part lists them.
_BACK_REFERENCES = {
    ("httpListeners", "frontendIPConfiguration"): "httpListeners",
    ("httpListeners", "frontendPort"): "httpListeners",
    ("httpListeners", "sslCertificate"): "httpListeners",
    ("requestRoutingRules", "httpListener"): "requestRoutingRules",
    ("requestRoutingRules", "backendAddressPool"): "requestRoutingRules",
    ("requestRoutingRules", "backendHttpSettings"): "requestRoutingRules",
    ("requestRoutingRules", "urlPathMap"): "requestRoutingRules",
    ("requestRoutingRules", "redirectConfiguration"): "requestRoutingRules",
    ("requestRoutingRules", "rewriteRuleSet"): "requestRoutingRules",
    ("urlPathMaps", "defaultBackendAddressPool"): "urlPathMaps",
    ("urlPathMaps", "defaultBackendHttpSettings"): "urlPathMaps",
    ("urlPathMaps", "defaultRedirectConfiguration"): "urlPathMaps",
    ("urlPathMaps", "defaultRewriteRuleSet"): "urlPathMaps",
    ("pathRules", "backendAddressPool"): "pathRules",
    ("pathRules", "backendHttpSettings"): "pathRules",
    ("pathRules", "redirectConfiguration"): "pathRules",
    ("pathRules", "rewriteRuleSet"): "pathRules",
    ("redirectConfigurations", "targetListener"): "redirectConfiguration",
    ("backendHttpSettingsCollection", "probe"): "backendHttpSettings",
    ("backendHttpSettingsCollection", "authenticationCertificates"): "backendHttpSettings",
    ("backendHttpSettingsCollection", "trustedRootCertificates"): "backendHttpSettings",
}
_BACK_PROPERTIES = {
    "frontendIPConfigurations": ("httpListeners",),
    "frontendPorts": ("httpListeners",),
    "sslCertificates": ("httpListeners",),
    "httpListeners": ("requestRoutingRules", "redirectConfiguration"),
    "backendAddressPools": ("requestRoutingRules", "urlPathMaps", "pathRules"),
    "backendHttpSettingsCollection": ("requestRoutingRules", "urlPathMaps", "pathRules"),
    "urlPathMaps": ("requestRoutingRules",),
    "redirectConfigurations": ("requestRoutingRules", "urlPathMaps", "pathRules"),
    "rewriteRuleSets": ("requestRoutingRules", "urlPathMaps", "pathRules"),
    "probes": ("backendHttpSettings",),
    "authenticationCertificates": ("backendHttpSettings",),
    "trustedRootCertificates": ("backendHttpSettings",),
}
_DEFAULTS: dict[str, Json] = {
    "backendHttpSettingsCollection": {
        "cookieBasedAffinity": "Disabled",
        "pickHostNameFromBackendAddress": False,
        "requestTimeout": 20,
        # https://learn.microsoft.com/azure/application-gateway/configuration-http-settings
        "validateCertChainAndExpiry": True,
        "validateSNI": True,
    },
    "httpListeners": {"hostNames": [], "requireServerNameIndication": False},
    "probes": {"pickHostNameFromBackendHttpSettings": False, "minServers": 0, "match": {}},
    "backendAddressPools": {"backendAddresses": []},
}
_READ_ONLY_TOP = ("id", "name", "type", "etag")
_SERVICE_OWNED = ("resourceGuid", "operationalState", "privateEndpointConnections")


def complete(body: Json, gateway: GatewayId, previous: Json | None = None) -> Json:
    """The document that results from a PUT of `body`; `stamp` adds etag and state.

    Sub-resources must have names, see `validation.check_body`. An invalid PKCS#12 raises Refused.
    A new gateway may bring `publicCertData`, so that scenarios need no private keys.
    """
    wanted = copied(body)
    for name in _READ_ONLY_TOP:
        wanted.pop(name, None)
    properties = wanted.pop("properties", {})
    before = previous["properties"] if previous else {}
    owned: Json = {"resourceGuid": str(uuid.uuid4()), "operationalState": "Running"}
    owned |= {name: before[name] for name in _SERVICE_OWNED if name in before}
    document: Json = {
        "name": gateway.name,
        "id": str(gateway),
        "type": GATEWAYS,
        **{"location": "", "tags": {}, **wanted},
        "properties": {**properties, **copied(owned)},
    }
    _add_missing_collections(document)
    for part in parts(document):
        _complete_part(part, gateway)
    _keep_private_keys(document, previous)
    _add_back_references(document)
    return document


def stamp(document: Json, state: str) -> None:
    """Give the gateway and every sub-resource a new etag and this provisioningState."""
    etag = f'W/"{uuid.uuid4()}"'
    for node in (document, *(part.node for part in parts(document))):
        node["etag"] = etag
        node["properties"]["provisioningState"] = state


def _add_missing_collections(document: Json) -> None:
    properties = document["properties"]
    own = V1_COLLECTIONS if is_v1(document) else V2_COLLECTIONS
    for collection in COMMON_COLLECTIONS + own:
        properties[collection] = properties.get(collection) or []


def _complete_part(part: Part, gateway: GatewayId) -> None:
    node = part.node
    node["id"] = f"{gateway}/{part.path}"
    kinds = part.path.split("/")[::2]
    node["type"] = "/".join((GATEWAYS, *kinds))
    for name in _BACK_PROPERTIES.get(part.collection, ()):
        part.properties.pop(name, None)
    node["properties"] = {**copied(_DEFAULTS.get(part.collection, {})), **part.properties}


def _keep_private_keys(document: Json, previous: Json | None) -> None:
    """A listener's certificate sent without data keeps the key stored under its name."""
    old = previous["properties"].get("sslCertificates") or () if previous else ()
    kept = {node["name"].lower(): node["properties"].get("publicCertData") for node in old}
    for node in document["properties"]["sslCertificates"]:
        properties, name = node["properties"], node["name"].lower()
        data, password = properties.pop("data", None), properties.pop("password", None)
        if data:
            properties["publicCertData"] = public_part(data, password, node["id"])
        elif name in kept:
            properties["publicCertData"] = kept[name]
        elif previous is not None and not properties.get("keyVaultSecretId"):
            raise invalid_pfx(node["id"])


def _add_back_references(document: Json) -> None:
    by_id = {part.node["id"].lower(): part for part in parts(document)}
    for part in tuple(by_id.values()):
        for name, reference in references(part.properties):
            back = _BACK_REFERENCES.get((part.collection, name))
            target = by_id.get(str(reference["id"]).lower())
            if back and target:
                target.properties.setdefault(back, []).append({"id": part.node["id"]})
