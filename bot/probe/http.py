"""One HTTP/1.1 request, as a health probe makes it, and the start of the response.

Only what a diagnosis needs is read: the status, the target of a redirect, and the first bytes of the body (RFC 9112 for
the framing, in `bot.probe.http_answer`). A response that breaks off after its headers still counts.
"""

import asyncio
from string import punctuation
from typing import Protocol
from urllib.parse import quote

from bot.core.model.hostname import ascii_name
from bot.core.model.observation import NoResponse, Response
from bot.probe.http_answer import AnswerReader, HttpAnswer

MOST_READ = 64 * 1024
"""The most bytes that are read of a response, headers and body together."""


class Channel(Protocol):
    """A connection to send bytes over: TCP, or TLS over it."""

    def send(self, data: bytes) -> None: ...

    async def receive(self) -> bytes:
        """At least one byte, or none at the end. Whatever is there already, the loop gets its turn with each call."""
        ...


async def ask(channel: Channel, request: bytes, deadline: float) -> Response | NoResponse:
    """Send the request and read the start of the response; `deadline` is a time of the loop's clock.

    Raises:
        TlsEndedError: from the channel.
    """
    loop = asyncio.get_running_loop()
    begun = loop.time()
    channel.send(request)
    reader = AnswerReader()
    room = MOST_READ
    late = False
    try:
        async with asyncio.timeout_at(deadline):
            while room and not reader.is_done and (more := await channel.receive()):
                reader.feed(more[:room])
                room -= len(more[:room])
    except TimeoutError:
        late = True
    match reader.answer:
        case HttpAnswer(response):
            return response
        case NoResponse() as malformed:
            return malformed
    if not room:
        return NoResponse("malformed", f"no HTTP response in its first {MOST_READ} bytes")
    if late:
        return NoResponse("timeout", f"no HTTP response within {loop.time() - begun:.1f} s")
    return NoResponse("closed", _broken_off(something=room < MOST_READ))


def request_bytes(host: str, path: str) -> bytes:
    """GET `path` with this Host header, in its ASCII form; the path is percent-encoded where necessary.

    Raises:
        ValueError: the host contains something that would break out of its header.
    """
    host = ascii_name(host)
    if not host.isascii() or not host.isprintable() or " " in host:
        raise ValueError(f"{host!r} cannot stand in a Host header")
    target = quote(path, safe=punctuation, errors="replace")
    lines = (
        f"GET {target if target.startswith('/') else '/' + target} HTTP/1.1",
        f"Host: {host}",
        "User-Agent: agw-probe",
        "Accept: */*",
        "Connection: close",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def _broken_off(*, something: bool) -> str:
    if something:
        return "its response ended in the middle of the headers"
    return "it closed the connection without a response"
