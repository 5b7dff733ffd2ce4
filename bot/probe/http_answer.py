"""The start of an HTTP/1.1 response, understood byte by byte as it comes (RFC 9112).

Each byte is looked at once, however small the pieces in which a server sends: what a server may cost grows with what it
sends, and no faster.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.core.model.observation import BODY_KEPT, NoResponse, Response
from bot.probe.tcp import first_words

MOST_KEPT = BODY_KEPT
"""The most bytes of the body that are kept."""

MOST_INTERIM = 8
"""The most responses with a status of 1xx before the real one. Real servers send one or two, and Go's client gives up
after five (https://pkg.go.dev/net/http/httptrace#ClientTrace, Got1xxResponse)."""

LONGEST_LINE = 4 * 1024
"""The most bytes in the line with the size of a chunk; with extensions, real ones have some dozens."""

_PIECE = 1024

_START = b"HTTP/"
_STATUS_LINE = re.compile(rb"HTTP/\d(?:\.\d)? ([1-9]\d\d)(?: |$)")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LONGEST_END = len(b"\r\n\r\n")
_LENGTH = re.compile(r"[0-9]{1,18}")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\n]*)?\r?\n")

_FRAME_HEAD = 9
_SETTINGS, _GOAWAY = 0x4, 0x7

_Framing = Literal["none", "length", "chunked", "until the end"]


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What was understood so far; `complete` means that waiting for more would add nothing."""

    response: Response
    complete: bool


def read_answer(received: bytes) -> HttpAnswer | NoResponse | None:
    """The answer in the first bytes of a response, why there is none, or None if more bytes are needed."""
    reader = AnswerReader()
    reader.feed(received)
    return reader.answer


class AnswerReader:
    """Takes a response in pieces of any size."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._looked = 0
        self._interim = 0
        self._none: NoResponse | None = None
        self._body: _Body | None = None
        self._status = 0
        self._headers: Mapping[str, str] = {}

    @property
    def is_done(self) -> bool:
        """Whether more bytes would add nothing."""
        return self._none is not None or (self._body is not None and self._body.is_enough)

    @property
    def answer(self) -> HttpAnswer | NoResponse | None:
        """As `read_answer` of everything that was fed."""
        if self._body is None:
            return self._none
        text = bytes(self._body.kept).decode("utf-8", "replace")
        response = Response(self._status, self._headers.get("location"), text)
        return HttpAnswer(response, self._body.is_enough)

    def feed(self, data: bytes) -> None:
        """The next bytes; after `is_done` they change nothing."""
        if self._body is not None:
            self._body.feed(data)
        elif self._none is None:
            self._head += data
            while self._one_head():
                pass

    def _one_head(self) -> bool:
        """Understand one head if it is there whole; True if another may follow it."""
        if not self._head.startswith(_START):
            received = bytes(self._head)
            if not (_START.startswith(received) or _begins_frame(received)):
                self._none = _no_http(received)
            return False
        # What was searched without success is not searched again.
        end = _HEAD_END.search(self._head, max(0, self._looked - _LONGEST_END))
        if end is None:
            self._looked = len(self._head)
            return False
        head, rest = bytes(self._head[: end.start()]), bytes(self._head[end.end() :])
        self._head, self._looked = bytearray(rest), 0
        return self._took(head, rest)

    def _took(self, head: bytes, rest: bytes) -> bool:
        status_line, *fields = head.splitlines()
        match = _STATUS_LINE.match(status_line)
        if match is None:
            said = f'no HTTP status line: "{first_words(status_line)}"'
            self._none = NoResponse("malformed", said)
            return False
        status = int(match[1])
        if status >= 200 or status == 101:
            self._status, self._headers = status, _headers(fields)
            self._body = _Body(*_framing(status, self._headers))
            self._body.feed(rest)
            return False
        # 100 Continue and 103 Early Hints precede the response (RFC 9110, 15.2).
        self._interim += 1
        if self._interim > MOST_INTERIM:
            said = f"more than {MOST_INTERIM} interim responses (1xx), and no final one"
            self._none = NoResponse("malformed", said)
        return self._none is None


class _Body:
    """The first bytes of a body (RFC 9112, 6.3)."""

    def __init__(self, framing: _Framing, length: int) -> None:
        self.kept = bytearray()
        self._framing = framing
        self._due = length
        self._line = bytearray()
        self._complete = framing == "none" or (framing == "length" and not length)

    @property
    def is_enough(self) -> bool:
        return self._complete or len(self.kept) >= MOST_KEPT

    def feed(self, data: bytes) -> None:
        if self.is_enough:
            return
        match self._framing:
            case "chunked":
                # In pieces, because what is left of one is copied for each chunk in it.
                for at in range(0, len(data), _PIECE):
                    self._feed_chunks(data[at : at + _PIECE])
            case "length":
                self._take(data)
                self._complete = not self._due
            case _:
                self._keep(data)

    def _feed_chunks(self, data: bytes) -> None:
        """Chunk by chunk (RFC 9112, 7.1); anything that is not a chunk ends the body."""
        while data and not self.is_enough:
            if self._due:
                data = self._take(data)
                continue
            self._line += data
            if not (line := self._line.lstrip()):
                self._line.clear()
                return
            self._line = line
            if b"\n" not in data and len(line) <= LONGEST_LINE:
                return
            size = _CHUNK_SIZE.match(line)
            if size is None:
                self._complete = b"\n" in line or len(line) > LONGEST_LINE
                return
            self._due, data = int(size[1], 16), bytes(line[size.end() :])
            self._line.clear()
            self._complete = not self._due

    def _take(self, data: bytes) -> bytes:
        """Keep what is due of the data, and return the rest."""
        taken, rest = data[: self._due], data[self._due :]
        self._due -= len(taken)
        self._keep(taken)
        return rest

    def _keep(self, data: bytes) -> None:
        self.kept += data[: MOST_KEPT - len(self.kept)]


def _framing(status: int, headers: Mapping[str, str]) -> tuple[_Framing, int]:
    """How the end of the body is known (RFC 9112, 6.3), and its length if that says it."""
    if status in (101, 204, 304):
        return "none", 0
    if headers.get("transfer-encoding", "").lower().endswith("chunked"):
        return "chunked", 0
    length = _LENGTH.fullmatch(headers.get("content-length", ""))
    return ("length", int(length[0])) if length else ("until the end", 0)


def _headers(fields: list[bytes]) -> Mapping[str, str]:
    """The fields with names in lower case; the first of a repeated field counts."""
    found: dict[str, str] = {}
    for field in fields:
        name, _, value = field.decode("latin-1").partition(":")
        found.setdefault(name.strip().lower(), value.strip())
    return found


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
