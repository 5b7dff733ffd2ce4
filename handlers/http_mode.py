"""HTTP mode: the one door to the web. What Slack has not signed gets 401, and nothing of it is used.

The signature is checked before anything is read out of a request: path, method, form, JSON. Bolt's own check comes
later, behind its parsing, and an exception in between would be answered to whatever address the request names.
https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import Clock, SignatureVerifier

log = logging.getLogger(__name__)

EVENTS_PATH = "/slack/events"
LARGEST_BODY = 1024 * 1024
"""Slack's payloads hold at most one message; the largest has some hundred kilobytes."""
PATIENCE = 10.0
"""Seconds that a request may take to arrive; Slack itself gives up after three."""

_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)
_BODY = web.RequestKey("body", str)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def web_app(app: AsyncApp, signing_secret: str) -> web.Application:
    """A web application that passes what Slack has signed on to `app`, and turns everything else away."""
    verifier = SignatureVerifier(signing_secret, Clock())

    @web.middleware
    async def signed_only(request: web.Request, handler: Handler) -> web.StreamResponse:
        body = await _verified(request, verifier)
        if body is None:
            log.info("turned away a request without a valid signature")
            return web.Response(status=401)
        request[_BODY] = body
        return await handler(request)

    async def events(request: web.Request) -> web.Response:
        bolt = AsyncBoltRequest(
            body=request[_BODY],
            query=request.query_string,
            headers={name: request.headers.getall(name) for name in request.headers},
        )
        return await to_aiohttp_response(await app.async_dispatch(bolt))

    made = web.Application(middlewares=[signed_only], client_max_size=LARGEST_BODY)
    made.add_routes([web.post(EVENTS_PATH, events)])
    return made


async def _verified(request: web.Request, verifier: SignatureVerifier) -> str | None:
    """The body, if Slack signed it within the last five minutes."""
    timestamp = _only(request, "X-Slack-Request-Timestamp", _TIMESTAMP)
    signature = _only(request, "X-Slack-Signature", _SIGNATURE)
    if timestamp is None or signature is None:
        return None
    try:
        async with asyncio.timeout(PATIENCE):
            body = (await request.read()).decode()
        return body if verifier.is_valid(body, timestamp, signature) else None
    except Exception as error:
        # A boundary: whatever a stranger's request breaks here, it was not verified.
        log.info("a request could not be verified: %s", type(error).__name__)
        return None


def _only(request: web.Request, name: str, shape: re.Pattern[str]) -> str | None:
    """The header's value, if it is there once and has the right shape."""
    values = request.headers.getall(name, [])
    return values[0] if len(values) == 1 and shape.fullmatch(values[0]) else None
