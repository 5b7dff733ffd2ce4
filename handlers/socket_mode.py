"""Socket Mode with one connection at a time.

Slack asks a connection to go with a message, and closes it. The SDK's client takes each of the two as a reason to
connect anew, and closes the first new connection for the second one: what Slack sent to it in between, a press for
instance, is never repeated (https://docs.slack.dev/apis/events-api/using-socket-mode#disconnect). If the first takes
more than five seconds, the client makes both at once, and nobody reads from one of them.
"""

import time

from slack_bolt.adapter.socket_mode.async_base_handler import AsyncBaseSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import (
    run_async_bolt_app,
    send_async_response,
)
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

PING = 10.0
"""Seconds between two pings, as in Bolt's own handler."""


class OneConnection(SocketModeClient):
    """The SDK's client, which replaces a connection once, for whatever reasons."""

    async def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Replace the current connection; not if that was done meanwhile, and without `force` not if it works."""
        current = self.current_session
        async with self.connect_operation_lock:
            if self.closed or self.current_session is not current:
                return
            if force or not await self.is_connected():
                self.wss_uri = await self.issue_new_wss_url()
                await self.connect()


class SocketMode(AsyncBaseSocketModeHandler):
    """Bolt's handler for an app, on such a client."""

    app: AsyncApp
    client: OneConnection

    def __init__(self, app: AsyncApp, app_token: str) -> None:
        self.app = app
        self.app_token = app_token
        self.client = OneConnection(
            app_token=app_token, logger=app.logger, web_client=app.client, ping_interval=PING
        )
        # Not as an argument: without a proxy, the library would take one from the environment all the same.
        self.client.proxy = app.client.proxy
        self.client.socket_mode_request_listeners.append(self.handle)

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        """Pass what Slack has sent on to the app, and its answer back."""
        begun = time.time()
        answer = await run_async_bolt_app(self.app, req)
        await send_async_response(client, req, answer, begun)
