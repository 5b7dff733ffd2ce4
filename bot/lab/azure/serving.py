"""Requests of clients to one gateway, over real sockets: what each server gives, and what clients get in all."""

import asyncio
from collections.abc import Callable, Collection, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from urllib.parse import urljoin, urlsplit

from bot.lab.azure.clients import (
    ClientExchange,
    ClientRequest,
    ClientResponse,
    MemberExchange,
    requests_for,
)
from bot.lab.azure.forwarding import (
    Onward,
    client_targets,
    got_from,
    onwards,
    read_otherwise,
    redirect_of,
    relayed,
    without_listener,
)
from bot.lab.azure.frontend import RequestRoute, names_at, route_of
from bot.lab.azure.judge import Judge, NoAnswer
from bot.lab.azure.targets import Target, is_ip
from bot.lab.azure.wire import HttpAnswer
from bot.lab.values import Json

_MOST_REDIRECTS = 5
_SIGN_IN = 401
_NO_HEALTHY_MEMBER = ClientResponse(502, "gateway")
_CIRCLE = ClientResponse(500, "gateway")
_STOPPED = ClientResponse(0, "nobody")
_Question = tuple[Target, str | None]

Redirected = tuple[ClientRequest, ...]
"""The requests whose redirects led to one."""


@dataclass(slots=True)
class Clients:
    """Clients of a gateway as it is configured now; equal requests to a server are made once.

    `is_healthy` tells what the probe of a member says: clients are sent to no other
    (https://learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview). The time that a request
    may take is real.
    """

    document: Json
    judge: Judge
    is_healthy: Callable[[Target], bool]
    interfaces: Mapping[str, str]
    is_running: bool = True
    _answers: dict[_Question, asyncio.Task[HttpAnswer | NoAnswer]] = field(default_factory=dict)

    async def see(self, ask: ClientRequest, before: Redirected = ()) -> ClientExchange:
        """What this request gets."""
        taken = route_of(self.document, ask.entry, ask.host, ask.path)
        if not self.is_running:
            return ClientExchange(ask, taken, (), (_STOPPED,), False)
        if taken is None:
            return ClientExchange(ask, None, (), (without_listener(self.document),), False)
        seen = [
            await self._passed_on(ask, taken, it, before)
            for it in onwards(self.document, ask, taken)
        ]
        first = seen[0]
        if all(it.served is first.served for it in seen):
            return first
        members = tuple(replace(it, doubtful=True) for each in seen for it in each.members)
        return replace(first, members=members, served=None)

    async def _passed_on(
        self, ask: ClientRequest, taken: RequestRoute, onward: Onward, before: Redirected
    ) -> ClientExchange:
        if onward.loops:
            return ClientExchange(ask, taken, (), (_CIRCLE,), False)
        redirect = redirect_of(self.document, onward.ask, onward.route)
        if redirect:
            served = await self._leads_to_page(ask, redirect, before)
            return ClientExchange(ask, taken, (), (redirect,), served)
        members = await self._members(ask, taken, onward, before)
        met = [it for it in members if it.in_rotation]
        got = tuple(dict.fromkeys(it.got for it in met)) or (_NO_HEALTHY_MEMBER,)
        ends = {it.served for it in met} or {False}
        served = None if any(it.doubtful for it in met) else _all(ends)
        return ClientExchange(ask, taken, tuple(members), got, served)

    async def _members(
        self, ask: ClientRequest, taken: RequestRoute, onward: Onward, before: Redirected
    ) -> Sequence[MemberExchange]:
        targets = list(client_targets(self.document, onward.ask, onward.route, self.interfaces))
        names = {it.server for it in targets}
        every = [
            self._member(ask, taken, onward.ask, target, names, address, before)
            for target in targets
            for address in self.judge.resolve(target.server) or (None,)
        ]
        return await asyncio.gather(*every)

    async def _member(
        self,
        ask: ClientRequest,
        taken: RequestRoute,
        sent: ClientRequest,
        target: Target,
        names: Container[str],
        address: str | None,
        before: Redirected,
    ) -> MemberExchange:
        async def exchange(target: Target) -> tuple[ClientResponse, bool | None]:
            answer = got_from(self.document, await self._answer(target, address))
            got = relayed(self.document, ask, taken, answer)
            served: bool | None = got.by == "server" and (
                got.status < 400 or got.status == _SIGN_IN
            )
            if served and got.is_redirect:
                past = urlsplit(urljoin(ask.url, got.location)).hostname or ""
                served = await self._leads_to_page(ask, got, before)
                if past in names and past not in names_at(self.document, ask.entry):
                    # A member's name leads clients to that server, whatever pattern of a listener it fits.
                    served = False
                own = past in (ask.host, target.host, target.server, target.sni, address)
                if own or (is_ip(past) and ip_address(past).is_private):
                    # Clients do not get there, or do not come back by the gateway.
                    served = served is True
            return got, served

        got, served = await exchange(target)
        others = read_otherwise(self.document, target, ask, sent)
        doubtful = any([(await exchange(it))[1] is not served for it in others])
        return MemberExchange(target, got, self.is_healthy(target), served, address, doubtful)

    async def _answer(self, target: Target, address: str | None) -> HttpAnswer | NoAnswer:
        asked = (target, address)
        if asked not in self._answers:
            answering = self.judge.answer(target, target.timeout, address)
            self._answers[asked] = asyncio.create_task(answering)
        return await self._answers[asked]

    async def _leads_to_page(
        self, ask: ClientRequest, got: ClientResponse, before: Redirected
    ) -> bool | None:
        """Whether a redirect ends at a page of this gateway; None: it leads elsewhere."""
        url = urljoin(ask.url, got.location)
        here = [
            it
            for it in requests_for(self.document, url)
            if it.entry.frontend == ask.entry.frontend
            and route_of(self.document, it.entry, it.host, it.path)
        ]
        if not here:
            return None
        (onward,) = here
        seen = (*before, ask)
        if onward in seen or len(seen) > _MOST_REDIRECTS:
            return False
        return (await self.see(onward, seen)).served


def _all(ends: Collection[bool | None]) -> bool | None:
    """Whether all of them are well; None if that depends on what is not known."""
    return False if False in ends else None if None in ends else True
