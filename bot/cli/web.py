"""The bot's own web servers: one that Slack comes to, and one that is asked whether the bot is ready.

Whoever opens connections and says nothing on them takes neither the bot's file descriptors nor the place of others:
there is a most of them, and the oldest makes room for the newest.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.core.model.endpoint import Endpoint
from bot.core.problem import Problem

MOST = 200
"""Connections at a time to one of the servers. A process may often have 1,024 files, and needs them for its probes."""


@asynccontextmanager
async def served(
    runner: web.AppRunner,
    listen: Endpoint,
    hint: str,
    most: int = MOST,
    life: float | None = None,
) -> AsyncIterator[None]:
    """Serve on an address during the block; the `hint` is for an address that is not to be had.

    `most`: connections at a time. `life`: seconds after which each is closed, whatever has come of it; None: aiohttp's
    own limit for a connection without requests.

    Raises:
        Problem: `cannot_listen`.
    """
    host, port = listen
    await runner.setup()
    doors: asyncio.Server | None = None
    try:
        assert runner.server is not None
        factory = _bounded(runner.server, most, life)
        try:
            doors = await asyncio.get_running_loop().create_server(factory, host, port)
        except OSError as error:
            why = error.strerror or type(error).__name__
            said = f"The bot cannot listen on {host}:{port} ({why})."
            raise Problem("cannot_listen", said, hint) from None
        yield
    finally:
        if doors is not None:
            doors.close()
        await runner.cleanup()


def _bounded(server: web.Server, most: int, life: float | None) -> Callable[[], web.RequestHandler]:
    """Makes what serves a new connection."""
    loop = asyncio.get_running_loop()

    def make_room() -> None:
        there = server.connections
        for oldest in there[: max(0, len(there) - most + 1)]:
            oldest.force_close()

    def new_handler() -> web.RequestHandler:
        handler = server()
        # Where many come at once, those before this one are only counted a turn later.
        loop.call_soon(make_room)
        if life is not None:
            loop.call_later(life, handler.force_close)
        return handler

    return new_handler
