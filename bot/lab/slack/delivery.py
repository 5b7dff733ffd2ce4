"""From the workspace to the app: the one way for events, commands and interactions."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from bot.lab.slack.changes import Changes
from bot.lab.slack.faults import Faults
from bot.lab.slack.grid import Grid
from bot.lab.slack.http_mode import RequestUrl
from bot.lab.slack.sockets import Sockets
from bot.lab.slack.values import Ack, Limits, Payload

# https://docs.slack.dev/apis/events-api/#retries: the values of X-Slack-Retry-Reason
_HTTP_REASONS = {"operation_timeout": "http_timeout", "dispatch_failed": "http_error"}
_SOCKET_REASON = "timeout"


class Delivery:
    """Sends payloads by HTTP if the app has a request URL, otherwise by Socket Mode."""

    def __init__(
        self,
        sockets: Sockets,
        limits: Limits,
        changes: Changes,
        faults: Faults,
        grid: Grid | None = None,
    ) -> None:
        self._sockets = sockets
        self._limits = limits
        self._changes = changes
        self._faults = faults
        self._grid = grid
        self._tasks: set[asyncio.Task[Any]] = set()
        self.request_url: RequestUrl | None = None

    @property
    def connected(self) -> bool:
        """Whether there is an app to talk to."""
        return self.request_url is not None or len(self._sockets) > 0

    async def ask(self, payload: Payload) -> Ack:
        """Deliver once and return the acknowledgement. Slack never repeats these."""
        if self._faults.take_twice():
            self._in_background(self._send(payload))
        return await self._send(payload)

    def tell(self, payload: Payload) -> None:
        """Deliver an event in the background, again and again until it is acknowledged."""
        if self._faults.take_twice():
            self._in_background(self._send(payload))
        self._in_background(self._insist(payload))

    async def close(self) -> None:
        """Cancel all deliveries that are still under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.request_url is not None:
            await self.request_url.close()

    async def _insist(self, payload: Payload) -> None:
        ack = await self._send(payload)
        for attempt, delay in enumerate(self._limits.event_retries, start=1):
            if ack.error is None:
                return
            await asyncio.sleep(delay)
            reason = _HTTP_REASONS[ack.error] if self.request_url else _SOCKET_REASON
            ack = await self._send(Payload(payload.kind, payload.body, attempt, reason))

    async def _send(self, payload: Payload) -> Ack:
        if self._grid is not None and payload.body.get("type") != "url_verification":
            payload = replace(payload, body=self._grid.dressed(payload.body))
        if self.request_url is not None:
            ack = await self.request_url.deliver(payload)
        else:
            ack = await self._sockets.deliver(payload)
        self._changes.touch()
        return ack

    def _in_background(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
