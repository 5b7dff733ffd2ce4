"""The public key of a certificate: which kind, how long, and its digest."""

from dataclasses import dataclass
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


@dataclass(frozen=True, slots=True)
class Key:
    """A public key. `digest` is the SHA-256 of its SubjectPublicKeyInfo; None: it cannot be read, or has no length.

    `exponent_bits` are those of an RSA key's public exponent, 0 for other keys.
    """

    digest: str | None = None
    kind: str | None = None
    bits: int | None = None
    exponent_bits: int = 0


def read_key(certificate: x509.Certificate) -> Key:
    """The key of a certificate; an empty `Key` for one that `cryptography` does not read."""
    try:
        found = certificate.public_key()
        encoded = found.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (UnsupportedAlgorithm, ValueError):
        return Key()
    digest = sha256(encoded).hexdigest()
    match found:
        case rsa.RSAPublicKey():
            exponent = found.public_numbers().e
            return Key(digest, "RSA", found.key_size, exponent.bit_length())
        case dsa.DSAPublicKey():
            return Key(digest, "DSA", found.key_size)
        case ec.EllipticCurvePublicKey():
            return Key(digest, "EC", found.key_size)
    return Key(digest)
