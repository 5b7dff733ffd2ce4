"""Who is who: auth.*, users.*, usergroups.*, team.*, bots.*, and the URL for Socket Mode."""

from bot.lab.slack.limits import TIER_2, TIER_3, TIER_4
from bot.lab.slack.roster import (
    APP_ID,
    BOT_ID,
    BOT_USER,
    PEOPLE,
    TEAM_DOMAIN,
    TEAM_ID,
    TEAM_NAME,
    USER_GROUPS,
    group_json,
    user_json,
)
from bot.lab.slack.values import ApiError
from bot.lab.slack.webapi.method import Method, page_of, required
from bot.lab.slack.workspace import Workspace
from bot.lab.values import Json


def api_test(_: Workspace, arguments: Json) -> Json:
    """api.test: returns the arguments; fails on demand."""
    if "error" in arguments:
        raise ApiError(str(arguments["error"]), args=arguments)
    return {"args": arguments}


def auth_test(workspace: Workspace, _: Json) -> Json:
    """auth.test: who the token belongs to."""
    answer = {
        "url": workspace.base_url,
        "team": TEAM_NAME,
        "user": PEOPLE[BOT_USER].name,
        "team_id": TEAM_ID,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }
    return answer | (workspace.grid.auth_test() if workspace.grid else {})


def teams(workspace: Workspace, arguments: Json) -> Json:
    """auth.teams.list: the workspaces that an org-wide app is approved for."""
    granted = workspace.grid.workspaces if workspace.grid else (TEAM_ID,)
    page, cursor = page_of(arguments, [{"id": it, "name": it} for it in granted], 100)
    return {"teams": page, "response_metadata": {"next_cursor": cursor}}


def open_connection(workspace: Workspace, _: Json) -> Json:
    """apps.connections.open: an address for one WebSocket, to be used once."""
    address = workspace.base_url.replace("http", "ws", 1)
    return {"url": f"{address}socket/{workspace.sockets.issue_ticket()}"}


def user_info(workspace: Workspace, arguments: Json) -> Json:
    """users.info"""
    person = PEOPLE.get(required(arguments, "user"))
    if person is None:
        raise ApiError("user_not_found")
    with_email = "users:read.email" in workspace.app.scopes
    shown = user_json(person, with_email=with_email)
    shown |= workspace.grid.user(person.id) if workspace.grid else {}
    return {"user": shown | workspace.flags.get(person.id, {})}


def groups(_: Workspace, arguments: Json) -> Json:
    """usergroups.list"""
    listed = [group_json(group) for group in USER_GROUPS.values()]
    if arguments.get("include_users") not in (True, "true", "1"):
        listed = [{k: v for k, v in group.items() if k != "users"} for group in listed]
    return {"usergroups": listed}


def group_users(workspace: Workspace, arguments: Json) -> Json:
    """usergroups.users.list: the lab's groups are of the lab's own workspace."""
    if workspace.grid is not None:
        workspace.grid.require_team(arguments)
        if workspace.grid.org_wide and arguments["team_id"] != TEAM_ID:
            raise ApiError("no_such_subteam")
    group = USER_GROUPS.get(required(arguments, "usergroup"))
    if group is None:
        raise ApiError("no_such_subteam")
    return {"users": list(group.users)}


def team_info(workspace: Workspace, _: Json) -> Json:
    """team.info"""
    team = {"id": TEAM_ID, "name": TEAM_NAME, "domain": TEAM_DOMAIN, "url": workspace.base_url}
    return {"team": team}


def bot_info(_: Workspace, arguments: Json) -> Json:
    """bots.info"""
    if required(arguments, "bot") != BOT_ID:
        raise ApiError("bot_not_found")
    name = PEOPLE[BOT_USER].name
    bot = {"id": BOT_ID, "deleted": False, "name": name, "app_id": APP_ID, "user_id": BOT_USER}
    return {"bot": bot}


METHODS = {
    "api.test": Method(api_test, token="none"),
    "auth.test": Method(auth_test),
    "auth.teams.list": Method(teams, None, TIER_2),
    "apps.connections.open": Method(open_connection, token="app"),
    "users.info": Method(user_info, "users:read", TIER_4),
    "usergroups.list": Method(groups, "usergroups:read", TIER_2),
    "usergroups.users.list": Method(group_users, "usergroups:read", TIER_2),
    "team.info": Method(team_info, "team:read", TIER_3),
    "bots.info": Method(bot_info, "users:read", TIER_3),
}
