"""Requests of clients to one gateway, over real sockets: what each server gives, and what clients get in all."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin

from bot.lab.azure.clients import (
    Ask,
    Got,
    Member,
    Seen,
    asks_for,
    client_targets,
    got_from,
    redirect_of,
    without_listener,
)
from bot.lab.azure.frontend import Way, way
from bot.lab.azure.judge import Judge, NoAnswer
from bot.lab.azure.targets import Target
from bot.lab.azure.wire import HttpAnswer
from bot.lab.values import Json

_MOST_REDIRECTS = 5
_NO_HEALTHY_MEMBER = Got(502, "gateway")
_STOPPED = Got(0, "nobody")


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
    _answers: dict[Target, asyncio.Task[HttpAnswer | NoAnswer]] = field(default_factory=dict)

    async def see(self, ask: Ask, before: tuple[Ask, ...] = ()) -> Seen:
        """What this request gets; `before` are those whose redirects led here."""
        taken = way(self.document, ask.entry, ask.host, ask.path)
        if not self.is_running:
            return Seen(ask, taken, (), (_STOPPED,), False)
        if taken is None:
            return Seen(ask, None, (), (without_listener(self.document),), False)
        redirect = redirect_of(self.document, ask, taken)
        if redirect:
            served = await self._leads_to_page(ask, redirect, before)
            return Seen(ask, taken, (), (redirect,), served)
        members = await self._members(ask, taken, before)
        met = [it for it in members if it.in_rotation]
        got = tuple(dict.fromkeys(it.got for it in met)) or (_NO_HEALTHY_MEMBER,)
        return Seen(ask, taken, tuple(members), got, bool(met) and all(it.served for it in met))

    async def _members(self, ask: Ask, taken: Way, before: tuple[Ask, ...]) -> Sequence[Member]:
        targets = client_targets(self.document, ask, taken, self.interfaces)
        return await asyncio.gather(*(self._member(ask, it, before) for it in targets))

    async def _member(self, ask: Ask, target: Target, before: tuple[Ask, ...]) -> Member:
        got = got_from(self.document, await self._answer(target))
        served = got.by == "server" and got.status < 400
        if served and got.is_redirect:
            served = await self._leads_to_page(ask, got, before) is True
        return Member(target, got, self.is_healthy(target), served)

    async def _answer(self, target: Target) -> HttpAnswer | NoAnswer:
        if target not in self._answers:
            self._answers[target] = asyncio.create_task(self.judge.answer(target, target.timeout))
        return await self._answers[target]

    async def _leads_to_page(self, ask: Ask, got: Got, before: tuple[Ask, ...]) -> bool | None:
        """Whether a redirect ends at a page of this gateway; None: it leads elsewhere."""
        url = urljoin(ask.url, got.location)
        here = [
            it
            for it in asks_for(self.document, url)
            if it.entry.frontend == ask.entry.frontend
            and way(self.document, it.entry, it.host, it.path)
        ]
        if not here:
            return None
        (onward,) = here
        seen = (*before, ask)
        if onward in seen or len(seen) > _MOST_REDIRECTS:
            return False
        return (await self.see(onward, seen)).served
