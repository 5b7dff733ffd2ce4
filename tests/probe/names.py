"""A DNS server on loopback that says what a test wants: one script for each name and type."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import dns.message
import dns.rcode
import dns.rrset

SILENT = "SILENT"
"""Instead of an answer: none at all."""

Says = Mapping[str, str | list[str]]


@dataclass(slots=True)
class DnsServer(asyncio.DatagramProtocol):
    """Answers by `says`: to "shop.contoso.com A" with records such as "shop.contoso.com 60 IN A 10.1.5.11", with a
    code such as "SERVFAIL", or `SILENT`. A name it has nothing of does not exist; of its other types there are none.
    """

    says: Says
    port: int = 0
    asked: list[str] = field(default_factory=list)
    _transport: asyncio.DatagramTransport | None = None

    @property
    def endpoint(self) -> tuple[str, int]:
        return ("127.0.0.1", self.port)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Before 3.12 asyncio's own transport for datagrams is none by name.
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        assert self._transport is not None
        question = dns.message.from_wire(data)
        wanted = question.question[0]
        name = wanted.name.to_text(omit_final_dot=True)
        key = f"{name} {wanted.to_text().rsplit(' ', 1)[-1]}"
        self.asked.append(key)
        known = any(it.startswith(f"{name} ") for it in self.says)
        said = self.says.get(key, [] if known else "NXDOMAIN")
        if said == SILENT:
            return
        answer = dns.message.make_response(question, recursion_available=True)
        if isinstance(said, str):
            answer.set_rcode(dns.rcode.from_text(said))
        else:
            answer.answer = [_record(line) for line in said]
        self._transport.sendto(answer.to_wire(want_shuffle=False), addr)


def _record(line: str) -> dns.rrset.RRset:
    name, ttl, kind, family, *values = line.split()
    full = [f"{it}." if family == "CNAME" else it for it in values]
    return dns.rrset.from_text(f"{name}.", int(ttl), kind, family, *full)


@asynccontextmanager
async def naming(says: Says) -> AsyncIterator[DnsServer]:
    """Run one."""
    server = DnsServer(says)
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: server, local_addr=("127.0.0.1", 0)
    )
    server.port = transport.get_extra_info("sockname")[1]
    try:
        yield server
    finally:
        transport.close()
