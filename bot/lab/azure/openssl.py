"""OpenSSL's verdict on a chain, as a gateway would get it: an X509_V_ERR_* code and its depth.

https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/ has the codes; that a gateway quotes them is in
https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.bindings.openssl.binding import Binding
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from OpenSSL import crypto

OK = 0
DATES = (9, 10)
ISSUER_UNKNOWN = (2, 18, 19, 20, 21)
_REVOKED = 23
_EE_KEY_TOO_SMALL, _CA_KEY_TOO_SMALL, _DIGEST_TOO_WEAK = 66, 67, 68

# X509_PURPOSE_SSL_SERVER, openssl/x509v3.h.
_SSL_SERVER = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    code: int
    depth: int = 0


def verify(
    presented: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    now: datetime,
    revoked: Set[str] = frozenset(),
) -> Verdict:
    """The first objection to the chain, or code 0; only certificates that were presented complete it."""
    store = crypto.X509Store()
    store.set_time(now)
    Binding.lib.X509_STORE_set_purpose(store._store, _SSL_SERVER)
    for root in roots:
        store.add_cert(crypto.X509.from_cryptography(root))
    leaf, *others = map(crypto.X509.from_cryptography, presented)
    try:
        path = crypto.X509StoreContext(store, leaf, others).get_verified_chain()
    except crypto.X509StoreContextError as error:
        return Verdict(error.errors[0], error.errors[1])
    certificates = [it.to_cryptography() for it in path]
    for depth, each in enumerate(certificates):
        if each.fingerprint(hashes.SHA256()).hex() in revoked:
            return Verdict(_REVOKED, depth)
    return _weakness(certificates)


def _weakness(path: Sequence[x509.Certificate]) -> Verdict:
    """What security level 1 forbids in OpenSSL 3.0, where SHA-1 does not have 80 bits of security any more.

    https://docs.openssl.org/3.0/man3/SSL_CTX_set_security_level/
    """
    for depth, each in enumerate(path):
        key = each.public_key()
        if isinstance(key, rsa.RSAPublicKey) and key.key_size < 1024:
            return Verdict(_CA_KEY_TOO_SMALL if depth else _EE_KEY_TOO_SMALL, depth)
    for depth, each in enumerate(path[:-1]):
        used = each.signature_hash_algorithm
        if used is not None and used.name in ("md5", "sha1"):
            return Verdict(_DIGEST_TOO_WEAK, depth)
    return Verdict(OK)
