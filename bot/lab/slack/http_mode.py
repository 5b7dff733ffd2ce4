"""HTTP mode: payloads as signed POST requests to the app's request URL.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from urllib.parse import urlencode

import aiohttp

from bot.lab.slack.values import Ack, Limits, Payload
from bot.lab.values import Json

_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"


class RequestUrl:
    """The app's public address, and the secret with which every request to it is signed."""

    def __init__(self, url: str, signing_secret: str, limits: Limits) -> None:
        self._url = url
        self._secret = signing_secret
        self._limits = limits
        self._session = aiohttp.ClientSession()

    async def close(self) -> None:
        await self._session.close()

    async def verify(self) -> None:
        """The handshake of `url_verification`; raises ConnectionError if the app fails it.

        https://docs.slack.dev/reference/events/url_verification
        """
        challenge = secrets.token_hex(16)
        ack = await self.deliver(
            Payload("events_api", {"type": "url_verification", "challenge": challenge})
        )
        if ack.payload is None or challenge not in ack.payload.values():
            raise ConnectionError(f"{self._url} did not answer the url_verification challenge")

    async def deliver(self, payload: Payload) -> Ack:
        """POST and wait for the answer; anything but 2xx is a failed dispatch."""
        content_type, body = _encode(payload)
        headers = {"Content-Type": content_type} | self._signature(body)
        if payload.retry:
            headers["X-Slack-Retry-Num"] = str(payload.retry)
            headers["X-Slack-Retry-Reason"] = payload.retry_reason
        try:
            async with (
                asyncio.timeout(self._limits.ack),
                self._session.post(self._url, data=body.encode(), headers=headers) as response,
            ):
                if not response.ok:
                    return Ack(error="dispatch_failed")
                return Ack(payload=_decode(await response.text(), response.content_type))
        except TimeoutError:
            return Ack(error="operation_timeout")
        except aiohttp.ClientError:
            return Ack(error="dispatch_failed")

    def _signature(self, body: str) -> dict[str, str]:
        timestamp = str(int(time.time()))
        signed = f"v0:{timestamp}:{body}".encode()
        digest = hmac.new(self._secret.encode(), signed, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}


def _encode(payload: Payload) -> tuple[str, str]:
    """Events travel as JSON, commands as a form, interactions as a form with one JSON field."""
    match payload.kind:
        case "events_api":
            return _JSON, json.dumps(payload.body)
        case "slash_commands":
            return _FORM, urlencode(payload.body)
    return _FORM, urlencode({"payload": json.dumps(payload.body)})


def _decode(text: str, content_type: str) -> Json | None:
    if not text:
        return None
    if content_type != _JSON:
        return {"text": text}
    answer = json.loads(text)
    return answer if isinstance(answer, dict) else None
