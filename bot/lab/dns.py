"""A small but real DNS server on 127.0.0.1, over UDP: it answers what a scenario defines."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import cast

import dns.exception
import dns.message
import dns.rcode
import dns.rrset
from dns.rdataclass import IN
from dns.rdatatype import AAAA, A

Zones = Callable[[str], Sequence[str]]
"""The addresses of a name, given in lower case without its final dot; none: it does not exist."""

_TTL = 10


class DnsServer(asyncio.DatagramProtocol):
    """Answers from `zones`, read each time; `questions` lists the names asked for, in order."""

    def __init__(self, zones: Zones) -> None:
        self._zones = zones
        self._transport: asyncio.DatagramTransport | None = None
        self.questions: list[str] = []
        self.port = 0

    @classmethod
    @asynccontextmanager
    async def open(cls, zones: Zones) -> AsyncIterator["DnsServer"]:
        """Run one on a free port of 127.0.0.1."""
        transport, server = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: cls(zones), local_addr=("127.0.0.1", 0)
        )
        server.port = transport.get_extra_info("sockname")[1]
        try:
            yield server
        finally:
            transport.close()

    @property
    def endpoint(self) -> tuple[str, int]:
        return ("127.0.0.1", self.port)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Before Python 3.12 asyncio's own datagram transport is not declared as a DatagramTransport.
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        try:
            question = dns.message.from_wire(data)
            answer = self._answer(question)
        except dns.exception.DNSException:
            return  # Not a question that can be answered.
        assert self._transport is not None
        # In the scenario's order, so that every run is the same.
        self._transport.sendto(answer.to_wire(want_shuffle=False), addr)

    def _answer(self, question: dns.message.Message) -> dns.message.Message:
        answer = dns.message.make_response(question, recursion_available=True)
        for asked in question.question[:1]:
            name = asked.name.to_text(omit_final_dot=True).lower()
            self.questions.append(name)
            addresses = self._zones(name)
            family = {A: 4, AAAA: 6}.get(asked.rdtype)
            fitting = [it for it in addresses if ip_address(it).version == family]
            if not addresses:
                answer.set_rcode(dns.rcode.NXDOMAIN)
            elif fitting:
                records = dns.rrset.from_text_list(asked.name, _TTL, IN, asked.rdtype, fitting)
                answer.answer.append(records)
        return answer
