"""Clients of the Web API, by what may be repeated.

An edit can be repeated safely; a new message cannot: if only the response was lost, a retry would post it twice. A 429
means that Slack did nothing (https://docs.slack.dev/apis/web-api/rate-limits), so that is retried in both cases.
"""

import aiohttp
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

TRIES = 3


def make_client(token: str, api_url: str | None = None) -> AsyncWebClient:
    """A client for the app itself and for calls that can be repeated; `api_url` ends with a slash."""
    return AsyncWebClient(
        token,
        base_url=api_url or AsyncWebClient.BASE_URL,
        retry_handlers=[
            AsyncConnectionErrorRetryHandler(),
            AsyncRateLimitErrorRetryHandler(max_retry_count=TRIES),
            AsyncServerErrorRetryHandler(max_retry_count=TRIES),
        ],
    )


def once(client: AsyncWebClient) -> AsyncWebClient:
    """The same client for calls that must not be repeated."""
    return AsyncWebClient(
        client.token,
        base_url=client.base_url,
        retry_handlers=[
            # No connection, so nothing was done.
            AsyncConnectionErrorRetryHandler(error_types=[aiohttp.ClientConnectorError]),
            AsyncRateLimitErrorRetryHandler(max_retry_count=TRIES),
        ],
    )


def bare(client: AsyncWebClient) -> AsyncWebClient:
    """The same client without any repetition: whoever calls repeats it, and knows why."""
    return AsyncWebClient(client.token, base_url=client.base_url, retry_handlers=[])
