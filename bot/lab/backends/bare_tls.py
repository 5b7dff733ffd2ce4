"""The first words of a TLS 1.2 server, written by hand: for what OpenSSL no longer does on either side.

It has no RC4 and no 3DES by default, and no Diffie-Hellman group of less than 1024 bits at any security level
(https://docs.openssl.org/master/man3/SSL_CTX_set_security_level/). A client without them goes no further than these
words, so nothing is encrypted here. RFC 5246, sections 6.2.1 and 7.4.
"""

import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from bot.lab.backends.spec import Chain, DhGroup, OldSuites
from bot.lab.streams import Stream

_HANDSHAKE = 22
_CLIENT_HELLO, _SERVER_HELLO, _CERTIFICATE, _KEY_EXCHANGE, _DONE = 1, 2, 11, 12, 14
_DHE_RSA_AES128_GCM = 0x009E
_RSA_SHA256 = bytes.fromhex("0401")
_SECURE_RENEGOTIATION = bytes.fromhex("ff01 0001 00")
_HANDSHAKE_FAILURE = bytes.fromhex("15 0303 0002 02 28")
_MOST = 1 << 14
"""Bytes of a record (RFC 5246, 6.2.1)."""


async def begin(stream: Stream, offer: DhGroup | OldSuites, chain: Chain) -> None:
    """Answer a ClientHello as such a server does; what the client says to it is read and not answered."""
    hello = await _client_hello(stream)
    match offer:
        case DhGroup() if _signs_with_rsa(chain) and _DHE_RSA_AES128_GCM in _suites(hello):
            await stream.write(_begun(hello, offer, chain))
        case DhGroup() | OldSuites():
            await stream.write(_HANDSHAKE_FAILURE)
    while await stream.read():
        pass


def _signs_with_rsa(chain: Chain) -> bool:
    return bool(chain) and isinstance(chain[0].key, rsa.RSAPrivateKey)


async def _client_hello(stream: Stream) -> bytes:
    """The ClientHello without the heads of record and message; EOFError if it does not come."""
    data = b""
    while len(data) < 5 or len(data) < 5 + int.from_bytes(data[3:5], "big"):
        more = await stream.read()
        if not more or (data + more)[0] != _HANDSHAKE:
            raise EOFError("no ClientHello")
        data += more
    return data[9:]


def _suites(hello: bytes) -> set[int]:
    """The cipher suites that a ClientHello offers; before them are version, random and session id."""
    at = 34 + 1 + hello[34]
    length = int.from_bytes(hello[at : at + 2], "big")
    offered = hello[at + 2 : at + 2 + length]
    return {int.from_bytes(offered[it : it + 2], "big") for it in range(0, length, 2)}


def _begun(hello: bytes, group: DhGroup, chain: Chain) -> bytes:
    """ServerHello, the certificates, the group with a public value, and that this is all."""
    key, random = chain[0].key, os.urandom(32)
    assert isinstance(key, rsa.RSAPrivateKey), "this suite is signed with RSA"
    value = pow(group.generator, int.from_bytes(os.urandom(16), "big"), group.prime)
    numbers = (group.prime, group.generator, value)
    offered = b"".join(_sized(it.to_bytes((it.bit_length() + 7) // 8, "big"), 2) for it in numbers)
    signed = key.sign(hello[2:34] + random + offered, padding.PKCS1v15(), hashes.SHA256())
    certificates = b"".join(_sized(it.certificate.public_bytes(Encoding.DER), 3) for it in chain)
    suite = _DHE_RSA_AES128_GCM.to_bytes(2, "big")
    own = b"\x03\x03" + random + b"\0" + suite + b"\0" + _sized(_SECURE_RENEGOTIATION, 2)
    messages = (
        (_SERVER_HELLO, own),
        (_CERTIFICATE, _sized(certificates, 3)),
        (_KEY_EXCHANGE, offered + _RSA_SHA256 + _sized(signed, 2)),
        (_DONE, b""),
    )
    said = b"".join(bytes([kind]) + _sized(body, 3) for kind, body in messages)
    records = (said[at : at + _MOST] for at in range(0, len(said), _MOST))
    return b"".join(bytes([_HANDSHAKE, 3, 3]) + _sized(it, 2) for it in records)


def _sized(data: bytes, width: int) -> bytes:
    return len(data).to_bytes(width, "big") + data
