"""One HTTP/1.1 request, as a health probe makes it, and the start of the response.

Only what a diagnosis needs is read: the status, the target of a redirect, and the first bytes of the body (RFC 9112 for
the framing). A response that breaks off after its headers still counts.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import punctuation
from typing import Protocol
from urllib.parse import quote

from bot.core.model.hostname import ascii_name
from bot.core.model.observation import BODY_KEPT, NoResponse, Response
from bot.probe.tcp import first_words

MOST_READ = 64 * 1024
"""The most bytes that are read of a response, headers and body together."""

MOST_KEPT = BODY_KEPT
"""The most bytes of the body that are kept."""

_STATUS_LINE = re.compile(rb"HTTP/\d(?:\.\d)? ([1-9]\d\d)(?: |$)")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(r"[0-9]{1,18}")
_CHUNK_SIZE = re.compile(rb"\s*([0-9A-Fa-f]{1,8})\s*(?:;[^\n]*)?\r?\n")

_FRAME_HEAD = 9
_SETTINGS, _GOAWAY = 0x4, 0x7


class Channel(Protocol):
    """A connection to send bytes over: TCP, or TLS over it."""

    def send(self, data: bytes) -> None: ...

    async def receive(self) -> bytes: ...


async def ask(channel: Channel, request: bytes, deadline: float) -> Response | NoResponse:
    """Send the request and read the start of the response; `deadline` is a time of the loop's clock.

    Raises:
        TlsEndedError: from the channel.
    """
    loop = asyncio.get_running_loop()
    begun = loop.time()
    channel.send(request)
    received = bytearray()
    late = False
    try:
        async with asyncio.timeout_at(deadline):
            while not _enough(received) and (more := await channel.receive()):
                received += more
    except TimeoutError:
        late = True
    match read_answer(bytes(received[:MOST_READ])):
        case HttpAnswer(response):
            return response
        case NoResponse() as malformed:
            return malformed
    if len(received) >= MOST_READ:
        return NoResponse("malformed", f"no HTTP response in its first {MOST_READ} bytes")
    if late:
        return NoResponse("timeout", f"no HTTP response within {loop.time() - begun:.1f} s")
    return NoResponse("closed", _broken_off(received))


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


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What was parsed so far; `complete` means that waiting for more would add nothing."""

    response: Response
    complete: bool


def read_answer(received: bytes) -> HttpAnswer | NoResponse | None:
    """Parse the first bytes of a response: the answer, why there is none, or None if more bytes are needed."""
    while True:
        if not received.startswith(b"HTTP/"):
            needs_more = b"HTTP/".startswith(received) or _begins_frame(received)
            return None if needs_more else _no_http(received)
        end = _HEAD_END.search(received)
        if end is None:
            return None
        status_line, *fields = received[: end.start()].splitlines()
        match = _STATUS_LINE.match(status_line)
        if match is None:
            return NoResponse("malformed", f'no HTTP status line: "{first_words(status_line)}"')
        status, received = int(match[1]), received[end.end() :]
        if status >= 200 or status == 101:
            return _answer(status, _headers(fields), received)
        # 100 Continue and 103 Early Hints precede the response (RFC 9110, 15.2).


def _answer(status: int, headers: Mapping[str, str], rest: bytes) -> HttpAnswer:
    body, complete = _body(status, headers, rest)
    text = body[:MOST_KEPT].decode("utf-8", "replace")
    response = Response(status, headers.get("location"), text)
    return HttpAnswer(response, complete or len(body) >= MOST_KEPT)


def _enough(received: bytearray) -> bool:
    if len(received) >= MOST_READ:
        return True
    match read_answer(bytes(received)):
        case HttpAnswer(_, complete):
            return complete
        case NoResponse():
            return True
    return False


def _headers(fields: list[bytes]) -> Mapping[str, str]:
    """The fields with names in lower case; the first of a repeated field counts."""
    found: dict[str, str] = {}
    for field in fields:
        name, _, value = field.decode("latin-1").partition(":")
        found.setdefault(name.strip().lower(), value.strip())
    return found


def _body(status: int, headers: Mapping[str, str], rest: bytes) -> tuple[bytes, bool]:
    """The body so far, and whether it is complete (RFC 9112, 6.3)."""
    if status in (101, 204, 304):
        return b"", True
    if headers.get("transfer-encoding", "").lower().endswith("chunked"):
        return _chunked(rest)
    length = _LENGTH.fullmatch(headers.get("content-length", ""))
    if length is None:
        return rest, False
    return rest[: int(length[0])], len(rest) >= int(length[0])


def _chunked(rest: bytes) -> tuple[bytes, bool]:
    """The chunks so far, joined (RFC 9112, 7.1); anything that is not a chunk ends the body."""
    body = b""
    while match := _CHUNK_SIZE.match(rest):
        size = int(match[1], 16)
        chunk = rest[match.end() : match.end() + size]
        body += chunk
        if size == 0:
            return body, True
        if len(chunk) < size or len(body) >= MOST_KEPT:
            return body, False
        rest = rest[match.end() + size :]
    return body, b"\n" in rest.lstrip()


def _no_http(received: bytes) -> NoResponse:
    # A TLS record, most likely an alert: content type, then 3 as the major version (RFC 8446, 5.1).
    if received[:1] in (b"\x15", b"\x16") and received[1:2] in (b"", b"\x03"):
        return NoResponse("tls", "it answered plain HTTP with TLS")
    if _is_http2(received):
        return NoResponse("http2", "it answered HTTP/1.1 with HTTP/2")
    return NoResponse("malformed", f'its response is not HTTP: "{first_words(received)}"')


def _begins_frame(received: bytes) -> bool:
    """Whether this may become the head of an HTTP/2 frame: its length comes first, and is small."""
    return len(received) < _FRAME_HEAD and b"\0\0".startswith(received[:2])


def _is_http2(received: bytes) -> bool:
    """Whether a server began HTTP/2: its first frame is SETTINGS (RFC 9113, 3.4), or it says GOAWAY at once.

    A frame begins with three bytes of length, then its type, flags and stream (RFC 9113, 4.1); both of these concern
    the connection, stream 0, and settings have six bytes each.
    """
    if len(received) < _FRAME_HEAD or received[5:_FRAME_HEAD] != bytes(4):
        return False
    length, kind = int.from_bytes(received[:3], "big"), received[3]
    return (kind == _SETTINGS and length % 6 == 0) or (kind == _GOAWAY and length >= 8)


def _broken_off(received: bytearray) -> str:
    if received:
        return "its response ended in the middle of the headers"
    return "it closed the connection without a response"
