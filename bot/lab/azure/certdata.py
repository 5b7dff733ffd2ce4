"""`data` of certificates as a gateway accepts it: base64 of DER or of PEM; PKCS#12 for listeners."""

import base64
import binascii

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7, pkcs12

from bot.lab.azure.errors import Refused, bad_request


def read_certificate(data: object) -> x509.Certificate:
    """The one certificate in `data`. ValueError if it contains none, or more than one.

    Both encodings occur in recordings of real gateways; a chain in one file is a known cause
    of refusal: https://github.com/MicrosoftDocs/azure-docs/issues/69393
    """
    raw = _decode(data)
    if not raw.lstrip().startswith(b"-----BEGIN"):
        return x509.load_der_x509_certificate(raw)
    certificates = x509.load_pem_x509_certificates(raw)
    if len(certificates) != 1:
        raise ValueError("more than one certificate")
    return certificates[0]


def der_of(data: object) -> bytes:
    """The DER of the certificate in `data`; ValueError if there is none.

    Of a bundle, which is refused today but stored on some gateways, that is the first one: a bundle
    in Key Vault works as a root (https://github.com/Azure/azure-cli/issues/16913).
    """
    raw = _decode(data)
    if not raw.lstrip().startswith(b"-----BEGIN"):
        return x509.load_der_x509_certificate(raw).public_bytes(Encoding.DER)
    return x509.load_pem_x509_certificates(raw)[0].public_bytes(Encoding.DER)


def public_part(pfx: object, password: object, resource: str) -> str:
    """`publicCertData` for an uploaded PKCS#12: base64 of PKCS#7, as recordings show it."""
    try:
        phrase = str(password).encode() if password else None
        store = pkcs12.load_pkcs12(_decode(pfx), phrase)
    except ValueError as error:
        raise invalid_pfx(resource) from error
    if store.cert is None:
        raise invalid_pfx(resource)
    chain = [store.cert.certificate, *(extra.certificate for extra in store.additional_certs)]
    return base64.b64encode(pkcs7.serialize_certificates(chain, Encoding.DER)).decode("ascii")


def invalid_pfx(resource: str) -> Refused:
    # https://github.com/elastic/azure-marketplace/issues/181
    return bad_request(
        "ApplicationGatewaySslCertificateInvalidData",
        f"Data or Password for certificate {resource} is invalid.",
    )


def _decode(data: object) -> bytes:
    if not isinstance(data, str) or not data:
        raise ValueError("no data")
    try:
        return base64.b64decode("".join(data.split()), validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
