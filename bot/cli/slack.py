"""Whether Slack accepts the tokens, checked before anything else starts."""

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.core.problem import Problem

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


async def signed_in(client: AsyncWebClient) -> AsyncSlackResponse:
    """Who the bot token belongs to; a header of the response lists the granted scopes.

    Raises:
        Problem: `slack_token` or `slack_unreachable`.
    """
    try:
        return await client.auth_test()
    except SlackApiError as error:
        raise Problem(
            "slack_token",
            f"Slack does not accept SLACK_BOT_TOKEN ({_reason(error)}).",
            "Copy the bot token (xoxb-...) of the installed app again.",
        ) from None
    except (SlackClientError, OSError, TimeoutError) as error:
        raise _unreachable(error) from None


async def socket_mode_open(client: AsyncWebClient, app_token: str) -> None:
    """Request a socket's URL, as Socket Mode does first, and leave it unused.

    Raises:
        Problem: `slack_token` or `slack_unreachable`.
    """
    try:
        await client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        raise Problem(
            "slack_token",
            f"Slack does not accept SLACK_APP_TOKEN ({_reason(error)}).",
            "Create an app-level token (xapp-...) with the scope connections:write.",
        ) from None
    except (SlackClientError, OSError, TimeoutError) as error:
        raise _unreachable(error) from None


def _unreachable(error: Exception) -> Problem:
    return Problem(
        "slack_unreachable",
        f"Slack cannot be reached ({type(error).__name__}).",
        "Check the network and SLACK_API_URL.",
    )


def _reason(error: SlackApiError) -> str:
    data = getattr(error.response, "data", error.response)
    return str(data.get("error", "unknown error")) if isinstance(data, dict) else "no JSON"
