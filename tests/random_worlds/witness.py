"""The lab's word about a world: which probes fail, which clients are not served. The bot is not asked here."""

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace

from bot.lab.azure import AzureLab, ClientExchange, Options, ServerHealth
from bot.lab.azure.clients import MemberExchange
from bot.lab.azure.messages import SUCCESS
from bot.lab.backends import Backends
from bot.lab.scenario import Names
from bot.lab.values import Endpoint, Json

Pair = tuple[str, str]
"""HTTP settings and server, by name."""

Page = tuple[str, str]
"""Host and path of a client's request."""


_REVOKED = re.compile(r"error code 23\b")
_SIGN_IN = 401
_DENIED = re.compile(r"Received:40[13]\b")
"""In the lab's log of a probe."""


@dataclass(frozen=True, slots=True)
class Word:
    """`unhealthy`: the (settings, server) pairs whose probe fails. `suffering`: the pages that clients do not get.

    `kept`: pairs whose probe fails, and which count as healthy all the same. `judged` are all pages that somebody
    serves, or should: those that the gateway redirects elsewhere are not. `failing`: pairs that do not give clients a
    page, wherever their probe stands; `useless` those of them that give them none at all. `made_up`: hosts that no
    listener names, though one takes them.
    `beyond`: pairs whose probe fails for what the gateway alone meets: the server denies its address, or it knows that
    the certificate is revoked, or asks DNS servers that its network does not have any more.
    `closed`: pairs that the gateway reaches, and the bot does not: they turn it away, or it has no way there.
    `hidden`: pages that fail for a reason which shows only at such pairs, or in a DNS answer that it alone gets.
    `cut_off`: pairs of the TCP/TLS proxy that give clients no connection.
    `doubtful`: pages of which it depends on a fact that is not documented whether they are served; or whose 401 asks
    nobody to sign in, since the server denies the gateway's address.
    """

    healthy: frozenset[Pair]
    unhealthy: frozenset[Pair]
    kept: frozenset[Pair]
    judged: frozenset[Page]
    suffering: frozenset[Page]
    failing: frozenset[Pair]
    useless: frozenset[Pair]
    made_up: frozenset[str] = frozenset()
    beyond: frozenset[Pair] = frozenset()
    closed: frozenset[Pair] = frozenset()
    hidden: frozenset[Page] = frozenset()
    cut_off: frozenset[Pair] = frozenset()
    doubtful: frozenset[Page] = frozenset()

    @property
    def is_fault(self) -> bool:
        return bool(self.unhealthy or self.suffering or self.cut_off)

    @property
    def at_fault(self) -> frozenset[Pair]:
        """The pairs that somebody has to see to, whoever meets the fault."""
        return self.unhealthy | self.cut_off

    @property
    def served(self) -> frozenset[Page]:
        return self.judged - self.suffering


async def word_of(
    azure: AzureLab,
    gateway: str,
    hosts: Iterable[str],
    closed: Container[Endpoint] = (),
    denying: Container[Endpoint] = (),
    unheard: Container[str] = (),
) -> Word:
    """Ask a running lab; its probes have all ended once."""
    hosts = tuple(hosts)
    seen = await azure.clients_see(gateway, hosts)
    lines = azure.health(gateway)
    pairs = {(it.settings, it.server) for it in lines}
    unhealthy = {(it.settings, it.server) for it in lines if it.health == "Unhealthy"}
    kept = {(it.settings, it.server) for it in lines if it.health == "Healthy" and not _well(it)}
    judged = [it for it in seen if it.served is not None]
    members = [member for it in seen for member in it.members]
    connected = await azure.proxies_connect(gateway)
    return Word(
        healthy=frozenset(pairs - unhealthy),
        unhealthy=frozenset(unhealthy),
        kept=frozenset(kept),
        judged=frozenset((it.ask.host, it.ask.path) for it in judged),
        suffering=frozenset((it.ask.host, it.ask.path) for it in judged if not it.served),
        failing=frozenset(_serving(judged, False)),
        useless=frozenset(_serving(judged, False)) - frozenset(_serving(seen, True, None)),
        made_up=frozenset(hosts),
        beyond=frozenset(_beyond(lines, members, denying, unheard)),
        closed=frozenset(_pair(it) for it in members if (it.address, it.target.port) in closed),
        hidden=frozenset(
            (it.ask.host, it.ask.path) for it in judged if not it.served and _is_hidden(it, closed)
        ),
        cut_off=frozenset(
            (it.settings.rpartition("/")[2], it.server)
            for it, well in connected.items()
            if not well
        ),
        doubtful=frozenset((it.ask.host, it.ask.path) for it in seen if _in_doubt(it, denying)),
    )


def _pair(member: MemberExchange) -> Pair:
    return member.target.settings.rpartition("/")[2], member.server


def _beyond(
    lines: Iterable[ServerHealth],
    members: Iterable[MemberExchange],
    denying: Container[Endpoint],
    unheard: Container[str],
) -> Iterator[Pair]:
    denied = {_pair(it) for it in members if (it.address, it.target.port) in denying}
    for it in lines:
        pair = (it.settings, it.server)
        if it.health == "Unhealthy" and (
            _REVOKED.search(it.log)
            or (pair in denied and _DENIED.search(it.log))
            or it.server in unheard
        ):
            yield pair


def _is_hidden(seen: ClientExchange, closed: Container[Endpoint]) -> bool:
    """Whether none of the servers that fail a page shows it to the bot."""
    bad = [it for it in seen.members if it.served is False]
    return bool(bad) and all(
        it.address is None or (it.address, it.target.port) in closed for it in bad
    )


def _in_doubt(seen: ClientExchange, denying: Container[Endpoint]) -> bool:
    return any(it.doubtful or asks_in_vain(it, denying) for it in seen.members)


def asks_in_vain(member: MemberExchange, denying: Container[Endpoint]) -> bool:
    """Whether it passes for a page though nobody can get one: it denies the gateway's address with a 401."""
    denies = (member.address, member.target.port) in denying
    return denies and member.in_rotation and member.got.status == _SIGN_IN


def _well(line: ServerHealth) -> bool:
    return line.log.startswith(SUCCESS.partition(".")[0])


def _serving(seen: Iterable[ClientExchange], *served: bool | None) -> Iterator[Pair]:
    for each in seen:
        for member in each.members:
            if member.served in served:
                yield _pair(member)


async def word_about(
    document: Json,
    backends: Backends,
    dns: Names,
    options: Options,
    hosts: Iterable[str],
    closed: Container[Endpoint] = (),
    denying: Container[Endpoint] = (),
    unheard: Container[str] = (),
) -> Word:
    """The same of a document by itself: gateways that have just started, so nothing is left of before.

    `closed` are servers that the gateway alone reaches, `denying` those that turn it away; `unheard` are names that it
    alone cannot resolve. A stopped gateway probes
    nobody and serves nobody. Which of its servers are at fault would show if it ran.
    """
    name = str(document["name"])
    state = document["properties"]["operationalState"]
    running = {**document, "properties": {**document["properties"], "operationalState": "Running"}}
    async with AzureLab.open([running], backends, dns, options) as azure:
        word = await word_of(azure, name, hosts, closed, denying, unheard)
    return word if state == "Running" else replace(word, suffering=word.judged)
