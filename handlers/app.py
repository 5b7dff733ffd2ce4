"""Bolt's app, which knows what it owes Slack, and middleware that costs it little."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.core.arm.document import Json
from handlers.acks import Acks

Next = Callable[[], Awaitable[Any]]
Work = Callable[[AsyncBoltContext, Json, Next], Awaitable[BoltResponse | None]]
"""Calls the last argument to let a request through, or gives what Slack is answered instead."""


class App(AsyncApp):
    """Bolt returns from a delivery as soon as its listener has acknowledged it; until then that is owed."""

    def __init__(self, acks: Acks, **given: Any) -> None:
        super().__init__(**given)
        self._acks = acks

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """What Slack is answered."""
        with self._acks.owed():
            return await super().async_dispatch(req)


class Middleware(AsyncMiddleware):
    """For a function, Bolt looks up all arguments that it might want, each time; this one gets the same few."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Next
    ) -> BoltResponse | None:
        """As Bolt calls it."""
        return await self._work(req.context, req.body, next)
