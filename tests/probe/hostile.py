"""Servers that mean harm, or are badly broken: each costs its client as much as it can."""

import asyncio
import ssl
from collections.abc import Callable
from contextlib import suppress
from math import gcd
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric import rsa

from bot.lab.pki import authority, leaf
from tests.probe.servers import Handler

T = TypeVar("T")

HINTS = 6_000
INTERIM = b"HTTP/1 100\r\n\r\n"
MOST_IN_A_CHAIN = 75
"""What OpenSSL takes of certificates in a handshake, 100 KiB, has room for about so many of these."""


def byte_by_byte(context: ssl.SSLContext, answer: bytes) -> Handler:
    """Over TLS, each byte of the answer in a record of its own, all at once; then silence."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        session = context.wrap_bio(incoming, outgoing, server_side=True)

        async def drive(step: Callable[[], T]) -> T:
            while True:
                try:
                    return step()
                except ssl.SSLWantReadError:
                    writer.write(outgoing.read())
                    received = await reader.read(65536)
                    incoming.write(received) if received else incoming.write_eof()
                finally:
                    writer.write(outgoing.read())

        with suppress(ssl.SSLError, ConnectionError):
            await drive(session.do_handshake)
            await drive(lambda: session.read(65536))
            for byte in answer:
                session.write(bytes([byte]))
            writer.write(outgoing.read())
            await reader.read()

    return handler


def endless(head: bytes, more: bytes) -> Handler:
    """A head, and then the same bytes until nobody takes them any more."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head)
        while not writer.is_closing():
            writer.write(more)
            await writer.drain()

    return handler


def costly_key(bits: int = 3072) -> rsa.RSAPrivateKey:
    """A key that makes verifying as slow as OpenSSL allows: its public exponent is as long as the modulus.

    OpenSSL takes such exponents up to 3,072 bits of modulus (OPENSSL_RSA_SMALL_MODULUS_BITS).
    """
    usual = rsa.generate_private_key(65537, bits).private_numbers()
    p, q = usual.p, usual.q
    phi = (p - 1) * (q - 1)
    exponent = next(it for it in range(phi - 3, 1, -2) if gcd(it, phi) == 1)
    d = pow(exponent, -1, phi)
    public = rsa.RSAPublicNumbers(exponent, p * q)
    numbers = rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), usual.iqmp, public)
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)


def costly_chain(folder: Path, count: int = MOST_IN_A_CHAIN) -> ssl.SSLContext:
    """A server's context that sends its own certificate, and then as many costly ones, all of one name."""
    key = costly_key()
    costly = [authority("Costly", key=key) for _ in range(count - 1)]
    site = leaf("shop.contoso.com", issuer=costly[0])
    pem = folder / "costly.pem"
    rest = b"".join(it.pem for it in costly)
    pem.write_bytes(site.pem + rest + site.key_pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context
