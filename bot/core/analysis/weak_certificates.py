"""Keys and signatures that are too weak for OpenSSL, which has levels for that.

Level 1 forbids less than 80 bits of security: RSA below 1024 bits, EC below 160, MD5. Level 2 forbids less than 112:
RSA below 2048, EC below 224, SHA-1. Level 1 was the default from 1.1.0 on, level 2 is since 3.2
(https://docs.openssl.org/master/man3/SSL_CTX_set_security_level/), and since 3.0 SHA-1 counts as less than 80 bits
(https://docs.openssl.org/3.0/man7/migration_guide/). Which level a gateway has is not documented.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.analysis.openssl_codes import VerifyCode, verify_code
from bot.core.model.certificate import Certificate

_FORBIDDEN_HASHES = ("md2", "md4", "md5")
_EE_KEY, _CA_KEY, _DIGEST = 66, 67, 68


@dataclass(frozen=True, slots=True)
class Weakness:
    """What is weak in a certificate, in words, and OpenSSL's code for it. `forbidden`: at level 1 already."""

    certificate: Certificate
    what: str
    code: VerifyCode
    depth: int
    forbidden: bool


def weaknesses(path: tuple[Certificate, ...]) -> Iterator[Weakness]:
    """Those of a chain, from the server's own certificate up; a root's own signature is checked by nobody."""
    for depth, it in enumerate(path):
        yield from _weak_key(it, depth)
        if not it.self_issued:
            yield from _weak_signature(it, depth)


def _weak_key(it: Certificate, depth: int) -> Iterator[Weakness]:
    forbidden_below, weak_below = (160, 224) if it.key_kind == "EC" else (1024, 2048)
    if it.key_kind is not None and it.key_bits is not None and it.key_bits < weak_below:
        code = verify_code(_CA_KEY if depth else _EE_KEY)
        what = f"has a key of {it.key_kind} {it.key_bits} bits"
        yield Weakness(it, what, code, depth, it.key_bits < forbidden_below)


def _weak_signature(it: Certificate, depth: int) -> Iterator[Weakness]:
    used = it.signature_hash
    if used in (*_FORBIDDEN_HASHES, "sha1"):
        what = f"is signed with {used.upper().replace('SHA1', 'SHA-1')}"
        yield Weakness(it, what, verify_code(_DIGEST), depth, used in _FORBIDDEN_HASHES)
