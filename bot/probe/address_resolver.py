"""From a backend's name or address to the addresses to connect to: DNS, the operator's map, and what is allowed.

The map (`connect_to`) is consulted twice. A name on its left side is never resolved; any other name is, and its
addresses are looked up in the map again, so that a tunnel for 10.1.5.11 serves every name that resolves to it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.model.endpoint import Endpoint
from bot.core.model.gateway import is_ip
from bot.core.model.hostname import ascii_name
from bot.core.model.marked import mark
from bot.core.model.observation import Lookup, NotTried, Question, Unresolved
from bot.probe import dns, guard
from bot.probe.tcp import SocketAddress


@dataclass(frozen=True, slots=True)
class Resolved:
    """Where a backend's name leads: at least one socket address, or why none; `addresses` are DNS's answer."""

    peers: tuple[SocketAddress, ...] | NotTried | Unresolved
    addresses: tuple[str, ...] = ()


class AddressResolver:
    """Connections to the left side of `connect_to` go to its right side; `dns_servers` resolve names, or this machine's
    resolver if there are none. With `loopback_only` nothing else is contacted, DNS servers included.
    """

    def __init__(
        self,
        connect_to: Mapping[Endpoint, Endpoint],
        loopback_only: bool,
        dns_servers: Sequence[Endpoint] = (),
    ) -> None:
        self._connect_to = {
            (ascii_name(host).lower(), port): to for (host, port), to in connect_to.items()
        }
        self._loopback_only = loopback_only
        self._dns_servers = tuple(dns_servers)

    async def to(self, server: str, port: int, deadline: float) -> Resolved:
        """The socket addresses of a backend; `deadline` is a time of the loop's clock."""
        server = ascii_name(server)
        if is_ip(server) or (server.lower(), port) in self._connect_to:
            return Resolved(await self._doors((server,), port, deadline))
        found = await self._resolve(server, deadline)
        if not isinstance(found, tuple):
            return Resolved(found)
        return Resolved(await self._doors(found, port, deadline), found)

    async def look_up(self, question: Question, deadline: float) -> Lookup:
        """What one DNS server answers, contacted where the map sends it."""
        endpoint = (question.server, question.port)
        ip, port = self._connect_to.get(endpoint, endpoint)
        if not is_ip(ip):
            return Lookup(
                question, NotTried(f"a DNS server must be mapped to an IP, not {mark(ip)}")
            )
        chosen = endpoint in self._connect_to or endpoint in self._dns_servers
        why = guard.dns_refusal(ip, chosen=chosen, loopback_only=self._loopback_only)
        if why is not None:
            return Lookup(question, NotTried(why))
        return Lookup(question, await dns.ask(question.name, [(ip, port)], deadline))

    async def _resolve(self, name: str, deadline: float) -> tuple[str, ...] | NotTried | Unresolved:
        refusals = {
            (ip, port): guard.dns_refusal(ip, chosen=True, loopback_only=self._loopback_only)
            for ip, port in self._dns_servers
        }
        allowed = [endpoint for endpoint, why in refusals.items() if why is None]
        if refusals and not allowed:
            reasons = "; ".join(why for why in refusals.values() if why)
            return NotTried(f"{mark(name)} was not looked up: {reasons}")
        if self._loopback_only and not allowed and name.lower() != "localhost":
            return NotTried(
                f"{mark(name)} was not resolved, because only loopback may be contacted"
            )
        return await dns.resolve(name, allowed, deadline)

    async def _doors(
        self, meant: Sequence[str], port: int, deadline: float
    ) -> tuple[SocketAddress, ...] | NotTried | Unresolved:
        resolved = [await self._doors_of(server, port, deadline) for server in meant]
        peers = tuple(peer for found in resolved if isinstance(found, tuple) for peer in found)
        if peers:
            return peers
        unresolved = next((it for it in resolved if isinstance(it, Unresolved)), None)
        reasons = "; ".join(it.reason for it in resolved if isinstance(it, NotTried))
        return unresolved or NotTried(reasons)

    async def _doors_of(
        self, meant: str, port: int, deadline: float
    ) -> tuple[SocketAddress, ...] | NotTried | Unresolved:
        """The socket addresses for one destination: one, or several where it is mapped to a name."""
        mapped = (meant.lower(), port) in self._connect_to
        host, real = self._connect_to.get((meant.lower(), port), (meant, port))
        found = await self._way(host, deadline)
        if not isinstance(found, tuple):
            return found
        whys = {
            it: guard.refusal(it, mapped=mapped, loopback_only=self._loopback_only) for it in found
        }
        peers = tuple(
            SocketAddress(it, real, f"{meant} via {it}:{real}" if mapped else it)
            for it, why in whys.items()
            if why is None
        )
        return peers or NotTried("; ".join(why for why in whys.values() if why))

    async def _way(self, host: str, deadline: float) -> tuple[str, ...] | NotTried | Unresolved:
        if self._loopback_only and not is_ip(host) and host.lower() != "localhost":
            return NotTried(
                f"{mark(host)} was not resolved, because only loopback may be contacted"
            )
        return await dns.resolve(host, (), deadline)


async def look_up(
    resolver: AddressResolver, questions: Sequence[Question], timeout: float
) -> tuple[Lookup, ...]:
    """Ask all questions in parallel within `timeout` seconds; the answers are in the questions' order."""
    deadline = asyncio.get_running_loop().time() + timeout
    return tuple(await asyncio.gather(*(resolver.look_up(it, deadline) for it in questions)))
