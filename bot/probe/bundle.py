"""What Azure returns of a listener's certificate: a PKCS#7 bundle of its chain, without the key.

`publicCertData` is "base-64 encoded public cert data corresponding to pfx" (azure-mgmt-network,
ApplicationGatewaySslCertificate.public_cert_data); recorded answers hold PKCS#7.
"""

import base64
import binascii
from collections.abc import Iterable, Sequence

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from bot.core.arm.certificates_reader import Certificates
from bot.core.model.certificate import Certificate, Unreadable
from bot.probe.quiet import quiet
from bot.probe.self_signed import TooCostly
from bot.probe.x509 import (
    LONGEST_TEXT,
    MOST_IN_TEXT,
    REFUSED,
    read_certificate,
    read_der,
)


def read_bundles(data: Iterable[str]) -> Certificates:
    """Each text with the leaf certificate in it."""
    return {text: read_bundle(text) for text in data}


def read_bundle(text: str) -> Certificate | Unreadable:
    """The leaf of a bundle, or the certificate if the text is only one. Never raises."""
    if len(text) > LONGEST_TEXT:
        return Unreadable(f"it is longer than {LONGEST_TEXT} characters")
    try:
        chain = _chain(base64.b64decode("".join(text.split()), validate=True))
    except TooCostly as error:
        return Unreadable(str(error))
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return read_certificate(text)
    except REFUSED as error:
        # For example X.509 v2: the exception's own message names the fault.
        return Unreadable(f"its PKCS#7 bundle holds a certificate that breaks the rules: {error}")
    issuers = {it.issuer for it in chain if it.issuer != it.subject}
    leaves = [it for it in chain if it.subject not in issuers]
    return next(iter([*leaves, *chain]), Unreadable("the bundle contains no certificate"))


def _chain(der: bytes) -> Sequence[Certificate]:
    with quiet():
        found: Sequence[x509.Certificate] = pkcs7.load_der_pkcs7_certificates(der)
        if len(found) > MOST_IN_TEXT:
            raise TooCostly(f"its PKCS#7 bundle holds more than {MOST_IN_TEXT} certificates")
        return [read_der(it.public_bytes(Encoding.DER)) for it in found]
