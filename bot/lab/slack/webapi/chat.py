"""chat.* and reactions.*: https://docs.slack.dev/reference/methods?family=chat"""

from bot.lab.slack.content import changed_content, new_content
from bot.lab.slack.limits import TIER_2, TIER_3, TIER_4
from bot.lab.slack.message_json import without_channel
from bot.lab.slack.roster import BOT_USER, PEOPLE
from bot.lab.slack.values import ApiError
from bot.lab.slack.webapi.method import Method, channel_of, joined_channel, required
from bot.lab.slack.workspace import Workspace
from bot.lab.values import Json


def post_message(workspace: Workspace, arguments: Json) -> Json:
    """chat.postMessage; a person's id stands for the direct messages with them."""
    person = PEOPLE.get(str(arguments.get("channel")))
    if person is not None and person.is_bot:
        raise ApiError("cannot_dm_bot")
    direct = workspace.messages.direct(person.id) if person is not None else None
    channel = direct or joined_channel(workspace, arguments)
    content = new_content(arguments)
    thread_ts = thread_of(workspace, channel, arguments)
    if workspace.limits.rate_limited:
        workspace.rate_limits.count_post(channel)
    message = workspace.messages.post(channel, BOT_USER, content, thread_ts)
    return {"channel": channel, "ts": message["ts"], "message": without_channel(message)}


def post_ephemeral(workspace: Workspace, arguments: Json) -> Json:
    """chat.postEphemeral"""
    channel = joined_channel(workspace, arguments)
    person = required(arguments, "user")
    if person not in PEOPLE or person not in workspace.messages.members[channel]:
        raise ApiError("user_not_in_channel")
    content = new_content(arguments)
    thread_ts = thread_of(workspace, channel, arguments)
    message = workspace.messages.post_ephemeral(channel, person, content, thread_ts)
    return {"message_ts": message["ts"]}


def update(workspace: Workspace, arguments: Json) -> Json:
    """chat.update: only the bot's own messages, and never ephemeral ones."""
    channel, ts = channel_of(arguments), required(arguments, "ts")
    if channel in workspace.messages.archived:
        raise ApiError("is_inactive")
    if workspace.messages.get(channel, ts)["user"] != BOT_USER:
        raise ApiError("cant_update_message")
    message = workspace.messages.update(channel, ts, changed_content(arguments))
    shown = without_channel(message)
    return {"channel": channel, "ts": ts, "text": message["text"], "message": shown}


def delete(workspace: Workspace, arguments: Json) -> Json:
    """chat.delete"""
    channel, ts = channel_of(arguments), required(arguments, "ts")
    if workspace.messages.get(channel, ts)["user"] != BOT_USER:
        raise ApiError("cant_delete_message")
    workspace.messages.delete(channel, ts)
    return {"channel": channel, "ts": ts}


def permalink(workspace: Workspace, arguments: Json) -> Json:
    """chat.getPermalink"""
    channel, ts = channel_of(arguments), required(arguments, "message_ts")
    workspace.messages.get(channel, ts)
    link = f"{workspace.base_url}archives/{channel}/p{ts.replace('.', '')}"
    return {"channel": channel, "permalink": link}


def react(workspace: Workspace, arguments: Json) -> Json:
    """reactions.add"""
    channel, ts = channel_of(arguments), required(arguments, "timestamp")
    workspace.messages.react(channel, ts, required(arguments, "name"), BOT_USER)
    return {}


def unreact(workspace: Workspace, arguments: Json) -> Json:
    """reactions.remove"""
    channel, ts = channel_of(arguments), required(arguments, "timestamp")
    workspace.messages.unreact(channel, ts, required(arguments, "name"), BOT_USER)
    return {}


def thread_of(workspace: Workspace, channel: str, arguments: Json) -> str | None:
    """The parent to reply to. Slack silently drops replies to a wrong one; the lab refuses them.

    "Avoid using a reply's ts value; use its parent instead":
    https://docs.slack.dev/reference/methods/chat.postMessage#arg_thread_ts
    """
    thread_ts = arguments.get("thread_ts")
    if not thread_ts:
        return None
    parent = workspace.messages.find(channel, thread_ts)
    if parent is None or parent.get("thread_ts", thread_ts) != thread_ts:
        raise ApiError("cannot_reply_to_message")
    return str(thread_ts)


METHODS = {
    "chat.postMessage": Method(post_message, "chat:write"),
    "chat.postEphemeral": Method(post_ephemeral, "chat:write", TIER_4),
    "chat.update": Method(update, "chat:write", TIER_3),
    "chat.delete": Method(delete, "chat:write", TIER_3),
    "chat.getPermalink": Method(permalink),
    "reactions.add": Method(react, "reactions:write", TIER_3),
    "reactions.remove": Method(unreact, "reactions:write", TIER_2),
}
