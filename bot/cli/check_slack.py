"""Slack's side of `agw check`: tokens, scopes, the way in, who may approve. Nothing is posted."""

from collections.abc import Sequence

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.cli.checked import Check, Checked, fix, ok, skip
from bot.cli.slack import NO_BOT_TOKEN, NO_WAY_IN, signed_in, socket_mode_open
from bot.core.problem import Problem
from bot.settings import Settings
from handlers import make_client
from handlers.scopes import missing
from handlers.slack import Slack

INSTALL_AGAIN = "Update the app with the current manifest.yml, and install it again."


class SlackChecks:
    """The checks, in an order in which each may use what the one before it found."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client = make_client(settings.slack_bot_token or "", settings.slack_api_url)
        self._welcome: AsyncSlackResponse | None = None

    def all(self) -> Sequence[Check]:
        """Every check, with what it looks at."""
        return (
            ("Slack bot token", self.bot_token),
            ("Slack scopes", self.scopes),
            ("Slack way in", self.way_in),
            ("approvers", self.approvers),
        )

    async def bot_token(self) -> Checked:
        if self._settings.slack_bot_token is None:
            raise NO_BOT_TOKEN
        self._welcome = await signed_in(self._client)
        return ok(f"{self._welcome.get('user')} in workspace {self._welcome.get('team')}.")

    async def scopes(self) -> Checked:
        """Slack names the granted scopes in a header of each answer (docs.slack.dev/authentication)."""
        if self._welcome is None:
            return skip("needs a bot token that Slack takes.")
        lacking = missing(self._welcome.headers.get("X-OAuth-Scopes", ""))
        if lacking:
            return fix(f"The app lacks {', '.join(lacking)}.", INSTALL_AGAIN)
        return ok("all that manifest.yml asks for.")

    async def way_in(self) -> Checked:
        """Socket Mode goes first where both are set, as when the bot is started."""
        if self._settings.slack_app_token:
            await socket_mode_open(self._client, self._settings.slack_app_token)
            return ok("Socket Mode.")
        if self._settings.slack_signing_secret:
            host, port = self._settings.listen
            return ok(f"HTTP mode: Slack has to reach {host}:{port}/slack/events.")
        raise NO_WAY_IN

    async def approvers(self) -> Checked:
        """Users cannot be looked up without one more scope, groups can."""
        if self._settings.read_only:
            return skip("AGW_READ_ONLY is set: there is nothing to approve.")
        if not self._settings.approvers:
            return fix(
                "Nobody may approve a change: AGW_APPROVERS is not set.",
                "Name user ids and user group ids: AGW_APPROVERS=U012ABCDEF,S034GHIJKL",
            )
        if self._welcome is None and self._settings.approver_groups:
            return skip("needs a bot token that Slack takes.")
        people = set(self._settings.approver_users)
        for group in self._settings.approver_groups:
            people |= await self._members(group)
        return ok(f"{len(people)} {'person' if len(people) == 1 else 'people'}.")

    async def _members(self, group: str) -> frozenset[str]:
        try:
            members = await Slack(self._client).members(group)
        except Problem as problem:
            raise Problem(
                problem.code,
                f"The members of user group {group} cannot be read ({problem.code}).",
                "Check its id in AGW_APPROVERS, and the scope usergroups:read.",
            ) from problem
        if not members:
            raise Problem(
                "empty_group", f"User group {group} has no members.", "Add the people who may."
            )
        return members
