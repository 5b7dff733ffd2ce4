"""All calls to Slack about messages: the one place where refused blocks become text."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar

from slack_sdk.web.async_client import AsyncWebClient

from bot.core.problem import Problem
from handlers.blocks.forms import View
from handlers.blocks.kit import Message
from handlers.downloads import Downloads
from handlers.interactions import Interaction
from handlers.scopes import granted_scopes
from handlers.slack_clients import answer_at, bare, once
from handlers.slack_errors import REFUSED_CONTENT, SlackProblem, answer_of

T = TypeVar("T")

log = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds for an edit that only shows progress."""
KEYED = "agw_word"
MOST_LOOKED_AT = 200
SKEW = 60.0
"""Seconds by which Slack's clock and ours may differ."""


class Slack:
    """What the bot does in the workspace. Every method may raise `SlackProblem`."""

    def __init__(self, client: AsyncWebClient, *, repeats: bool = True) -> None:
        """Without `repeats`, no call is ever repeated here: whoever calls does that, and knows why."""
        self._bare = bare(client)
        self._client = client if repeats else self._bare
        self._posting = once(client) if repeats else self._bare

    async def post(
        self, channel: str, message: Message, thread: str | None = None, key: str = ""
    ) -> str:
        """Post a new message; returns its timestamp. By its `key` it can be found again."""
        payload = {"event_type": KEYED, "event_payload": {"key": key}}

        async def send(text: str, blocks: list[Any]) -> str:
            made = await self._posting.chat_postMessage(
                channel=channel,
                text=text,
                blocks=blocks,
                thread_ts=thread,
                metadata=payload if key else None,
                unfurl_links=False,
                unfurl_media=False,
            )
            return str(made["ts"])

        return await _said(message, send, channel)

    async def edit(self, channel: str, ts: str, message: Message) -> None:
        """Replace the content of an existing message."""

        async def send(text: str, blocks: list[Any]) -> None:
            # Always pass blocks: if they are left out, Slack keeps the old ones, buttons included.
            await self._client.chat_update(channel=channel, ts=ts, text=text, blocks=blocks)

        await _said(message, send, channel)

    async def sketch(self, channel: str, ts: str, message: Message) -> None:
        """As `edit`, but only if Slack takes it at once: never repeated."""
        try:
            async with asyncio.timeout(PATIENCE):
                await answer_of(
                    self._bare.chat_update(
                        channel=channel, ts=ts, text=message.text, blocks=list(message.blocks)
                    ),
                    channel,
                )
        except TimeoutError:
            raise SlackProblem("unreachable", channel) from None

    async def find(self, channel: str, thread: str | None, key: str, since: datetime) -> str | None:
        """The timestamp of a message that was posted with that key, if it can be looked for and is there.

        https://docs.slack.dev/messaging/message-metadata
        """
        wanted: dict[str, Any] = {
            "channel": channel,
            "oldest": f"{since.timestamp() - SKEW:.6f}",
            "include_all_metadata": True,
            "limit": MOST_LOOKED_AT,
        }
        try:
            if thread:
                found = await answer_of(self._client.conversations_replies(ts=thread, **wanted))
            else:
                found = await answer_of(self._client.conversations_history(**wanted))
        except SlackProblem as problem:
            if problem.passes:
                raise
            log.info("%s cannot be looked into: %s", channel, problem.code)
            return None
        return next((str(it["ts"]) for it in found["messages"] if _key_of(it) == key), None)

    async def key_of(self, channel: str, ts: str) -> str | None:
        """The key with which a message was posted that begins a thread, if it was posted with one."""
        found = await answer_of(
            self._client.conversations_replies(
                channel=channel, ts=ts, limit=1, include_all_metadata=True
            )
        )
        key = next((_key_of(it) for it in found["messages"] if it.get("ts") == ts), None)
        return str(key) if key else None

    async def tell(self, act: Interaction, message: Message, *, replace: bool = False) -> None:
        """Answer somebody so that only they see it; `replace` puts it in place of the message they used.

        The response URL works in every channel, even where the bot is not a member, but it expires.
        """

        async def respond(text: str, blocks: list[Any]) -> None:
            await self._respond(act, text, blocks, replace=replace)

        if act.response_url:
            try:
                await _said(message, respond)
            except Problem as problem:
                log.info("response URL: %s", problem)
            else:
                return
        if act.channel:
            await self.whisper(act.channel, act.person.user, message, act.thread)
        else:  # Pressed in the Home tab.
            await self.post(act.person.user, message)

    async def whisper(
        self, channel: str, user: str, message: Message, thread: str | None = None
    ) -> None:
        """Post a message that only one person sees."""

        async def send(text: str, blocks: list[Any]) -> None:
            await self._posting.chat_postEphemeral(
                channel=channel, user=user, text=text, blocks=blocks, thread_ts=thread
            )

        await _said(message, send, channel)

    async def open(self, act: Interaction, view: View) -> None:
        """Open a modal for who has just pressed something (https://docs.slack.dev/reference/methods/views.open)."""
        await answer_of(self._posting.views_open(trigger_id=act.trigger or "", view=view))

    async def update_view(self, external_id: str, view: View) -> None:
        """Replace a modal that somebody has open, by the id that the app gave it.

        https://docs.slack.dev/reference/methods/views.update
        """
        await answer_of(self._client.views_update(external_id=external_id, view=view))

    async def publish(self, user: str, view: View) -> None:
        """Set somebody's Home tab (https://docs.slack.dev/reference/methods/views.publish)."""
        await answer_of(self._client.views_publish(user_id=user, view=view))

    async def link(self, channel: str, ts: str) -> str:
        """The permalink of a message."""
        found = await answer_of(self._client.chat_getPermalink(channel=channel, message_ts=ts))
        return str(found["permalink"])

    async def upload(
        self, channel: str, thread: str, name: str, content: bytes, comment: str
    ) -> None:
        """Post a file in a thread."""
        await answer_of(
            self._posting.files_upload_v2(
                channel=channel,
                thread_ts=thread,
                filename=name,
                title=name,
                content=content,
                initial_comment=comment,
            )
        )

    async def file(self, file_id: str) -> object:
        """What Slack tells of a file (https://docs.slack.dev/reference/objects/file-object)."""
        return (await answer_of(self._client.files_info(file=file_id))).get("file")

    async def scopes(self) -> frozenset[str]:
        """What the app was granted."""
        welcome = await answer_of(self._client.auth_test())
        return granted_scopes(str(welcome.headers.get("X-OAuth-Scopes", "")))

    @property
    def downloads(self) -> Downloads:
        """With the same token, and from the same Slack."""
        client = self._client
        return Downloads(str(client.token or ""), client.base_url)

    async def user(self, user: str) -> object:
        """What Slack tells of a person (https://docs.slack.dev/reference/objects/user-object)."""
        return (await answer_of(self._client.users_info(user=user))).get("user")

    async def _respond(
        self, act: Interaction, text: str, blocks: list[Any], *, replace: bool
    ) -> None:
        answer = await answer_at(
            act.response_url or "",
            text=text,
            blocks=blocks,
            response_type="ephemeral",
            replace_original=replace,
        )
        if answer.status_code != 200:
            code = next((it for it in REFUSED_CONTENT if it in answer.body), "expired_url")
            raise SlackProblem(code)


async def _said(
    message: Message, send: Callable[[str, list[Any]], Awaitable[T]], channel: str = ""
) -> T:
    """Send a message; if Slack refuses its blocks, send their content as plain text."""
    try:
        return await answer_of(send(message.text, list(message.blocks)), channel)
    except Problem as problem:
        if problem.code not in REFUSED_CONTENT:
            raise
        log.error("blocks were refused (%s), sent as text: %s", problem.code, message.text)
    return await answer_of(send(message.plain, []), channel)


def _key_of(message: dict[str, Any]) -> object:
    metadata = message.get("metadata") or {}
    return (metadata.get("event_payload") or {}).get("key")
