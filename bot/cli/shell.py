"""The whole bot, connected: workflow, jobs and Slack, over Socket Mode or HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from bot import __version__
from bot.cli.slack import NO_BOT_TOKEN, NO_WAY_IN, signed_in, socket_mode_open
from bot.cli.wiring import now, open_workflow
from bot.jobs import Jobs
from bot.settings import Settings
from handlers import Shell, ShellSettings, begin, make_app, make_client

GRACE = 20.0
"""Seconds that changes under way have to reach a safe point when the bot is stopped."""

EVENTS_PATH = "/slack/events"


@asynccontextmanager
async def open_bot(settings: Settings) -> AsyncIterator[Shell]:
    """The whole bot, connected; at the end it accepts nothing more and lets changes reach a safe point.

    Raises:
        Problem: a setting is missing, or Slack refuses the token.
    """
    if not settings.slack_bot_token:
        raise NO_BOT_TOKEN
    client = make_client(settings.slack_bot_token, settings.slack_api_url)
    await signed_in(client)
    shown = ShellSettings(
        approvers=settings.approvers,
        allow_guests=settings.allow_guests,
        report_channels=frozenset(settings.report_channels),
        alert_bots=frozenset(settings.alert_bots),
        version=__version__,
    )
    async with open_workflow(settings) as workflow:
        jobs = Jobs()
        secret = settings.slack_signing_secret or ""
        app, shell = make_app(workflow, jobs, client, shown, now, secret)
        async with _listening(app, settings):
            try:
                await begin(shell)
                yield shell
            finally:
                await jobs.stop(GRACE)


@asynccontextmanager
async def _listening(app: AsyncApp, settings: Settings) -> AsyncIterator[None]:
    if settings.slack_app_token:
        async with _socket_mode(app, settings.slack_app_token):
            yield
    elif settings.slack_signing_secret:
        async with _http_mode(app, *settings.listen):
            yield
    else:
        raise NO_WAY_IN


@asynccontextmanager
async def _socket_mode(app: AsyncApp, token: str) -> AsyncIterator[None]:
    # Checked first, because the handler would retry a refused token forever.
    await socket_mode_open(app.client, token)
    handler = AsyncSocketModeHandler(app, token)
    try:
        await handler.connect_async()
        yield
    finally:
        await handler.close_async()


@asynccontextmanager
async def _http_mode(app: AsyncApp, host: str, port: int) -> AsyncIterator[None]:
    runner = web.AppRunner(app.web_app(EVENTS_PATH))
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield
    finally:
        await runner.cleanup()
