"""Where the app is installed, and who is in a user group: asked of Slack, remembered only as long as that is safe."""

import logging
from collections.abc import Callable
from time import monotonic

from slack_sdk.web.async_client import AsyncWebClient

from bot.core.arm.document import Json, mapping_of
from handlers.membership import Installation
from handlers.slack_errors import SlackProblem, answer_of

log = logging.getLogger(__name__)

REMEMBERED = 300.0
"""Seconds for which an org's list of workspaces is taken as it was: a workspace that leaves is shut out after that."""
MOST_PAGES = 50


class Directory:
    """Answers about the installation. Every method may raise `SlackProblem`."""

    def __init__(self, client: AsyncWebClient, clock: Callable[[], float] = monotonic) -> None:
        self._client = client
        self._clock = clock
        self._installation: Installation | None = None
        self._until = 0.0
        self._homes: dict[str, str] = {}

    async def installation(self) -> Installation:
        """What the bot token belongs to: a workspace, or an org with the workspaces that it is approved for."""
        if self._installation is None or self._clock() > self._until:
            found = await answer_of(self._client.auth_test())
            org_wide = bool(found.get("is_enterprise_install"))
            self._installation = Installation(
                team=str(found["team_id"]),
                enterprise=found.get("enterprise_id") or None,
                org_wide=org_wide,
                workspaces=await self._workspaces() if org_wide else frozenset(),
            )
            self._until = self._clock() + REMEMBERED
        return self._installation

    async def channel(self, channel: str) -> Json:
        """What Slack shows of a channel (https://docs.slack.dev/reference/objects/conversation-object)."""
        found = await answer_of(self._client.conversations_info(channel=channel))
        return dict(mapping_of(found.get("channel")))

    async def members(self, group: str, near: str = "") -> frozenset[str]:
        """The current user ids of a user group; `near` is the workspace to look in first.

        An org-wide token must name the workspace (https://docs.slack.dev/reference/methods/usergroups.users.list).
        """
        installation = await self.installation()
        if not installation.org_wide:
            return await self._members(group)
        first = (self._homes.get(group), near)
        teams = dict.fromkeys(
            it for it in (*first, *sorted(installation.workspaces)) if it in installation.workspaces
        )
        problem: SlackProblem | None = None
        for team in teams:
            try:
                found = await self._members(group, team)
            except SlackProblem as unknown:
                if unknown.code != "no_such_subteam":
                    raise
                problem = unknown
            else:
                self._homes[group] = team
                return found
        raise problem or SlackProblem("no_such_subteam")

    async def _members(self, group: str, team: str | None = None) -> frozenset[str]:
        found = await answer_of(self._client.usergroups_users_list(usergroup=group, team_id=team))
        return frozenset(map(str, found["users"]))

    async def _workspaces(self) -> frozenset[str]:
        """https://docs.slack.dev/reference/methods/auth.teams.list"""
        teams: set[str] = set()
        cursor = ""
        for _ in range(MOST_PAGES):
            page = await answer_of(self._client.auth_teams_list(limit=200, cursor=cursor))
            teams |= {str(it["id"]) for it in page["teams"]}
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return frozenset(teams)
