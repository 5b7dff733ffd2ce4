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
    return {"view": workspace.views.open(person, _view(workspace, arguments))}


def push(workspace: Workspace, arguments: Json) -> Json:
    """views.push"""
    person = workspace.triggers.redeem(required(arguments, "trigger_id"))
    return {"view": workspace.views.push(person, _view(workspace, arguments))}


def update(workspace: Workspace, arguments: Json) -> Json:
    """views.update"""
    key = "id" if arguments.get("view_id") else "external_id"
    value = required(arguments, "view_id" if key == "id" else "external_id")
    view = workspace.views.update(key, value, _view(workspace, arguments), arguments.get("hash"))
    return {"view": view}


def publish(workspace: Workspace, arguments: Json) -> Json:
    """views.publish"""
    person = required(arguments, "user_id")
    if person not in PEOPLE:
        raise ApiError("user_not_found")
    view = _view(workspace, arguments)
    return {"view": workspace.views.publish(person, view, arguments.get("hash"))}


def _view(workspace: Workspace, arguments: Json) -> Json:
    required(arguments, "view")
    view = arguments["view"]
    if not isinstance(view, dict):
        messages = ["[ERROR] must provide an object [json-pointer:/view]"]
        raise ApiError("invalid_arguments", response_metadata={"messages": messages})
    # "In order to use the file_input element within your app, your app must have the files:read scope" (its reference).
    if _takes_files(view) and "files:read" not in workspace.app.scopes:
        provided = ",".join(workspace.app.scopes)
        raise ApiError("missing_scope", needed="files:read", provided=provided)
    return view


def _takes_files(view: Json) -> bool:
    blocks = view.get("blocks")
    elements = (
        [it.get("element") for it in blocks if isinstance(it, dict)]
        if isinstance(blocks, list)
        else []
    )
    return any(isinstance(it, dict) and it.get("type") == "file_input" for it in elements)


METHODS = {
    "views.open": Method(open_, None, TIER_4),
    "views.push": Method(push, None, TIER_4),
    "views.update": Method(update, None, TIER_4),
    "views.publish": Method(publish, None, TIER_4),
}
