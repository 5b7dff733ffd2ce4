"""Resolving a name: through this machine's resolver, or the DNS servers that the operator chose."""

import asyncio
import socket
from collections.abc import Sequence
from typing import Any

import dns.asyncresolver
import dns.exception
import dns.name
import dns.nameserver
import dns.resolver
from dns.rdatatype import AAAA, A, RdataType

from bot.aside import Aside, run_in
from bot.core.model.endpoint import Endpoint
from bot.core.model.gateway import is_ip
from bot.core.model.hostname import ascii_name
from bot.core.model.observation import Unresolved
from bot.probe.dns_backend import BoundedBackend

Found = tuple[str, ...] | Unresolved

MOST_ALIASES = 8
"""How many aliases (CNAME) are followed where a server returns only the next name, so that a loop ends."""

MOST_ADDRESSES = 256
"""How many addresses of a name are looked at, about as many as an answer of 4,096 bytes holds."""

_LOOKUPS = Aside(16, "agw-names")


async def resolve(name: str, servers: Sequence[Endpoint], deadline: float) -> Found:
    """Every address of `name`, in the order of DNS; an IP literal stands for itself.

    `servers` are DNS servers by IP and port, asked in turn; if there are none, this machine's resolver is, including
    its hosts file. `deadline` is a time of the loop's clock.
    """
    if is_ip(name):
        return (name,)
    return await (ask(name, servers, deadline) if servers else _ask_system(name, deadline))


async def ask(name: str, servers: Sequence[Endpoint], deadline: float) -> Found:
    """What these DNS servers answer for `name`: its IPv4 addresses, then its IPv6 addresses.

    The name is used as it is, without search domains. An answer for one family is enough.
    """
    try:
        wanted = dns.name.from_text(ascii_name(name))
    except (dns.exception.DNSException, UnicodeError):
        return Unresolved(name, "it is not a valid host name")
    resolver = _resolver(servers)
    families = await asyncio.gather(
        _family(resolver, wanted, A, deadline), _family(resolver, wanted, AAAA, deadline)
    )
    found = tuple(it for family in families if isinstance(family, tuple) for it in family)
    if found:
        return found
    return _together(name, [it for it in families if isinstance(it, Unresolved)])


def _together(name: str, families: Sequence[Unresolved]) -> Unresolved:
    """Why a name has no address: to be sure of that takes an answer for both families."""

    def weight(it: Unresolved) -> int:
        return 0 if it.kind == "no_such_name" else 2 if it.kind == "no_address" else 1

    telling = min(families, key=weight)
    return Unresolved(name, telling.reason, telling.kind)


_BACKEND: Any = BoundedBackend()


def _resolver(servers: Sequence[Endpoint]) -> dns.asyncresolver.Resolver:
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers = [dns.nameserver.Do53Nameserver(ip, port) for ip, port in servers]
    resolver.timeout = 2.0  # After this long without an answer, the next server is asked.
    return resolver


async def _family(
    resolver: dns.asyncresolver.Resolver, wanted: dns.name.Name, family: RdataType, deadline: float
) -> Found:
    name = wanted
    for _ in range(MOST_ALIASES):
        found = await _once(resolver, name, family, deadline)
        if not isinstance(found, dns.name.Name):
            return found
        name = found
    return Unresolved(str(wanted), f"more than {MOST_ALIASES} aliases (CNAME) in a row", "failed")


async def _once(
    resolver: dns.asyncresolver.Resolver, name: dns.name.Name, family: RdataType, deadline: float
) -> Found | dns.name.Name:
    """The addresses, why there are none, or the alias at which the answer ends."""
    clock = asyncio.get_running_loop().time
    begun = clock()
    shown = name.to_text(omit_final_dot=True)
    if deadline <= begun:
        return _silent(shown, 0.0)
    try:
        answer = await resolver.resolve(
            name,
            family,
            search=False,
            raise_on_no_answer=False,
            lifetime=deadline - begun,
            backend=_BACKEND,
        )
    except dns.resolver.NXDOMAIN:
        return Unresolved(shown, "no such name (NXDOMAIN)", "no_such_name")
    except dns.exception.Timeout:
        return _silent(shown, clock() - begun)
    except dns.resolver.NoNameservers as error:
        return Unresolved(shown, _failure(error), "failed")
    except dns.exception.DNSException as error:
        return Unresolved(shown, f"the DNS answer cannot be used ({error})", "failed")
    if answer.rrset is not None:
        return tuple(record.to_text() for record in answer.rrset)
    if answer.canonical_name != name:
        return answer.canonical_name
    return Unresolved(shown, "the name exists, but has no address", "no_address")


def _silent(name: str, seconds: float) -> Unresolved:
    return Unresolved(name, f"no answer from DNS within {seconds:.1f} s", "silent")


def _failure(error: dns.resolver.NoNameservers) -> str:
    """What each server returned instead of an answer, such as SERVFAIL or REFUSED."""
    said = [
        f"{server.removeprefix('Do53:')}: {problem}"
        for server, _, _, problem, _ in error.kwargs["errors"]
    ]
    return "; ".join(dict.fromkeys(said)) or "no DNS server could be queried"


async def _ask_system(name: str, deadline: float) -> Found:
    """The look-up runs in a thread, which cannot be interrupted: after the deadline its answer is ignored. The threads
    are for this alone, so that a silent resolver delays nothing but names.
    """
    loop = asyncio.get_running_loop()
    begun = loop.time()
    try:
        async with asyncio.timeout_at(deadline):
            found = await run_in(
                _LOOKUPS, socket.getaddrinfo, ascii_name(name), None, type=socket.SOCK_STREAM
            )
    except TimeoutError:
        return _silent(name, loop.time() - begun)
    except socket.gaierror as error:
        # getaddrinfo(3) has the same code for a name that does not exist and for one without addresses.
        unknown = error.errno == socket.EAI_NONAME
        reason = (error.strerror or str(error)).lower()
        return Unresolved(name, reason, "no_such_name" if unknown else "failed")
    except OSError as error:
        return Unresolved(name, (error.strerror or str(error)).lower())
    except UnicodeError:  # Python encodes the name as IDNA first.
        return Unresolved(name, "it is not a valid host name")
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))[:MOST_ADDRESSES]
