"""What a container platform and a monitor ask the bot itself: is it alive, and is it ready?

Ready means that Slack and the store are there. Azure is no part of it: an outage of Azure must not take the bot away
from the people who ask it why (https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes).
Whether Azure answers is one of the metrics instead.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import web

from bot.cli.web import served
from bot.core.model.endpoint import Endpoint
from bot.core.problem import Problem
from bot.telemetry import REACHABLE, UNSAID
from bot.workflow.ports import Store

if TYPE_CHECKING:
    from bot.cli.metrics import Metrics

LOOKS_EVERY = 2.0
"""Seconds for which the store's answer counts: whoever asks without end costs one question to the store in them."""

PATHS = ("/healthz", "/readyz", "/metrics")
"""Alive, ready, and what is measured."""

PATIENCE = 3.0
"""Seconds that the store has for its answer."""

MOST = 32
"""Connections at a time: a platform and a monitor need two."""

LIFE = 10.0
"""Seconds that a connection lasts. Whoever asks has its answer long before, and asks again on another one."""


async def yes() -> bool:
    return True


async def no() -> bool:
    return False


@dataclass(slots=True)
class Ready:
    """What is known about the bot's own surroundings, kept up to date by the parts that know."""

    slack: Callable[[], Awaitable[bool]] = no
    store: Store | None = None
    _looked: float = field(default=float("-inf"), init=False)
    _unsaid: int | None = field(default=None, init=False)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def parts(self) -> dict[str, bool]:
        """Each part, and whether it is there."""
        store = await self.unsaid() is not None
        return {"slack": await self.slack(), "store": store}

    async def unsaid(self) -> int | None:
        """How many messages wait in the store; None if it does not answer."""
        async with self._lock:
            if time.monotonic() - self._looked > LOOKS_EVERY:
                self._unsaid = await _unsaid(self.store)
                self._looked = time.monotonic()
            return self._unsaid


async def _unsaid(store: Store | None) -> int | None:
    if store is None:
        return None
    try:
        async with asyncio.timeout(PATIENCE):
            return await store.unsaid_count()
    except (Problem, TimeoutError):
        return None


@asynccontextmanager
async def health_door(
    listen: Endpoint | None, ready: Ready, metrics: "Metrics | None" = None
) -> AsyncIterator[None]:
    """Answer `PATHS` on an address during the block; nothing without an address, and no metrics without any."""
    if listen is None:
        yield
        return
    runner = web.AppRunner(_app(ready, metrics), access_log=None, shutdown_timeout=0.5)
    hint = "Set AGW_HEALTH_LISTEN to a free address of this machine, or to nothing."
    async with served(runner, listen, hint, MOST, LIFE):
        yield


def _app(ready: Ready, metrics: "Metrics | None") -> web.Application:
    async def alive(_: web.Request) -> web.Response:
        """That this is answered at all says it: the loop turns."""
        return web.Response(text="alive\n")

    async def is_ready(_: web.Request) -> web.Response:
        parts = await ready.parts()
        status = 200 if all(parts.values()) else 503
        return web.json_response({"ready": status == 200, **parts}, status=status)

    async def measured(request: web.Request) -> web.Response:
        if metrics is None:
            raise web.HTTPNotFound
        for what, there in (await ready.parts()).items():
            metrics.record(REACHABLE, float(there), {"what": what})
        unsaid = await ready.unsaid()
        if unsaid is not None:
            metrics.record(UNSAID, unsaid, {})
        body, kind = metrics.page(request.headers.get("Accept", ""))
        return web.Response(body=body, headers={"Content-Type": kind})

    made = web.Application(client_max_size=1024)
    answers = (alive, is_ready, measured)
    made.add_routes(web.get(path, it) for path, it in zip(PATHS, answers, strict=True))
    return made
