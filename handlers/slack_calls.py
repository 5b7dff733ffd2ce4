"""Each call to Slack is measured, one attempt at a time, where Slack's library lets somebody look at it."""

import re
from urllib.parse import urlsplit

from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

from bot.telemetry import NO_ANSWER, SLACK_CALLS, record


class Measured(AsyncRetryHandler):
    """Asked whether to repeat a call, it measures it, and never wants it repeated; it has to be the first."""

    def __init__(self, api_url: str = "") -> None:
        super().__init__()
        self._api_url = api_url

    async def can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        """False. The library asks after every attempt."""
        record(SLACK_CALLS, method=self._method(request.url), result=_result(response, error))
        return False

    def _method(self, url: str) -> str:
        """A method of the Web API by its name, of which our code uses some; everything else by what it is."""
        if self._api_url and url.startswith(self._api_url):
            name = urlsplit(url).path.rpartition("/")[2]
            return name if re.fullmatch(r"[a-z]+(\.[A-Za-z0-9]+)+", name) else "other"
        return "upload" if self._api_url else "response_url"


def _result(response: HttpResponse | None, error: Exception | None) -> str:
    if response is None or error is not None:
        return NO_ANSWER
    if response.status_code == 429:
        return "ratelimited"
    refused = isinstance(response.body, dict) and response.body.get("ok") is False
    return "error" if refused or response.status_code >= 400 else "ok"
