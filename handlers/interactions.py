"""What a person did in Slack, as one value: who, where, and how to answer only them."""

from dataclasses import dataclass

from bot.core.arm.document import Json
from bot.core.changes.change import Person


@dataclass(frozen=True, slots=True)
class Interaction:
    """One interaction. `key` is unique to it, and the same when Slack delivers it twice.

    `thread` is the thread it happened in, if any. `response_url` answers only that person, up to five times within
    30 minutes (https://docs.slack.dev/interactivity/handling-user-interaction#message_responses). `trigger` opens a
    modal, once and within three seconds.
    """

    key: str
    person: Person
    channel: str
    thread: str | None = None
    response_url: str | None = None
    trigger: str | None = None


def of_command(body: Json) -> Interaction:
    """A slash command. Every submission has its own trigger id."""
    return Interaction(
        _key("command", body, body["user_id"], body.get("text")),
        Person(body["team_id"], body["user_id"]),
        body["channel_id"],
        response_url=body.get("response_url"),
        trigger=body.get("trigger_id"),
    )


def of_interaction(body: Json) -> Interaction:
    """A button, a menu, or a shortcut on a message."""
    user = body["user"]
    container = body.get("container") or {}
    thread = container.get("thread_ts") or (body.get("message") or {}).get("thread_ts")
    action: Json = next(iter(body.get("actions") or ()), {})
    pressed = (action.get("action_id"), action.get("value"), action.get("action_ts"))
    return Interaction(
        _key("press", body, user["id"], *pressed),
        Person(user.get("team_id") or (body.get("team") or {}).get("id", ""), user["id"]),
        (body.get("channel") or {}).get("id") or container.get("channel_id", ""),
        thread,
        body.get("response_url"),
        body.get("trigger_id"),
    )


def of_submission(body: Json, channel: str) -> Interaction:
    """A modal that was submitted; Slack does not say in which `channel` it was opened."""
    user = body["user"]
    return Interaction(
        _key("submission", body, user["id"], body["view"]["id"]),
        Person(user.get("team_id") or (body.get("team") or {}).get("id", ""), user["id"]),
        channel,
    )


def of_event(body: Json) -> Interaction:
    """A message or a mention. Slack sends both events for one message, so the message itself is the key."""
    event = body["event"]
    return Interaction(
        f"message:{event['channel']}:{event['ts']}",
        Person(event.get("user_team") or event.get("team") or body["team_id"], event["user"]),
        event["channel"],
        event.get("thread_ts"),
    )


def _key(kind: str, body: Json, *parts: object) -> str:
    """Every interaction has its own trigger id; the other parts help where a relay in between reuses one."""
    return ":".join([kind, str(body.get("trigger_id") or ""), *map(str, parts)])
