"""What a server's first words in a handshake say of the key exchange, and pyOpenSSL does not: in which version of TLS
it is made, and how long the prime is that a server sends for ephemeral Diffie-Hellman.

In TLS 1.2 the server's words up to ServerHelloDone are not encrypted (RFC 5246, 7.4; the layout of ServerKeyExchange is
in 7.4.3).
"""

from collections.abc import Iterator

_HANDSHAKE, _SERVER_HELLO, _SERVER_KEY_EXCHANGE = 22, 2, 12
_SUPPORTED_VERSIONS, _TLS13 = 43, b"\x03\x04"


def is_tls13(heard: bytes | bytearray) -> bool:
    """Whether the server's first message, a ServerHello, chooses TLS 1.3 (RFC 8446, 4.1.3 and 4.2.1)."""
    hello = heard[5 : 5 + int.from_bytes(heard[3:5], "big")]
    if heard[:1] != bytes([_HANDSHAKE]) or hello[:1] != bytes([_SERVER_HELLO]):
        return False
    # Type and length, version and random; the session's id; cipher suite and compression; then the extensions.
    at = 38 + 1 + int.from_bytes(hello[38:39], "big") + 3 + 2
    while at + 4 <= len(hello):
        kind = int.from_bytes(hello[at : at + 2], "big")
        end = at + 4 + int.from_bytes(hello[at + 2 : at + 4], "big")
        if kind == _SUPPORTED_VERSIONS:
            return hello[at + 4 : end] == _TLS13
        at = end
    return False


def dh_bits(heard: bytes) -> int | None:
    """The bits of the prime in what a server said in a handshake with a DHE suite; None if there is none."""
    messages = b"".join(_handshake_records(heard))
    at = 0
    while at + 4 <= len(messages):
        kind, end = messages[at], at + 4 + int.from_bytes(messages[at + 1 : at + 4], "big")
        if kind == _SERVER_KEY_EXCHANGE:
            length = int.from_bytes(messages[at + 4 : at + 6], "big")
            return int.from_bytes(messages[at + 6 : at + 6 + length], "big").bit_length()
        at = end
    return None


def _handshake_records(heard: bytes) -> Iterator[bytes]:
    """What is in the records (RFC 5246, 6.2.1), up to the first of another kind: from then on they are encrypted."""
    at = 0
    while at + 5 <= len(heard) and heard[at] == _HANDSHAKE:
        end = at + 5 + int.from_bytes(heard[at + 3 : at + 5], "big")
        yield heard[at + 5 : end]
        at = end
