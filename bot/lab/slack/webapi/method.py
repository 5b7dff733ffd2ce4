"""What a method of the Web API is to the lab, and how it reads its arguments."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.lab.slack.roster import BOT_USER, CHANNELS
from bot.lab.slack.values import ApiError
from bot.lab.slack.workspace import Workspace
from bot.lab.values import Json


@dataclass(frozen=True, slots=True)
class Method:
    """One method. `scope` is what a bot token needs; `per_minute` is None where Slack sets no tier.

    `token` is the kind that the method takes. `run` answers without the `ok`, or raises ApiError.
    """

    run: Callable[[Workspace, Json], Json]
    scope: str | None = None
    per_minute: int | None = None
    token: Literal["bot", "app", "none"] = "bot"


def required(arguments: Json, name: str) -> str:
    """An argument that must be there; raises `invalid_arguments` with Slack's explanation."""
    value = arguments.get(name)
    if value is None or value == "":
        messages = [f"[ERROR] missing required field: {name}"]
        raise ApiError("invalid_arguments", response_metadata={"messages": messages})
    return str(value)


def channel_of(arguments: Json, name: str = "channel") -> str:
    """A channel that exists; raises `channel_not_found`."""
    channel = required(arguments, name)
    if channel not in CHANNELS:
        raise ApiError("channel_not_found")
    return channel


def joined_channel(workspace: Workspace, arguments: Json, name: str = "channel") -> str:
    """A channel that the bot is in; raises `not_in_channel`."""
    channel = channel_of(arguments, name)
    if channel in workspace.messages.archived:
        raise ApiError("is_archived")
    if BOT_USER not in workspace.messages.members[channel]:
        raise ApiError("not_in_channel")
    return channel


def page_of(arguments: Json, items: list[Json], default: int) -> tuple[list[Json], str]:
    """One page of a list, and the cursor of the next, which is empty at the end.

    https://docs.slack.dev/apis/web-api/pagination
    """
    try:
        start = int(arguments.get("cursor") or 0)
        limit = int(arguments.get("limit") or default)
    except ValueError:
        raise ApiError("invalid_cursor") from None
    end = start + limit
    return items[start:end], str(end) if end < len(items) else ""
