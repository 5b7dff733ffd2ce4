"""Did a certificate sign itself? And what is not looked at, because finding out may take long."""

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from OpenSSL import crypto

from bot.probe.verification import NO_CHECK_TIME, ServedChain, load

LONGEST_EXPONENT = 64
"""Bits of an RSA key's public exponent. OpenSSL takes one as long as the modulus, up to 3,072 bits, and then verifies
300 times as slowly as with the usual 65537; for longer moduli it sets this limit itself (OPENSSL_RSA_MAX_PUBEXP_BITS,
https://docs.openssl.org/master/man3/RSA_get0_key/). Go's crypto/tls takes 31 bits."""


class TooCostly(ValueError):
    """A certificate that is not looked at, because that may take long; the message is a clause about it."""


def signed_itself(der: bytes) -> bool:
    """Whether the certificate's signature was made with its own key.

    Raises:
        TooCostly: verifying signatures of this key takes unreasonably long.
    """
    try:
        certificate = load(der)
        _check_exponent_of(certificate.x509)
    except crypto.Error:
        return False
    store = crypto.X509Store()
    store.set_flags(NO_CHECK_TIME | crypto.X509StoreFlags.CHECK_SS_SIGNATURE)
    store.add_cert(certificate.x509)
    return ServedChain(certificate).verify("", store).code == 0


def _check_exponent_of(certificate: crypto.X509) -> None:
    try:
        key = certificate.get_pubkey().to_cryptography_key()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return  # A kind of key that cannot be used, and costs nothing.
    check_exponent(key.public_numbers().e.bit_length() if isinstance(key, rsa.RSAPublicKey) else 0)


def check_exponent(bits: int) -> None:
    """
    Raises:
        TooCostly: verifying signatures with an exponent of so many bits takes unreasonably long.
    """
    if bits > LONGEST_EXPONENT:
        raise TooCostly(f"its RSA key has an exponent of {bits} bits, too many to verify with")
