"""views.*: https://docs.slack.dev/reference/methods?family=views"""

from bot.lab.slack.limits import TIER_4
from bot.lab.slack.roster import PEOPLE
from bot.lab.slack.values import ApiError
from bot.lab.slack.webapi.method import Method, required
from bot.lab.slack.workspace import Workspace
from bot.lab.values import Json


def open_(workspace: Workspace, arguments: Json) -> Json:
    """views.open"""
    person = workspace.triggers.redeem(required(arguments, "trigger_id"))
    return {"view": workspace.views.open(person, _view(arguments))}


def push(workspace: Workspace, arguments: Json) -> Json:
    """views.push"""
    person = workspace.triggers.redeem(required(arguments, "trigger_id"))
    return {"view": workspace.views.push(person, _view(arguments))}


def update(workspace: Workspace, arguments: Json) -> Json:
    """views.update"""
    key = "id" if arguments.get("view_id") else "external_id"
    value = required(arguments, "view_id" if key == "id" else "external_id")
    view = workspace.views.update(key, value, _view(arguments), arguments.get("hash"))
    return {"view": view}


def publish(workspace: Workspace, arguments: Json) -> Json:
    """views.publish"""
    person = required(arguments, "user_id")
    if person not in PEOPLE:
        raise ApiError("user_not_found")
    return {"view": workspace.views.publish(person, _view(arguments), arguments.get("hash"))}


def _view(arguments: Json) -> Json:
    required(arguments, "view")
    view = arguments["view"]
    if not isinstance(view, dict):
        messages = ["[ERROR] must provide an object [json-pointer:/view]"]
        raise ApiError("invalid_arguments", response_metadata={"messages": messages})
    return view


METHODS = {
    "views.open": Method(open_, None, TIER_4),
    "views.push": Method(push, None, TIER_4),
    "views.update": Method(update, None, TIER_4),
    "views.publish": Method(publish, None, TIER_4),
}
