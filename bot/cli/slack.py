"""Whether Slack accepts the tokens, checked before anything else starts. An outage says nothing about them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.core.problem import Problem
from handlers.slack_clients import bare
from handlers.slack_errors import BAD_TOKEN, SlackProblem, answer_of

T = TypeVar("T")

log = logging.getLogger(__name__)

LONGEST_PAUSE = 60.0
"""Seconds between two attempts, unless Slack asks for more."""

NO_BOT_TOKEN = Problem(
    "bad_setting",
    "SLACK_BOT_TOKEN is not set, so the bot cannot talk to Slack.",
    "Set it to the bot token of the installed app: xoxb-...",
)
NO_WAY_IN = Problem(
    "bad_setting",
    "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set, so Slack cannot reach the bot.",
    "Set the app token (xapp-..., Socket Mode) or the signing secret (HTTP mode).",
)


class SlackAway(Problem):
    """Slack does not answer, or asks to wait: `wait` seconds, 0 if it does not say how long."""

    def __init__(self, problem: SlackProblem) -> None:
        if problem.code == "ratelimited":
            said = "Slack asks the bot to slow down, so the tokens could not be checked."
            super().__init__("slack_unreachable", said, "Try again in a minute.")
        else:
            super().__init__(
                "slack_unreachable",
                f"Slack cannot be reached ({_why(problem)}), so the tokens could not be checked.",
                "Check the network and SLACK_API_URL, and status.slack.com for an outage.",
            )
        self.wait = problem.wait


async def signed_in(client: AsyncWebClient) -> AsyncSlackResponse:
    """Who the bot token belongs to; a header of the response lists the granted scopes.

    Raises:
        SlackAway: nothing is known about the token.
        Problem: `slack_token`.
    """
    try:
        return await answer_of(bare(client).auth_test())
    except SlackProblem as problem:
        if problem.passes:
            raise SlackAway(problem) from None
        said = f" {problem.message}" if problem.code in BAD_TOKEN else ""
        hint = "Copy the bot token (xoxb-...) of the installed app again."
        raise Problem(
            "slack_token",
            f"Slack does not accept SLACK_BOT_TOKEN ({problem.code}).{said}",
            problem.hint if said else hint,
        ) from None


async def socket_mode_open(client: AsyncWebClient, app_token: str) -> None:
    """Request a socket's URL, as Socket Mode does first, and leave it unused.

    Raises:
        SlackAway: nothing is known about the token.
        Problem: `slack_token`.
    """
    try:
        await answer_of(bare(client).apps_connections_open(app_token=app_token))
    except SlackProblem as problem:
        if problem.passes:
            raise SlackAway(problem) from None
        raise Problem(
            "slack_token",
            f"Slack does not accept SLACK_APP_TOKEN ({problem.code}).",
            "Create an app-level token (xapp-...) with the scope connections:write.",
        ) from None


async def patiently(attempt: Callable[[], Awaitable[T]]) -> T:
    """Attempt it until Slack answers, with longer and longer pauses, and say so in the log."""
    pause = 1.0
    while True:
        try:
            return await attempt()
        except SlackAway as away:
            wait = max(away.wait or 0.0, pause)
            log.warning("%s Waiting %.0f s, then trying again.", away.message, wait)
            await asyncio.sleep(wait)
            pause = min(2 * pause, LONGEST_PAUSE)


def _why(problem: SlackProblem) -> str:
    cause = problem.__cause__
    return type(cause).__name__ if problem.code == "unreachable" and cause else problem.code
