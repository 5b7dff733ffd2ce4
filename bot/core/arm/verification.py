"""Planned against actual: did the gateway become exactly what was planned, and nothing else?

Azure fills in and rewrites parts on every write (etags, provisioning states, back references), so both documents
are compared without those. A certificate's text may come back in another encoding of the same bytes.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.arm.document import Document, is_list, is_object, mapping_of, text_of

MOST_TOLD = 5
"""Differences that are told one by one."""

# Read-only in the SDK's models (azure-mgmt-network), or back references that ARM fills in itself.
WRITTEN_BY_AZURE = frozenset(
    {
        "etag",
        "type",
        "provisioningState",
        "operationalState",
        "resourceGuid",
        "publicCertData",
        "privateEndpointConnections",
        "defaultPredefinedSslPolicy",
        "systemData",
    }
)
BACK_REFERENCES: dict[str, frozenset[str]] = {
    "backendAddressPools": frozenset(
        {
            "requestRoutingRules",
            "urlPathMaps",
            "pathRules",
            "routingRules",
            "backendIPConfigurations",
        }
    ),
    "backendHttpSettingsCollection": frozenset({"requestRoutingRules", "urlPathMaps", "pathRules"}),
    "backendSettingsCollection": frozenset({"routingRules"}),
    "authenticationCertificates": frozenset({"backendHttpSettings"}),
    "trustedRootCertificates": frozenset({"backendHttpSettings"}),
    "probes": frozenset({"backendHttpSettings", "backendSettings"}),
    "httpListeners": frozenset({"requestRoutingRules"}),
    "listeners": frozenset({"routingRules"}),
    "sslCertificates": frozenset({"httpListeners", "listeners"}),
    "sslProfiles": frozenset({"httpListeners", "listeners"}),
    "trustedClientCertificates": frozenset(
        {"sslProfiles", "validatedCertData", "clientCertIssuerDN"}
    ),
    "frontendIPConfigurations": frozenset({"httpListeners", "listeners"}),
    "frontendPorts": frozenset({"httpListeners", "listeners"}),
    "redirectConfigurations": frozenset({"requestRoutingRules", "urlPathMaps", "pathRules"}),
    "rewriteRuleSets": frozenset({"requestRoutingRules", "urlPathMaps", "pathRules"}),
    "urlPathMaps": frozenset({"requestRoutingRules"}),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the gateway is not as planned; the values are shortened texts."""

    path: str
    planned: str
    actual: str


def differences(planned: Document, actual: Document) -> tuple[Difference, ...]:
    """Every place where the two documents differ in what a person or program configured."""
    return tuple(_compare("", canonical(planned), canonical(actual)))


def content_digest(document: Document) -> str:
    """SHA-256 of what a person or program configured: equal only for documents without `differences`."""
    text = json.dumps(canonical(document), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def where(found: Sequence[Difference]) -> str:
    """Differences in a few words, the first ones in full."""
    told = [f"{it.path}: expected {it.planned}, is {it.actual}" for it in found[:MOST_TOLD]]
    more = len(found) - MOST_TOLD
    return "; ".join(told) + (f"; and {more} more" if more > 0 else "")


def canonical(document: Document) -> Any:
    """The document without what Azure writes itself, ids in lower case, lists of named entries as maps."""
    return _clean(document, "")


def _clean(value: Any, collection: str) -> Any:
    if is_object(value):
        dropped = WRITTEN_BY_AZURE | BACK_REFERENCES.get(collection, frozenset())
        kept = {key: it for key, it in value.items() if key not in dropped}
        return {
            key: _leaf(key, it) if isinstance(it, str) else _clean(it, _within(key, collection))
            for key, it in kept.items()
            if it is not None and it != [] and it != {}
        }
    if is_list(value):
        return _keyed([_clean(it, collection) for it in value])
    return value


def _within(key: str, collection: str) -> str:
    # `properties` of an entry still belongs to the entry's collection.
    return collection if key == "properties" else key


def _keyed(entries: list[Any]) -> Any:
    names = [(text_of(mapping_of(it).get("name")) or "").lower() for it in entries]
    # An entry without a name, or two of one name, would hide each other.
    if all(names) and len(set(names)) == len(names):
        return dict(zip(names, entries, strict=True))
    return entries


def _leaf(key: str, text: str) -> str:
    if key == "data":
        return _certificate_bytes(text)
    return text.lower() if key == "id" else text


def _certificate_bytes(text: str) -> str:
    """One form for base64 of DER, base64 of PEM and bare PEM; anything else stays as it is."""
    plain = text
    try:
        decoded = base64.b64decode(text, validate=True)
        if decoded.startswith(b"-----BEGIN"):
            plain = decoded.decode("ascii")
    except (binascii.Error, ValueError):
        pass
    if plain.startswith("-----BEGIN"):
        plain = "".join(line for line in plain.splitlines() if not line.startswith("-----"))
    return "".join(plain.split())


def _compare(path: str, planned: Any, actual: Any) -> Iterator[Difference]:
    if is_object(planned) and is_object(actual):
        for key in sorted({*planned, *actual}):
            yield from _compare(f"{path}/{key}", planned.get(key), actual.get(key))
    elif is_list(planned) and is_list(actual) and len(planned) == len(actual):
        for index, (one, other) in enumerate(zip(planned, actual, strict=True)):
            yield from _compare(f"{path}/{index}", one, other)
    elif planned != actual:
        yield Difference(path.lstrip("/"), _short(planned), _short(actual))


def _short(value: Any) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 120 else f"{text[:117]}..."
