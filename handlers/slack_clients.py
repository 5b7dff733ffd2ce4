"""Clients of the Web API, by what may be repeated; each measures its calls and knows the way to Slack.

An edit can be repeated safely; a new message cannot: if only the response was lost, a retry would post it twice. A 429
means that Slack did nothing (https://docs.slack.dev/apis/web-api/rate-limits), so that is retried in both cases.
"""

from typing import Any

import aiohttp
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient
from slack_sdk.webhook.webhook_response import WebhookResponse

from bot.telemetry import SLACK_CALLS, record
from handlers.slack_calls import Measured
from handlers.slack_proxy import proxy_for

TRIES = 3


def make_client(token: str, api_url: str | None = None) -> AsyncWebClient:
    """A client for the app itself and for calls that can be repeated; `api_url` ends with a slash."""
    return _client(
        token,
        api_url or AsyncWebClient.BASE_URL,
        AsyncConnectionErrorRetryHandler(),
        AsyncRateLimitErrorRetryHandler(max_retry_count=TRIES),
        AsyncServerErrorRetryHandler(max_retry_count=TRIES),
    )


def once(client: AsyncWebClient) -> AsyncWebClient:
    """The same client for calls that must not be repeated."""
    return _client(
        client.token,
        client.base_url,
        # No connection, so nothing was done.
        AsyncConnectionErrorRetryHandler(error_types=[aiohttp.ClientConnectorError]),
        AsyncRateLimitErrorRetryHandler(max_retry_count=TRIES),
    )


def bare(client: AsyncWebClient) -> AsyncWebClient:
    """The same client without any repetition: whoever calls repeats it, and knows why."""
    return _client(client.token, client.base_url)


def hook(url: str) -> AsyncWebhookClient:
    """A client for a response URL."""
    made = AsyncWebhookClient(
        url, retry_handlers=[Measured(), AsyncRateLimitErrorRetryHandler(max_retry_count=TRIES)]
    )
    made.proxy = proxy_for(url)
    return made


async def answer_at(url: str, **message: Any) -> WebhookResponse:
    """Answer at a response URL."""
    answered = await hook(url).send(**message)
    # Of these answers the library shows the others only when they say that there were too many.
    if answered.status_code != 429:
        told = "ok" if answered.status_code == 200 else "error"
        record(SLACK_CALLS, method="response_url", result=told)
    return answered


def _client(token: str | None, api_url: str, *repeating: AsyncRetryHandler) -> AsyncWebClient:
    made = AsyncWebClient(token, base_url=api_url, retry_handlers=[Measured(api_url), *repeating])
    # Not as an argument: without a proxy, the library would take one from the environment all the same.
    made.proxy = proxy_for(api_url)
    return made
