"""All calls to Slack: the one place for retries, refused blocks and the meaning of errors.

Two clients, because not every call can be retried. An edit can be repeated safely; a new message cannot: if only the
response was lost, a retry would post it twice. A 429 means that Slack did nothing
(https://docs.slack.dev/apis/web-api/rate-limits), so both clients retry it.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.core.problem import Problem
from handlers.blocks.kit import Message
from handlers.interactions import Interaction

T = TypeVar("T")

log = logging.getLogger(__name__)

REFUSED_CONTENT = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"}
)
WORDS = {
    "not_in_channel": ("I am not a member of this channel.", "Invite me: /invite @agw"),
    "channel_not_found": ("I cannot see this channel.", "Invite me: /invite @agw"),
    "is_archived": ("This channel is archived.", "Ask in another one."),
    "missing_scope": (
        "Slack does not let me do that: the app lacks a permission (scope).",
        "Reinstall the app with its current manifest.",
    ),
    "ratelimited": ("Slack asks me to slow down.", "Try again in a minute."),
    "unreachable": ("Slack could not be reached.", "Try again."),
}
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


def _once(client: AsyncWebClient) -> AsyncWebClient:
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


class Slack:
    """What the bot does in the workspace. Every method may raise `Problem`."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._posting = _once(client)

    async def post(self, channel: str, message: Message, thread: str | None = None) -> str:
        """Post a new message; returns its timestamp."""

        async def send(text: str, blocks: list[Any]) -> str:
            made = await self._posting.chat_postMessage(
                channel=channel,
                text=text,
                blocks=blocks,
                thread_ts=thread,
                unfurl_links=False,
                unfurl_media=False,
            )
            return str(made["ts"])

        return await _said(message, send)

    async def edit(self, channel: str, ts: str, message: Message) -> None:
        """Replace the content of an existing message."""

        async def send(text: str, blocks: list[Any]) -> None:
            # Always pass blocks: if they are left out, Slack keeps the old ones, buttons included.
            await self._client.chat_update(channel=channel, ts=ts, text=text, blocks=blocks)

        await _said(message, send)

    async def tell(self, act: Interaction, message: Message, *, replace: bool = False) -> None:
        """Answer somebody so that only they see it; `replace` puts it in place of the message they used.

        The response URL works in every channel, even where the bot is not a member, but it expires.
        """

        async def respond(text: str, blocks: list[Any]) -> None:
            await self._respond(act, text, blocks, replace=replace)

        async def post(text: str, blocks: list[Any]) -> None:
            await self._posting.chat_postEphemeral(
                channel=act.channel,
                user=act.person.user,
                text=text,
                blocks=blocks,
                thread_ts=act.thread,
            )

        if act.response_url:
            try:
                await _said(message, respond)
            except Problem as problem:
                log.info("response URL: %s", problem)
            else:
                return
        await _said(message, post)

    async def link(self, channel: str, ts: str) -> str:
        """The permalink of a message."""
        found = await _meant(self._client.chat_getPermalink(channel=channel, message_ts=ts))
        return str(found["permalink"])

    async def upload(
        self, channel: str, thread: str, name: str, content: bytes, comment: str
    ) -> None:
        """Post a file in a thread."""
        await _meant(
            self._posting.files_upload_v2(
                channel=channel,
                thread_ts=thread,
                filename=name,
                title=name,
                content=content,
                initial_comment=comment,
            )
        )

    async def members(self, group: str) -> frozenset[str]:
        """The current user ids of a user group."""
        found = await _meant(self._client.usergroups_users_list(usergroup=group))
        return frozenset(map(str, found["users"]))

    async def user(self, user: str) -> object:
        """What Slack tells of a person (https://docs.slack.dev/reference/objects/user-object)."""
        return (await _meant(self._client.users_info(user=user))).get("user")

    async def _respond(
        self, act: Interaction, text: str, blocks: list[Any], *, replace: bool
    ) -> None:
        hook = AsyncWebhookClient(
            act.response_url or "",
            retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=TRIES)],
        )
        answer = await hook.send(
            text=text,
            blocks=blocks,
            response_type="ephemeral",
            replace_original=replace,
        )
        if answer.status_code != 200:
            code = next((it for it in REFUSED_CONTENT if it in answer.body), "expired_url")
            raise _problem(code)


async def _said(message: Message, send: Callable[[str, list[Any]], Awaitable[T]]) -> T:
    """Send a message; if Slack refuses its blocks, send their content as plain text."""
    try:
        return await _meant(send(message.text, list(message.blocks)))
    except Problem as problem:
        if problem.code not in REFUSED_CONTENT:
            raise
        log.error("blocks were refused (%s), sent as text: %s", problem.code, message.text)
    return await _meant(send(message.plain, []))


async def _meant(call: Awaitable[T]) -> T:
    """The call's result, or a `Problem` whose code is Slack's error code."""
    try:
        return await call
    except SlackApiError as error:
        raise _problem(_code(error.response)) from error
    except (SlackClientError, aiohttp.ClientError, OSError) as error:
        raise _problem("unreachable") from error


def _code(response: object) -> str:
    """Slack's error code; a response that is not Slack's JSON has none."""
    data = response.data if isinstance(response, AsyncSlackResponse) else response
    return str(data.get("error") or "unreachable") if isinstance(data, dict) else "unreachable"


def _problem(code: str) -> Problem:
    message, hint = WORDS.get(code, (f"Slack refused ({code}).", "Try again."))
    return Problem(code, message, hint)
