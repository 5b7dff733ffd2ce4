"""The shapes in which one message is seen: by the app, through the Web API, and as a line of text.

https://docs.slack.dev/reference/events/message
"""

import uuid
from collections.abc import Iterable

from bot.lab.slack.roster import APP_ID, BOT_ID, BOT_USER, PEOPLE, TEAM_ID
from bot.lab.values import Json


def event_of(message: Json) -> Json:
    """The `message` event that announces a new message."""
    event = message | {"event_ts": message["ts"], "channel_type": "channel"}
    if message.get("files"):
        event["subtype"] = "file_share"
    return event


def without_channel(message: Json) -> Json:
    """A message as the Web API returns it: the channel is beside it, not in it."""
    return {key: value for key, value in message.items() if key != "channel"}


def texts(messages: Iterable[Json]) -> str:
    """A readable dump, one line a message, for people and for failing tests."""
    return "\n".join(_line(message) for message in messages)


def _line(message: Json) -> str:
    who = PEOPLE[message["user"]].name
    mark = " (only visible to one person)" if message.get("is_ephemeral") else ""
    indent = "    " if message.get("thread_ts", message["ts"]) != message["ts"] else ""
    return f"{indent}[{message['ts']}] {who}{mark}: {message['text']}"


def author_json(user: str) -> Json:
    """What Slack adds to the user: the app of a bot, the client's id of a person."""
    if user != BOT_USER:
        return {"client_msg_id": str(uuid.uuid4())}
    profile = {"id": BOT_ID, "app_id": APP_ID, "team_id": TEAM_ID, "name": PEOPLE[user].name}
    return {"bot_id": BOT_ID, "app_id": APP_ID, "bot_profile": profile}
