"""A server on loopback that reads one request a connection and then does exactly what a test says."""

import asyncio
import json
import socket
import struct
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Literal

CUT: Final = "cut"
RESET: Final = "reset"
SILENT: Final = "silent"
"""In place of an answer: close the connection, reset it, or keep it and say nothing."""

Reply = bytes | Literal["cut", "reset", "silent"]


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it arrived, body included."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class WildServer:
    """`reply` decides on each request; `requests` are all that arrived whole, `arrived` is set by the first."""

    reply: Callable[[Request], Reply]
    url: str = ""
    requests: list[Request] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _visits: set[asyncio.Task[None]] = field(default_factory=set)

    def count(self, method: str) -> int:
        return sum(each.method == method for each in self.requests)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        visit = asyncio.create_task(self._serve(reader, writer))
        self._visits.add(visit)
        visit.add_done_callback(self._visits.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _read(reader)
            self.requests.append(request)
            self.arrived.set()
            reply = self.reply(request)
            if reply == SILENT:
                await reader.read()
            elif reply == RESET:
                linger = struct.pack("ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, linger
                )
            elif isinstance(reply, bytes):
                writer.write(reply)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def wild_server(reply: Callable[[Request], Reply] | Reply) -> AsyncIterator[WildServer]:
    """Serve until the block ends; `reply` may be one answer for all."""
    wild = WildServer(reply if callable(reply) else lambda _: reply)
    server = await asyncio.start_server(wild._accept, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    wild.url = f"http://{host}:{port}"
    try:
        yield wild
    finally:
        server.close()
        for visit in tuple(wild._visits):
            visit.cancel()
        await asyncio.gather(*wild._visits, return_exceptions=True)
        # Of a connection that came at the very end, the task was cancelled before its first step.
        for writer in wild._writers:
            writer.close()
        await server.wait_closed()


def answer(status: int, body: Any = None, **headers: str) -> bytes:
    """A whole answer in JSON; a header is named with _ for -."""
    return raw(status, json.dumps(body).encode(), **headers)


def raw(status: int, content: bytes, **headers: str) -> bytes:
    """A whole answer of any bytes, said to be JSON; a header is named with _ for -."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = {"Content-Type": "application/json", "Content-Length": str(len(content)), **named}
    return _head(status, lines) + content


def bomb(size: int) -> bytes:
    """So many zeros, packed as gzip does (RFC 1952), to a thousandth; of equal blocks, since to pack all takes long."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    zeros = bytes(2**20)
    blocks, rest = divmod(size, len(zeros))
    # After a full flush nothing refers to what came before, so the same block fits again.
    block = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    end = packer.compress(bytes(rest)) + packer.flush()
    check = 0
    for _ in range(blocks):
        check = zlib.crc32(zeros, check)
    check = zlib.crc32(bytes(rest), check)
    head = bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 255])
    return head + block * blocks + end + struct.pack("<II", check, size % 2**32)


def error(status: int, code: str, message: str = "Words.", **headers: str) -> bytes:
    """A refusal in ARM's envelope."""
    return answer(status, {"error": {"code": code, "message": message}}, **headers)


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


async def _read(reader: asyncio.StreamReader) -> Request:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    method, target, _ = first.split(" ")
    return Request(method, target, headers, body)
