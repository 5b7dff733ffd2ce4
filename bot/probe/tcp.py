"""One TCP connection, and how it failed."""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.model.observation import NotConnected

_FULL = 64 * 1024
"""Bytes that may be buffered before the sender is paused."""

_TELLING = ("refused", "timeout", "unreachable")
"""Kinds of failure, the most informative about a backend first."""


@dataclass(frozen=True, slots=True)
class SocketAddress:
    """An IP literal and a port to connect to. `label` is its name in an outcome."""

    address: str
    port: int
    label: str


class Stream(asyncio.Protocol):
    """The bytes of one connection.

    Unlike `asyncio.StreamReader` it still returns what arrived before a reset: a server that rejects a client often
    sends its alert and resets at once.
    """

    def __init__(self, peer: SocketAddress) -> None:
        self.peer = peer
        self.was_reset = False
        self._received = bytearray()
        self._ended = False
        self._changed = asyncio.Event()
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        if len(self._received) > _FULL:
            self._transport.pause_reading()
        self._changed.set()

    def eof_received(self) -> bool:
        self._ended = True
        self._changed.set()
        return True  # The other direction stays open until `close`.

    def connection_lost(self, exc: Exception | None) -> None:
        self.was_reset = isinstance(exc, ConnectionError)
        self._ended = True
        self._changed.set()

    def send(self, data: bytes) -> None:
        """Send without waiting; everything sent here is small."""
        self._transport.write(data)

    async def receive(self) -> bytes:
        """What has arrived, at least one byte; empty at the end, including a reset."""
        while not self._received and not self._ended:
            self._changed.clear()
            await self._changed.wait()
        received = bytes(self._received)
        self._received.clear()
        self._transport.resume_reading()
        return received

    def close(self) -> None:
        """Close at once without waiting, so it is safe in any `finally`."""
        self._transport.abort()


async def connect(peer: SocketAddress, deadline: float) -> Stream | NotConnected:
    """Connect, or say why not; `deadline` is a time of the loop's clock."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    try:
        async with asyncio.timeout_at(deadline):
            _, stream = await loop.create_connection(lambda: Stream(peer), peer.address, peer.port)
    except TimeoutError:
        return NotConnected("timeout", peer.label, f"no answer within {loop.time() - begun:.1f} s")
    except OSError as error:
        refused = isinstance(error, ConnectionRefusedError)
        reason = os.strerror(error.errno).lower() if error.errno else str(error)
        return NotConnected("refused" if refused else "unreachable", peer.label, reason)
    return stream


async def connect_first(peers: Sequence[SocketAddress], deadline: float) -> Stream | NotConnected:
    """The first address that accepts; each is tried in turn with an equal share of the time."""
    clock = asyncio.get_running_loop().time
    failures: list[NotConnected] = []
    for left in range(len(peers), 0, -1):
        share = clock() + (deadline - clock()) / left
        found = await connect(peers[-left], share)
        if isinstance(found, Stream):
            return found
        failures.append(found)
    return _together(failures)


def _together(failures: Sequence[NotConnected]) -> NotConnected:
    """One failure for all, of the most informative kind: that there is no IPv6 network says least."""
    first = min(failures, key=lambda failure: _TELLING.index(failure.kind))
    if len(failures) == 1:
        return first
    reasons = "; ".join(f"{failure.address}: {failure.reason}" for failure in failures)
    return replace(
        first, reason=f"none of {len(failures)} addresses accepts connections ({reasons})"
    )


def first_words(data: bytes) -> str:
    """The start of unexpected bytes, for display: one line of at most 60 printable ASCII characters."""
    line = data.lstrip().split(b"\n", 1)[0].rstrip()[:60]
    return "".join(chr(byte) if 32 <= byte < 127 else "." for byte in line)
