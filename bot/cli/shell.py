"""The whole bot, connected: workflow, jobs and Slack, over Socket Mode or HTTP."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import __version__
from bot.cli.health import Ready, yes
from bot.cli.slack import (
    NO_BOT_TOKEN,
    NO_WAY_IN,
    SlackAway,
    patiently,
    signed_in,
    socket_mode_open,
)
from bot.cli.web import served
from bot.cli.wiring import now, open_workflow
from bot.jobs import Jobs
from bot.settings import Settings
from handlers import Shell, ShellSettings, begin, make_app, make_client
from handlers.http_mode import web_app
from handlers.socket_mode import SocketMode

log = logging.getLogger(__name__)

GRACE = 4.0
"""Seconds that changes under way have to reach a safe point when the bot is stopped.

With the last words of jobs and the closing of connections it has to stay below the ten seconds that Docker leaves
between SIGTERM and SIGKILL (https://docs.docker.com/reference/cli/docker/container/stop).
"""

CLOSING = 1.0
"""Seconds for the connection to Slack to close."""


@asynccontextmanager
async def open_bot(settings: Settings, ready: Ready | None = None) -> AsyncIterator[Shell]:
    """The whole bot, connected; at the end it accepts nothing more and lets changes reach a safe point.

    While Slack is away it waits, however long, and goes on with changes that were interrupted. `ready` learns what is
    there.

    Raises:
        Problem: a setting is missing, or Slack refuses the token.
    """
    if not settings.slack_bot_token:
        raise NO_BOT_TOKEN
    client = make_client(settings.slack_bot_token, settings.slack_api_url)
    away = not await _answers(client)
    shown = ShellSettings(
        approvers=settings.approvers,
        allow_guests=settings.allow_guests,
        report_channels=frozenset(settings.report_channels),
        alert_bots=frozenset(settings.alert_bots),
        approval_channel=settings.approval_channel,
        rate=settings.rate,
        version=__version__,
    )
    ready = ready or Ready()
    async with open_workflow(settings) as workflow:
        ready.store = workflow.store
        jobs = Jobs()
        secret = settings.slack_signing_secret or ""
        app, shell = make_app(workflow, jobs, client, shown, now, secret)
        try:
            # Changes that were interrupted do not wait for Slack.
            await begin(shell)
            if away:
                await patiently(lambda: signed_in(client))
            async with _listening(app, settings, ready):
                try:
                    yield shell
                finally:
                    # Still listening: whoever presses a button meanwhile gets an answer.
                    await jobs.stop(GRACE)
        finally:
            await jobs.stop(GRACE)


async def _answers(client: AsyncWebClient) -> bool:
    """Whether Slack accepts the token; False if it is away. Raises `Problem` if it refuses the token."""
    try:
        await signed_in(client)
    except SlackAway as away:
        log.warning("%s", away.message)
        return False
    return True


@asynccontextmanager
async def _listening(app: AsyncApp, settings: Settings, ready: Ready) -> AsyncIterator[None]:
    if settings.slack_app_token:
        async with _socket_mode(app, settings.slack_app_token) as handler:
            ready.slack = handler.client.is_connected
            yield
    elif settings.slack_signing_secret:
        runner = web.AppRunner(web_app(app, settings.slack_signing_secret), shutdown_timeout=1.0)
        hint = "Set AGW_LISTEN to a free address of this machine."
        async with served(runner, settings.listen, hint):
            # Slack comes to us here; whether it does shows only when it has something to say.
            ready.slack = yes
            yield
    else:
        raise NO_WAY_IN


@asynccontextmanager
async def _socket_mode(app: AsyncApp, token: str) -> AsyncIterator[SocketMode]:
    # Checked first, because the handler would retry a refused token forever.
    await patiently(lambda: socket_mode_open(app.client, token))
    handler = SocketMode(app, token)
    try:
        await handler.connect_async()
        yield handler
    finally:
        # Where Slack is out of reach, nobody takes leave.
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSING):
                await handler.close_async()
