"""The bot's own web servers: one that Slack comes to, and one that is asked whether the bot is ready."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.core.model.endpoint import Endpoint
from bot.core.problem import Problem


@asynccontextmanager
async def served(runner: web.AppRunner, listen: Endpoint, hint: str) -> AsyncIterator[None]:
    """Serve on an address during the block; the `hint` is for an address that is not to be had.

    Raises:
        Problem: `cannot_listen`.
    """
    host, port = listen
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            why = error.strerror or type(error).__name__
            said = f"The bot cannot listen on {host}:{port} ({why})."
            raise Problem("cannot_listen", said, hint) from None
        yield
    finally:
        await runner.cleanup()
