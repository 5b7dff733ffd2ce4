"""What Slack's errors mean to a person, each in its own sentence, and how long to wait where waiting helps.

The codes are in the documentation of each method, https://docs.slack.dev/reference/methods/chat.postMessage#errors.
"""

from collections.abc import Awaitable
from typing import TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.core.problem import Problem

T = TypeVar("T")

REFUSED_CONTENT = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"}
)
GONE = frozenset(
    {
        "message_not_found",
        "cant_update_message",
        "is_inactive",
        "edit_window_closed",
        "thread_not_found",
        "cannot_reply_to_message",
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked",
        "cannot_dm_bot",
        "user_not_found",
        "user_not_in_channel",
        "user_disabled",
        "no_permission",
    }
)
"""The place is out of reach and stays so; another may not be."""

BAD_TOKEN = frozenset(
    {"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"}
)
"""The token itself: whoever runs the bot has to act."""

_OUTAGE = frozenset({"unreachable", "internal_error", "fatal_error", "service_unavailable"})
_OUTAGE |= {"request_timeout", "accesslimited"}
_MOVING = frozenset({"team_added_to_org", "org_login_required"})
_LATER = _OUTAGE | _MOVING | {"ratelimited", "message_limit_exceeded"}

_ASK_ADMIN = (
    "Ask an admin of the workspace to let the app agw post here, or ask in another channel."
)
_NEW_CARD = "Diagnose again for a new card."
_NO_EDIT = ("The message can no longer be edited.", _NEW_CARD)
_NO_THREAD = ("The thread is no longer there.", _NEW_CARD)
_NOBODY = ("This person cannot be written to.", "Tell them, or ask in a channel.")
_WORDS = {
    "not_in_channel": ("I am not a member of this channel.", "Invite me: /invite @agw"),
    "channel_not_found": ("I cannot see this channel.", "Invite me: /invite @agw"),
    "is_archived": ("This channel is archived.", "Ask in another one."),
    "missing_scope": (
        "Slack does not let me do that: the app lacks a permission (scope).",
        "Reinstall the app with its current manifest.",
    ),
    "file_elsewhere": (
        "Slack says that the file is not in Slack, so I do not fetch it.",
        "Paste its text instead.",
    ),
    "file_not_found": ("The file is no longer there.", "Hand it in again."),
    "ratelimited": ("Slack asks me to slow down.", "Try again in a minute."),
    "message_limit_exceeded": (
        "This workspace has no more messages left for now.",
        "Ask an admin of the workspace to look at its limits.",
    ),
    "unreachable": ("Slack could not be reached.", "Try again."),
    "token_revoked": (
        "My bot token was revoked: the app was uninstalled, or its tokens were reset.",
        "Install the app again and set the new SLACK_BOT_TOKEN.",
    ),
    "token_expired": (
        "My bot token has expired.",
        "Switch token rotation off in the app's settings and install the app again.",
    ),
    "account_inactive": (
        "The workspace or my bot user was deactivated.",
        "Ask an admin of the workspace to activate the app again.",
    ),
    "invalid_auth": (
        "Slack does not know my bot token.",
        "Copy the bot token (xoxb-...) of the installed app again.",
    ),
    "not_authed": (
        "Slack got no bot token from me.",
        "Set SLACK_BOT_TOKEN to the bot token (xoxb-...) of the installed app.",
    ),
    "restricted_action": ("An admin has restricted who may post here.", _ASK_ADMIN),
    "restricted_action_read_only_channel": ("This channel is read-only for me.", _ASK_ADMIN),
    "restricted_action_thread_only_channel": (
        "Only replies in threads are allowed in this channel, so I cannot post a card.",
        _ASK_ADMIN,
    ),
    "restricted_action_non_threadable_channel": (
        "Threads are not allowed in this channel.",
        _ASK_ADMIN,
    ),
    "restricted_action_thread_locked": ("This thread is locked.", _ASK_ADMIN),
    "no_permission": ("I am not allowed to do that here.", _ASK_ADMIN),
    "message_not_found": ("The message is no longer there.", _NEW_CARD),
    "cant_update_message": _NO_EDIT,
    "edit_window_closed": _NO_EDIT,
    "is_inactive": _NO_EDIT,
    "thread_not_found": _NO_THREAD,
    "cannot_reply_to_message": _NO_THREAD,
    "cannot_dm_bot": _NOBODY,
    "user_not_found": _NOBODY,
    "user_disabled": _NOBODY,
    "user_not_in_channel": (
        "This person is not in this channel.",
        "Ask in a channel that we are both in.",
    ),
}
_WORDS |= dict.fromkeys(
    _MOVING,
    (
        "Slack is moving this workspace into an Enterprise org; meanwhile I cannot use it.",
        "Try again later.",
    ),
)
_TOO_LATE = ("Slack gives me three seconds to open a window, and they were over.", "Press again.")
_WORDS |= {"expired_trigger_id": _TOO_LATE, "exchanged_trigger_id": _TOO_LATE}
_DIRECT = (
    "I am not part of this direct message, so I cannot post a card in it.",
    "Ask me in a channel, or write to me directly.",
)


class SlackProblem(Problem):
    """A `Problem` whose code is Slack's error code; `wait` is Slack's Retry-After in seconds, 0 if it gave none."""

    def __init__(self, code: str, channel: str = "", wait: float = 0.0) -> None:
        words = _WORDS.get(code) or _WORDS.get("unreachable" if code in _OUTAGE else code)
        # https://docs.slack.dev/reference/objects/conversation-object: a direct message's id begins with D.
        if code in ("channel_not_found", "not_in_channel") and channel.startswith("D"):
            words = _DIRECT
        super().__init__(code, *(words or (f"Slack refused ({code}).", "Try again.")))
        self.wait = wait

    @property
    def passes(self) -> bool:
        """Whether the same call may succeed later: an outage or a rate limit."""
        return self.code in _LATER

    @property
    def out_of_reach(self) -> bool:
        """Whether the message, thread or channel is what cannot be reached."""
        return self.code in GONE


async def answer_of(call: Awaitable[T], channel: str = "") -> T:
    """The call's result. Raises `SlackProblem`."""
    try:
        return await call
    except SlackApiError as error:
        raise _problem(error.response, channel) from error
    except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as error:
        raise SlackProblem("unreachable", channel) from error


def _problem(response: object, channel: str) -> SlackProblem:
    """A response that is not Slack's JSON has no code; a status above 499 is an outage, whatever it says."""
    data, status, headers = response, 200, {}
    if isinstance(response, AsyncSlackResponse):
        data, status, headers = response.data, response.status_code, dict(response.headers)
    code = data.get("error") if isinstance(data, dict) else None
    if status == 429 or code == "rate_limited":
        code = "ratelimited"
    elif status >= 500 or not isinstance(code, str) or not code:
        code = "unreachable"
    return SlackProblem(code, channel, _seconds(headers))


def _seconds(headers: dict[str, str]) -> float:
    given = next((text for name, text in headers.items() if name.lower() == "retry-after"), "")
    return float(given) if given.isascii() and given.isdigit() and len(given) < 6 else 0.0
