"""A client for the backends: openssl s_client, and a plain HTTP request."""

import asyncio
import re
from asyncio.subprocess import PIPE, STDOUT
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seen:
    """What openssl s_client said: the subjects of the chain as sent, and all of its words."""

    subjects: tuple[str, ...]
    text: str


async def s_client(port: int, *arguments: str, send: bytes = b"") -> Seen:
    """One handshake of the openssl command, an implementation that is not ours."""
    command = ("openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-showcerts", *arguments)
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=STDOUT)
    output, _ = await asyncio.wait_for(process.communicate(send), 20)
    text = output.decode("utf-8", "replace")
    return Seen(tuple(re.findall(r"^\s*\d+ s:CN = (.+)$", text, re.MULTILINE)), text)


async def http_get(port: int, host: str, path: str = "/") -> bytes:
    """The whole answer to one plain HTTP request."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        return await asyncio.wait_for(reader.read(), 10)
    finally:
        writer.close()
        await writer.wait_closed()
