"""Whether somebody belongs to where the app is installed. Pure; whoever is not known to belong does not.

The *person's* workspace decides, not the channel's, which may be shared with another company
(https://docs.slack.dev/apis/slack-connect/developing-apps-for-slack-connect). In an Enterprise org a person's
workspace is named by its own id (`T...`) or only by the org's (`E...`)
(https://docs.slack.dev/enterprise/developing-for-enterprise-orgs).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.arm.document import Json, mapping_of


@dataclass(frozen=True, slots=True)
class Installation:
    """What the bot token belongs to.

    `team` is a workspace, or the org if it is `org_wide`. `workspaces` are those of the org that an org-wide app is
    approved for.
    """

    team: str
    enterprise: str | None = None
    org_wide: bool = False
    workspaces: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Home:
    """Where a person comes from: `team` as Slack names it, `org` if Slack says that this team is part of one."""

    user: str
    team: str
    org: str | None = None


def home_of(body: Json) -> Home | None:
    """Whose doing a payload is, and where they come from; None if Slack does not say.

    Only the payload of a message shortcut may omit the person's workspace
    (https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload).
    """
    event, user = body.get("event"), body.get("user")
    if isinstance(event, dict):
        # In a channel that is shared with another company, the workspace that hears of it need not be the person's.
        fallback = None if body.get("is_ext_shared_channel") else body.get("team_id")
        team = event.get("user_team") or event.get("team") or fallback
        return _home(event.get("user") or event.get("bot_id"), team, None)
    if isinstance(user, dict):
        place = body.get("team")
        place = place if isinstance(place, dict) else {}
        fallback = place.get("id") if body.get("type") == "message_action" else None
        team = user.get("team_id") or fallback
        org = place.get("enterprise_id") if place.get("id") == team else None
        return _home(user.get("id"), team, org)
    # The workspace of a command is that of who typed it.
    return _home(body.get("user_id"), body.get("team_id"), body.get("enterprise_id"))


def belongs(home: Home | None, installation: Installation, approvers: Collection[str]) -> bool:
    """Whether this person may use the bot at all.

    An org-wide app serves the workspaces that it is approved for. An app of one workspace serves that one; from the
    rest of its org it hears only approvers that are named by their own id, which is unique in the org.
    """
    if home is None:
        return False
    if home.team == installation.team:
        return True
    if installation.enterprise is None:
        return False
    in_org = installation.enterprise in (home.team, home.org)
    if installation.org_wide:
        return home.team in installation.workspaces or home.team == installation.enterprise
    return in_org and home.user in approvers


def is_of(shown: Mapping[str, Any], installation: Installation) -> bool:
    """Whether what Slack tells of a person says that they are of this workspace, or of this org.

    `is_stranger` alone does not tell: of people from elsewhere who share a channel with the app, it is not set
    (https://docs.slack.dev/reference/objects/user-object).
    """
    team = shown.get("team_id")
    if installation.enterprise is not None:
        org = mapping_of(shown.get("enterprise_user")).get("enterprise_id")
        if installation.enterprise in (team, org):
            return True
    return team == installation.team or team in installation.workspaces


def _home(user: object, team: object, org: object) -> Home | None:
    if not isinstance(user, str) or not isinstance(team, str) or not user or not team:
        return None
    return Home(user, team, org if isinstance(org, str) else None)
