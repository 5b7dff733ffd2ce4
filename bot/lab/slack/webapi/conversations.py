"""conversations.*: https://docs.slack.dev/reference/methods?family=conversations"""

from bot.lab.slack.limits import TIER_2, TIER_3, TIER_4
from bot.lab.slack.message_json import without_channel
from bot.lab.slack.roster import CHANNELS, channel_json
from bot.lab.slack.values import ApiError
from bot.lab.slack.webapi.method import Method, channel_of, joined_channel, page_of, required
from bot.lab.slack.workspace import Workspace
from bot.lab.values import Json


def info(workspace: Workspace, arguments: Json) -> Json:
    """conversations.info"""
    channel = channel_of(arguments)
    return {"channel": channel_json(CHANNELS[channel], workspace.messages.members[channel])}


def list_(workspace: Workspace, arguments: Json) -> Json:
    """conversations.list"""
    members = workspace.messages.members
    everything = [channel_json(channel, members[channel.id]) for channel in CHANNELS.values()]
    page, cursor = page_of(arguments, everything, 100)
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}


def members(workspace: Workspace, arguments: Json) -> Json:
    """conversations.members"""
    people = sorted(workspace.messages.members[channel_of(arguments)])
    return {"members": people, "response_metadata": {"next_cursor": ""}}


def history(workspace: Workspace, arguments: Json) -> Json:
    """conversations.history: newest first, without the replies in threads."""
    channel = joined_channel(workspace, arguments)
    shown = [
        _seen(message, arguments)
        for message in reversed(workspace.messages.in_channel(channel))
        if message.get("thread_ts", message["ts"]) == message["ts"]
        and _between(message["ts"], arguments)
    ]
    return _page(arguments, shown)


def replies(workspace: Workspace, arguments: Json) -> Json:
    """conversations.replies: the parent and its replies, oldest first."""
    channel, ts = joined_channel(workspace, arguments), required(arguments, "ts")
    thread = workspace.messages.in_channel(channel, ts)
    if not thread:
        raise ApiError("thread_not_found")
    shown = [it for it in thread if it["ts"] == ts or _between(it["ts"], arguments)]
    return _page(arguments, [_seen(message, arguments) for message in shown])


def _seen(message: Json, arguments: Json) -> Json:
    """A message, with its metadata only if asked for: https://docs.slack.dev/messaging/message-metadata"""
    shown = without_channel(message)
    if arguments.get("include_all_metadata") not in (True, "true", "1", 1):
        shown.pop("metadata", None)
    return shown


def _between(ts: str, arguments: Json) -> bool:
    oldest, latest = arguments.get("oldest") or 0, arguments.get("latest") or "inf"
    if arguments.get("inclusive") in (True, "true", "1"):
        return float(oldest) <= float(ts) <= float(latest)
    return float(oldest) < float(ts) < float(latest)


def _page(arguments: Json, messages: list[Json]) -> Json:
    page, cursor = page_of(arguments, messages, 100)
    answer: Json = {"messages": page, "has_more": bool(cursor)}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


METHODS = {
    "conversations.info": Method(info, "channels:read", TIER_3),
    "conversations.list": Method(list_, "channels:read", TIER_2),
    "conversations.members": Method(members, "channels:read", TIER_4),
    "conversations.history": Method(history, "channels:history", TIER_3),
    "conversations.replies": Method(replies, "channels:history", TIER_3),
}
