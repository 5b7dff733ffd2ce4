"""files.*: https://docs.slack.dev/messaging/working-with-files/#upload"""

from bot.lab.slack.limits import TIER_4
from bot.lab.slack.roster import BOT_USER
from bot.lab.slack.values import ApiError
from bot.lab.slack.webapi.chat import thread_of
from bot.lab.slack.webapi.method import Method, joined_channel, required
from bot.lab.slack.workspace import Workspace
from bot.lab.values import Json


def upload_url(workspace: Workspace, arguments: Json) -> Json:
    """files.getUploadURLExternal"""
    name, length = required(arguments, "filename"), required(arguments, "length")
    if not length.isdigit() or int(length) == 0:
        raise ApiError("invalid_arguments")
    file_id, ticket = workspace.files.announce(name, int(length))
    return {"upload_url": f"{workspace.base_url}upload/v1/{ticket}", "file_id": file_id}


def complete_upload(workspace: Workspace, arguments: Json) -> Json:
    """files.completeUploadExternal: shares the files as one message, if a channel is named."""
    uploads = arguments.get("files")
    if not isinstance(uploads, list) or not uploads:
        raise ApiError("invalid_arguments")
    channel = None
    if arguments.get("channel_id"):
        channel = joined_channel(workspace, arguments, "channel_id")
    thread_ts = thread_of(workspace, channel, arguments) if channel else None
    files = [
        workspace.files.json(workspace.files.complete(upload["id"], upload.get("title")))
        for upload in uploads
    ]
    if channel is not None:
        content = {"text": arguments.get("initial_comment") or "", "files": files, "upload": False}
        workspace.messages.post(channel, BOT_USER, content, thread_ts)
    return {"files": files}


def info(workspace: Workspace, arguments: Json) -> Json:
    """files.info"""
    return {"file": workspace.files.json(workspace.files.given(required(arguments, "file")))}


METHODS = {
    "files.info": Method(info, "files:read", TIER_4),
    "files.getUploadURLExternal": Method(upload_url, "files:write", TIER_4),
    "files.completeUploadExternal": Method(complete_upload, "files:write", TIER_4),
}
