"""ARM's JSON of the certificates that a gateway stores.

They arrive already parsed, because no X.509 library is known here: `Certificates` maps the `data` text to its meaning.
"""

from collections.abc import Iterator, Mapping

from bot.core.arm.document import Document
from bot.core.arm.entry import Entry, root_entry
from bot.core.arm.unfollowed import LISTENERS
from bot.core.model.certificate import Bundle, Certificate, Unreadable
from bot.core.model.gateway import StoredCertificate

Certificates = Mapping[str, Certificate | Unreadable]

AUTHENTICATION, TRUSTED_ROOTS = "authenticationCertificates", "trustedRootCertificates"


def certificate_data(document: Document) -> Iterator[str]:
    """Every certificate text on the gateway that a diagnosis wants to have parsed."""
    properties = gateway_entry(document).properties
    for collection in (AUTHENTICATION, TRUSTED_ROOTS):
        for item in properties.entries(collection):
            data = item.properties.text("data")
            if data is not None:
                yield data


def bundle_data(document: Document) -> Iterator[str]:
    """What Azure shows of the certificates of listeners: bundles, each of a chain."""
    for item in _of_listeners(gateway_entry(document).properties):
        data = item.properties.text("publicCertData")
        if data is not None:
            yield data


def gateway_entry(document: Document) -> Entry:
    """A gateway's document, to be read part by part."""
    return root_entry(document, "the gateway")


def read_listener_certificates(
    properties: Entry, certificates: Certificates
) -> tuple[StoredCertificate, ...]:
    """The certificates that a listener refers to."""
    return tuple(_stored(it, certificates) for it in _of_listeners(properties))


def key_vault_certificates(properties: Entry) -> tuple[str, ...]:
    """The ids of the listeners' certificates that are kept in Key Vault."""
    return tuple(
        it.id for it in _of_listeners(properties) if it.properties.text("keyVaultSecretId")
    )


def read_stored_certificates(
    properties: Entry, collection: str, certificates: Certificates
) -> tuple[StoredCertificate, ...]:
    """The authentication certificates, or the trusted roots, of a gateway."""
    return tuple(_stored(it, certificates) for it in properties.entries(collection))


def _of_listeners(properties: Entry) -> Iterator[Entry]:
    used = {it.properties.reference("sslCertificate") for it in properties.entries(LISTENERS)}
    return (it for it in properties.entries("sslCertificates") if it.id in used)


def _stored(item: Entry, certificates: Certificates) -> StoredCertificate:
    found = _certificate(item.properties, certificates)
    if isinstance(found, Bundle):
        return StoredCertificate(item.id, item.name, found.first, found.others)
    return StoredCertificate(item.id, item.name, found)


def _certificate(found: Entry, certificates: Certificates) -> Certificate | Unreadable:
    data = found.text("data") or found.text("publicCertData")
    if data is not None:
        return certificates.get(data, Unreadable("it was not parsed"))
    if found.text("keyVaultSecretId"):
        reason = "it is kept in Key Vault, and Azure does not show it here"
        return Unreadable(reason, key_vault=True)
    return Unreadable("Azure's answer holds no certificate data")
