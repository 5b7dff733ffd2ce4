"""The channels' messages: posted, edited, deleted, reacted to, and seen by one person only.

A message is a JSON object in Slack's shape and is replaced, never changed in place, so that whoever
kept one keeps the card as it was then. https://docs.slack.dev/reference/events/message
"""

from collections.abc import Callable
from typing import Any

from bot.lab.slack.changes import Changes
from bot.lab.slack.clock import Timestamps
from bot.lab.slack.message_json import author_json, event_of
from bot.lab.slack.roster import BOT_USER, CHANNELS, PEOPLE, TEAM_ID
from bot.lab.slack.values import ApiError
from bot.lab.values import Json


class Messages:
    """All conversations. `emit` gets every event that an app with the right scopes may receive."""

    def __init__(
        self, changes: Changes, timestamps: Timestamps, emit: Callable[[Json], None]
    ) -> None:
        self._changes = changes
        self._timestamps = timestamps
        self._emit = emit
        self._public: dict[str, dict[str, Json]] = {channel: {} for channel in CHANNELS}
        self._ephemeral: dict[tuple[str, str, str], Json] = {}
        self.members: dict[str, set[str]] = {channel: set(PEOPLE) for channel in CHANNELS}
        self.archived: set[str] = set()

    def direct(self, person: str) -> str:
        """The direct messages between the bot and a person; its id begins with D."""
        channel = f"D{person}"
        self._public.setdefault(channel, {})
        self.members.setdefault(channel, {BOT_USER, person})
        return channel

    # -- reading -------------------------------------------------------------------------------

    def find(self, channel: str, ts: str) -> Json | None:
        """The public message with that timestamp as it is now."""
        return self._public.get(channel, {}).get(ts)

    def get(self, channel: str, ts: str) -> Json:
        """As `find`; raises `message_not_found`."""
        if (message := self.find(channel, ts)) is None:
            raise ApiError("message_not_found")
        return message

    def on_screen(self, person: str, channel: str, ts: str) -> Json | None:
        """What that person sees under that timestamp: a public message or one only for them."""
        return self.find(channel, ts) or self._ephemeral.get((person, channel, ts))

    def in_channel(self, channel: str, thread_ts: str | None = None) -> list[Json]:
        """Public messages, oldest first; with `thread_ts` the parent and its replies."""
        return [
            message
            for message in self._public.get(channel, {}).values()
            if thread_ts is None or thread_ts in (message["ts"], message.get("thread_ts"))
        ]

    def only_for(self, person: str, channel: str) -> list[Json]:
        """The ephemeral messages that this person has there, oldest first."""
        return [
            message
            for (owner, where, _), message in self._ephemeral.items()
            if (owner, where) == (person, channel)
        ]

    def screen(self, person: str) -> dict[str, list[Json]]:
        """All that one person sees, by channel, oldest first."""
        return {
            channel: sorted(
                (*self.in_channel(channel), *self.only_for(person, channel)),
                key=lambda message: float(message["ts"]),
            )
            for channel in CHANNELS
        }

    # -- writing -------------------------------------------------------------------------------

    def post(self, channel: str, user: str, content: Json, thread_ts: str | None = None) -> Json:
        """A new public message. `content` is text, blocks, attachments, files, metadata."""
        ts = self._timestamps.next()
        message: Json = {
            "type": "message",
            "ts": ts,
            "channel": channel,
            "team": TEAM_ID,
            "user": user,
        }
        message |= author_json(user) | content
        if thread_ts is not None:
            message["thread_ts"] = thread_ts
        self._public[channel][ts] = message
        self._changes.publish({"type": "message", "message": message})
        self._count_replies(message)
        self._tell_app(event_of(message))
        return message

    def update(self, channel: str, ts: str, content: Json) -> Json:
        """The same message with other content; what `content` does not name stays as it was."""
        before = self.get(channel, ts)
        edited = {"user": before["user"], "ts": self._timestamps.next()}
        after = before | content | {"edited": edited}
        self._replace(after)
        self._emit_change("message_changed", channel, message=after, previous_message=before)
        return after

    def delete(self, channel: str, ts: str) -> None:
        """The message disappears; replies to it stay where they are."""
        before = self.get(channel, ts)
        del self._public[channel][ts]
        self._changes.publish({"type": "message_deleted", "channel": channel, "ts": ts})
        self._count_replies(before)
        self._emit_change("message_deleted", channel, deleted_ts=ts, previous_message=before)

    def post_ephemeral(
        self, channel: str, person: str, content: Json, thread_ts: str | None = None
    ) -> Json:
        """A message of the bot that only `person` sees. Apps get no event for it."""
        ts = self._timestamps.next()
        message: Json = {"type": "message", "ts": ts, "channel": channel, "user": BOT_USER}
        message |= author_json(BOT_USER) | {"is_ephemeral": True} | content
        if thread_ts is not None:
            message["thread_ts"] = thread_ts
        self._ephemeral[person, channel, ts] = message
        self._changes.publish({"type": "message", "message": message}, only_for=person)
        return message

    def update_ephemeral(self, person: str, channel: str, ts: str, content: Json) -> None:
        """Replace an ephemeral message; only a `response_url` can do that."""
        message = self._ephemeral[person, channel, ts] | content
        self._ephemeral[person, channel, ts] = message
        self._changes.publish({"type": "message_changed", "message": message}, only_for=person)

    def delete_ephemeral(self, person: str, channel: str, ts: str) -> None:
        """Take an ephemeral message off that person's screen."""
        del self._ephemeral[person, channel, ts]
        self._changes.publish(
            {"type": "message_deleted", "channel": channel, "ts": ts}, only_for=person
        )

    def react(self, channel: str, ts: str, name: str, user: str) -> None:
        """Add an emoji; raises `already_reacted`."""
        message = self.get(channel, ts)
        users = {item["name"]: item["users"] for item in message.get("reactions", [])}
        if user in users.get(name, []):
            raise ApiError("already_reacted")
        self._set_reactions(message, users | {name: [*users.get(name, []), user]})

    def unreact(self, channel: str, ts: str, name: str, user: str) -> None:
        """Take an emoji back; raises `no_reaction`."""
        message = self.get(channel, ts)
        users = {item["name"]: item["users"] for item in message.get("reactions", [])}
        if user not in users.get(name, []):
            raise ApiError("no_reaction")
        self._set_reactions(message, users | {name: [u for u in users[name] if u != user]})

    # -- inside --------------------------------------------------------------------------------

    def _set_reactions(self, message: Json, users_by_name: dict[str, list[str]]) -> None:
        reactions = [
            {"name": name, "users": users, "count": len(users)}
            for name, users in users_by_name.items()
            if users
        ]
        self._replace(message | {"reactions": reactions})

    def _count_replies(self, reply: Json) -> None:
        """Update what a parent says about its thread after `reply` was added or deleted."""
        channel, thread_ts = str(reply["channel"]), str(reply.get("thread_ts", reply["ts"]))
        parent = self.find(channel, thread_ts)
        if parent is None or parent["ts"] == reply["ts"]:
            return
        thread = self.in_channel(channel, thread_ts)
        replies = [message for message in thread if message["ts"] != thread_ts]
        users = list(dict.fromkeys(message["user"] for message in replies))
        summary = {
            "thread_ts": thread_ts,
            "reply_count": len(replies),
            "reply_users": users,
            "reply_users_count": len(users),
            "latest_reply": replies[-1]["ts"] if replies else "",
        }
        self._replace(parent | summary)

    def _replace(self, message: Json) -> None:
        self._public[message["channel"]][message["ts"]] = message
        self._changes.publish({"type": "message_changed", "message": message})

    def _tell_app(self, event: Json) -> None:
        """Apps get events only of channels that their bot is in; of direct messages only if they ask for them."""
        if event["channel"] in CHANNELS and BOT_USER in self.members[event["channel"]]:
            self._emit(event)

    def _emit_change(self, subtype: str, channel: str, **details: Any) -> None:
        self._tell_app(
            {
                "type": "message",
                "subtype": subtype,
                "hidden": True,
                "channel": channel,
                "channel_type": "channel",
                "ts": self._timestamps.next(),
                "event_ts": self._timestamps.next(),
                **details,
            }
        )
