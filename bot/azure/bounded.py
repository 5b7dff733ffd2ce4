"""How much of Azure's answers is read: a bound on bytes, packed and unpacked, before any of it is understood."""

import re
import zlib
from collections.abc import AsyncIterator
from typing import Any, Final

import aiohttp
from multidict import CIMultiDict, CIMultiDictProxy

from bot.aside import Aside, aside, run_in
from bot.core.arm.document import DEEPEST, TOO_DEEP, NotReadable, parse_json

MEBIBYTE = 1024 * 1024

MOST_BYTES = 8 * MEBIBYTE
"""Of one answer, unpacked: Resource Manager's own limit
(https://github.com/Azure/azure-resource-manager-rpc/blob/master/v1.0/common-api-details.md#max-response-size)."""

MOST_OF_A_REFUSAL = 64 * 1024
"""Bytes of an answer that is an error: what comes after them is not read. ARM's errors have some hundreds."""

MOST_VALUES = 250_000
"""In the JSON of one answer, counted by its commas. Azure's documents have about 40 bytes for each value; a short value
costs twenty times its bytes in memory."""

MOST_PARTS = 50_000
"""Objects and lists in one answer: a real one has a part for each 150 bytes. Python goes through all parts there are
whenever it collects garbage, and holds everybody meanwhile."""

MOST_TOGETHER = 20_000
"""Members of one object: the parser lets no other thread run between them. A gateway's largest have some thirty."""

MOST_ESCAPES = 250_000
"""Characters written with a backslash in one answer: each takes as long as a value, and a text of nothing else could be
as long as the answer. Azure's documents have some in a message of a health report."""

_NESTED = re.compile(rb"[\[{]{%d}" % (DEEPEST + 1))

AT_ONCE = 64 * 1024
"""Bytes of JSON that are parsed on the event loop, in less than a millisecond or two; longer ones are parsed aside."""

_PARSING = Aside(1, "agw-json")

# As azure-core unpacks them.
_WINDOWS: Final = {"gzip": 16 + zlib.MAX_WBITS, "deflate": -zlib.MAX_WBITS}
_HOW = "Content-Encoding"

_TOO_LONG = f"is longer than {MOST_BYTES // MEBIBYTE} MB, as no document of Azure's is"
_TOO_MANY = (
    f"has more than {MOST_VALUES} values or {MOST_PARTS} parts, as no document of Azure's has"
)
_TOO_DENSE = (
    f"has more than {MOST_TOGETHER} members in one object or {MOST_ESCAPES} escaped characters,"
    " as no document of Azure's has"
)


class BoundedResponse(aiohttp.ClientResponse):
    """Unpacks itself while it comes, and gives up where it becomes too long; azure-core would do that at the end."""

    _whole: bytes | None = None

    @property
    def headers(self) -> "CIMultiDictProxy[str]":
        """Without the compression, which is undone here."""
        found = super().headers
        if found.get(_HOW, "").lower() not in _WINDOWS:
            return found
        return CIMultiDictProxy(CIMultiDict((k, v) for k, v in found.items() if k.title() != _HOW))

    async def read(self) -> bytes:
        """
        Raises:
            NotReadable: it is too long.
            zlib.error: it is not packed as it says.
        """
        if self._whole is None:
            try:
                self._whole = await self._read_bounded()
            except BaseException:
                self.close()
                raise
        return self._whole

    async def _read_bounded(self) -> bytes:
        refused = self.status >= 400
        most = MOST_OF_A_REFUSAL if refused else MOST_BYTES
        found = bytearray()
        async for piece in self._unpacked(most):
            found += piece
            if len(found) > most and not refused:
                raise NotReadable(_TOO_LONG)
            if len(found) > most:
                self.close()
                break
        return bytes(memoryview(found)[:most])

    async def _unpacked(self, most: int) -> AsyncIterator[bytes]:
        """The pieces as they come, none much longer than `most`."""
        window = _WINDOWS.get(super().headers.get(_HOW, "").lower())
        if window is None:
            async for piece in self.content.iter_any():
                yield piece
            return
        unpacker = zlib.decompressobj(window)
        async for piece in self.content.iter_any():
            yield await aside(unpacker.decompress, piece, most + 1)


async def parsed(body: bytes) -> Any:
    """The JSON in an answer, None if there is nothing in it.

    Raises:
        NotReadable: it is none, or none that Azure would send.
    """
    # backendhealth returns 202 with the body `null`, or without a body:
    # Azure/azure-cli, recordings/test_network_app_gateway_with_defaults.yaml
    if len(body) <= AT_ONCE:
        return parse_json(body) if body.strip() else None
    return await run_in(_PARSING, _parse_long, body)


def _parse_long(body: bytes) -> Any:
    """In a thread, and in pieces: Python's own functions for texts let no other thread run before their end."""
    values = parts = escapes = together = 0
    for at in range(0, len(body), AT_ONCE):
        # As much longer as it takes to see what begins in one piece and ends in the next.
        if _NESTED.search(body, at, at + AT_ONCE + DEEPEST):
            raise NotReadable(TOO_DEEP)
        values += body.count(b",", at, at + AT_ONCE)
        parts += body.count(b"{", at, at + AT_ONCE) + body.count(b"[", at, at + AT_ONCE)
        escapes += body.count(b"\\", at, at + AT_ONCE)
        begins = body.rfind(b"{", at, at + AT_ONCE)
        together = (together if begins < 0 else 0) + body.count(b":", max(at, begins), at + AT_ONCE)
        if values > MOST_VALUES or parts > MOST_PARTS:
            raise NotReadable(_TOO_MANY)
        if together > MOST_TOGETHER or escapes > MOST_ESCAPES:
            raise NotReadable(_TOO_DENSE)
    return parse_json(body, patient=True)
