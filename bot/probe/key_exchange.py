"""How long the prime is that a server sends for ephemeral Diffie-Hellman: pyOpenSSL does not say.

In TLS 1.2 the server's words up to ServerHelloDone are not encrypted (RFC 5246, 7.4; the layout of ServerKeyExchange is
in 7.4.3).
"""

from collections.abc import Iterator

_HANDSHAKE, _SERVER_KEY_EXCHANGE = 22, 12


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
