"""The Slack part of `agw check`: tokens, scopes, the connection, the approvers. Nothing is posted."""

from collections.abc import Sequence

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.cli.checked import Check, Checked, fix, ok, skip
from bot.cli.slack import NO_BOT_TOKEN, NO_WAY_IN, signed_in, socket_mode_open
from bot.core.arm.document import Json, flag_of
from bot.core.problem import Problem
from bot.settings import Settings
from handlers import make_client
from handlers.directory import Directory
from handlers.scopes import missing_scopes, without
from handlers.slack_errors import SlackProblem

INSTALL_AGAIN = "Update the app with the current manifest.yml and reinstall it."


class SlackChecks:
    """The checks, ordered so that each can use what the earlier ones found."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client = make_client(settings.slack_bot_token or "", settings.slack_api_url)
        self._welcome: AsyncSlackResponse | None = None

    def all(self) -> Sequence[Check]:
        """Every check with its label."""
        return (
            ("Slack bot token", self.bot_token),
            ("Slack scopes", self.scopes),
            ("Slack reach", self.reach),
            ("Slack connection", self.connection),
            ("approvers", self.approvers),
            ("channels", self.channels),
        )

    async def bot_token(self) -> Checked:
        if self._settings.slack_bot_token is None:
            raise NO_BOT_TOKEN
        self._welcome = await signed_in(self._client)
        return ok(f"{self._welcome.get('user')} in workspace {self._welcome.get('team')}.")

    async def scopes(self) -> Checked:
        """Slack lists the granted scopes in a header of every response (docs.slack.dev/authentication)."""
        if self._welcome is None:
            return skip("needs a valid bot token.")
        lacking = missing_scopes(self._welcome.headers.get("X-OAuth-Scopes", ""))
        if lacking:
            return fix(f"The app lacks {', '.join(lacking)}. {without(lacking)}", INSTALL_AGAIN)
        return ok("all that manifest.yml requests.")

    async def reach(self) -> Checked:
        """Who is heard. Slack shows a bot token where the app is installed, but not its manifest.

        https://docs.slack.dev/reference/methods/auth.test, https://docs.slack.dev/enterprise/developing-for-enterprise-orgs
        """
        if self._welcome is None:
            return skip("needs a valid bot token.")
        if not self._welcome.get("enterprise_id"):
            return ok("one workspace; its members are heard.")
        if self._welcome.get("is_enterprise_install"):
            return ok("the Enterprise org; members of the workspaces it is approved for are heard.")
        return ok(
            "one workspace of an Enterprise org: its members are heard, and of the rest only approvers who are named by"
            " their own id. To serve more workspaces, update the app with manifest.yml (org_deploy_enabled) and let an"
            " admin of the org install it there."
        )

    async def connection(self) -> Checked:
        """Socket Mode takes precedence if both are set, as in `agw serve`."""
        if self._settings.slack_app_token:
            await socket_mode_open(self._client, self._settings.slack_app_token)
            return ok("Socket Mode.")
        if self._settings.slack_signing_secret:
            host, port = self._settings.listen
            return ok(f"HTTP mode: Slack must be able to reach {host}:{port}/slack/events.")
        raise NO_WAY_IN

    async def approvers(self) -> Checked:
        """Looking up users would take another scope; groups need none."""
        if self._settings.read_only:
            return skip("AGW_READ_ONLY is set, so there is nothing to approve.")
        if not self._settings.approvers:
            return fix(
                "Nobody may approve a change: AGW_APPROVERS is not set.",
                "List user ids and user group ids: AGW_APPROVERS=U012ABCDEF,S034GHIJKL",
            )
        if self._welcome is None and self._settings.approver_groups:
            return skip("needs a valid bot token.")
        people = set(self._settings.approver_users)
        for group in self._settings.approver_groups:
            people |= await self._members(group)
        return ok(f"{len(people)} {'person' if len(people) == 1 else 'people'}.")

    async def channels(self) -> Checked:
        """Whether each channel of the settings is there, and the bot in it."""
        if self._welcome is None:
            return skip("needs a valid bot token.")
        wanted = [("AGW_REPORT_CHANNELS", it) for it in self._settings.report_channels]
        if self._settings.approval_channel:
            wanted.append(("AGW_APPROVAL_CHANNEL", self._settings.approval_channel))
        if not wanted:
            return ok("the settings name none.")
        directory, told = Directory(self._client), []
        for setting, channel in wanted:
            try:
                told.append(_channel(setting, channel, await directory.channel(channel)))
            except SlackProblem as problem:
                if problem.code == "missing_scope":
                    return skip("the app lacks channels:read or groups:read.")
                if problem.code != "channel_not_found":
                    raise
                raise Problem(
                    problem.code,
                    f"{setting}: the app sees no channel {channel}.",
                    "Check its id; the app must be invited to a private channel: /invite @agw",
                ) from problem
        return ok(f"{', '.join(dict.fromkeys(told))}.")

    async def _members(self, group: str) -> frozenset[str]:
        try:
            members = await Directory(self._client).members(group)
        except Problem as problem:
            raise Problem(
                problem.code,
                f"The members of user group {group} cannot be read ({problem.code}).",
                "Check its id in AGW_APPROVERS, and the scope usergroups:read.",
            ) from problem
        if not members:
            raise Problem(
                "empty_group", f"User group {group} has no members.", "Add the approvers to it."
            )
        return members


def _channel(setting: str, channel: str, shown: Json) -> str:
    """Its name. Raises `Problem` if the bot can neither hear nor say anything there."""
    name = f"#{shown.get('name') or channel}"
    if flag_of(shown.get("is_archived")):
        raise Problem("is_archived", f"{setting}: {name} is archived.", "Name another channel.")
    if flag_of(shown.get("is_member")) is False:
        said = f"{setting}: the bot is not in {name}, so it neither hears nor says anything there."
        raise Problem("not_in_channel", said, "Invite it there: /invite @agw")
    return name
