"""What options share when they turn an intention into edits of a gateway's document."""

import base64
import re
from typing import Any

from bot.core.arm.document import Document, items, name_of, properties_of
from bot.core.arm.edit import Edit, Item, Reference, Value, sub_resource_id
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate
from bot.core.model.gateway import HttpSettings, StoredCertificate
from bot.core.routing.gateway_request import DEFAULT_INTERVAL, DEFAULT_PROBE_HOST, DEFAULT_TIMEOUT

SETTINGS, PROXY_SETTINGS = "backendHttpSettingsCollection", "backendSettingsCollection"
POOLS = "backendAddressPools"
PROBES = "probes"
ROUTING_RULES = "requestRoutingRules"
MOST_NAME = 80
"""Characters in a sub-resource name (Azure/application-gateway-kubernetes-ingress keeps names to 80)."""

ONLY_LISTED = "; public CAs then no longer count for these settings"
"""Said about the first root: once one is listed, only chains that end in a listed root are accepted (ssl-overview)."""


def certificate_text(certificate: Certificate) -> str:
    """What goes into `data`: base64 of the DER, one certificate, no line ends."""
    return base64.b64encode(certificate.der).decode("ascii")


def trust_certificate(
    document: Document,
    settings: HttpSettings,
    collection: str,
    stored: tuple[StoredCertificate, ...],
    certificate: Certificate,
) -> tuple[Edit, ...]:
    """Upload a certificate, unless the gateway has it already, and refer to it from the settings.

    The same text stands in two lists: `collection` of the gateway and the list of that name in the settings.
    """
    known = next((it for it in stored if _same(it, certificate)), None)
    name = known.name if known else stored_name(certificate)
    target = sub_resource_id(document, collection, name)
    reference = Reference("add", settings_collection(settings), settings.name, collection, target)
    if known:
        return (reference,)
    upload = Item("add", collection, name, {"data": certificate_text(certificate)})
    return (upload, reference)


def settings_collection(settings: HttpSettings) -> str:
    """The collection of the gateway in which they are."""
    return PROXY_SETTINGS if settings.layer4 else SETTINGS


def stored_name(certificate: Certificate) -> str:
    """A name that says whose it is and which one: made of the common name and the SHA-256."""
    shown = certificate.common_name or "certificate"
    plain = (
        re.sub(r"[^A-Za-z0-9.-]+", "", shown.replace("*", "wildcard")).strip(".-") or "certificate"
    )
    tail = certificate.sha256[:8]
    return f"agw-{plain[: MOST_NAME - len(tail) - 5]}-{tail}"


def set_value(document: Document, collection: str, name: str, field: str, after: Any) -> Value:
    """Set one property, from exactly what it is now."""
    return Value(collection, name, field, raw_value(document, collection, name, field), after)


def changed_probe(view: BackendView, document: Document, changes: Document) -> tuple[Edit, ...]:
    """Give the health probe of these settings other values; the default probe becomes a custom one.

    The default probe asks for Host 127.0.0.1, which stays unless `changes` name another `host`.
    """
    probe = view.gateway.probe_of(view.settings)
    if probe is None:
        return _own_probe(document, view.settings, changes)
    return tuple(
        set_value(document, PROBES, probe.name, field, after)
        for field, after in changes.items()
        if raw_value(document, PROBES, probe.name, field) != after
    )


def _own_probe(document: Document, settings: HttpSettings, changes: Document) -> tuple[Edit, ...]:
    # The values of the default probe: application-gateway-probe-overview, "Default health probe settings".
    name = f"agw-{settings.name}"[:MOST_NAME]
    properties = {
        "protocol": "Https" if settings.protocol == "https" else "Http",
        "host": DEFAULT_PROBE_HOST,
        "path": "/",
        "interval": DEFAULT_INTERVAL,
        "timeout": DEFAULT_TIMEOUT,
        "unhealthyThreshold": 3,
        "pickHostNameFromBackendHttpSettings": False,
        **changes,
    }
    target = {"id": sub_resource_id(document, PROBES, name)}
    return (
        Item("add", PROBES, name, properties),
        set_value(document, SETTINGS, settings.name, "probe", target),
    )


def raw_value(document: Document, collection: str, name: str, field: str) -> Any:
    """One property as the document holds it; None if it is not there."""
    for item in items(document, collection):
        if name_of(item).lower() == name.lower():
            return properties_of(item).get(field)
    return None


def _same(stored: StoredCertificate, certificate: Certificate) -> bool:
    kept = stored.certificate
    return isinstance(kept, Certificate) and kept.sha256 == certificate.sha256
