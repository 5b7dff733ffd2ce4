"""The bodies of what an app receives when a person does something.

https://docs.slack.dev/interactivity/implementing-slash-commands
https://docs.slack.dev/reference/interaction-payloads
"""

from dataclasses import dataclass

from bot.lab.slack.blockkit import elements
from bot.lab.slack.message_json import without_channel
from bot.lab.slack.roster import APP_ID, CHANNELS, PEOPLE, TEAM_DOMAIN, TEAM_ID
from bot.lab.values import Json

# https://docs.slack.dev/reference/interaction-payloads/block_actions-payload#fields: what each
# kind of element says it was set to.
VALUE_KEYS = {
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "multi_static_select": "selected_options",
    "checkboxes": "selected_options",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "file_input": "files",
}


@dataclass(frozen=True, slots=True)
class Use:
    """One use of one element: the action as it appears in `actions`."""

    block_id: str
    element: Json
    chosen: Json
    action_ts: str

    def json(self) -> Json:
        """The entry of `actions`."""
        kept = ("type", "action_id", "text", "value", "style", "url")
        action = {key: self.element[key] for key in kept if key in self.element}
        return action | {"block_id": self.block_id, "action_ts": self.action_ts} | self.chosen


def command(person: str, channel: str, name: str, text: str) -> Json:
    """A slash command, still without trigger and response URL."""
    return {
        "token": "lab",
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "channel_id": channel,
        "channel_name": CHANNELS[channel].name,
        "user_id": person,
        "user_name": PEOPLE[person].name,
        "command": name,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
    }


def _interaction(kind: str, person: str) -> Json:
    who = PEOPLE[person]
    return {
        "type": kind,
        "user": {"id": who.id, "username": who.name, "name": who.name, "team_id": TEAM_ID},
        "api_app_id": APP_ID,
        "token": "lab",
        "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def message_action(person: str, channel: str, message: Json, use: Use, state: Json) -> Json:
    """`block_actions` for an element of a message. An ephemeral message is not sent along."""
    ephemeral = bool(message.get("is_ephemeral"))
    container = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel,
        "is_ephemeral": ephemeral,
    }
    if "thread_ts" in message:
        container["thread_ts"] = message["thread_ts"]
    body = _interaction("block_actions", person) | {
        "container": container,
        "channel": {"id": channel, "name": CHANNELS[channel].name},
        "state": {"values": state},
        "actions": [use.json()],
    }
    return body if ephemeral else body | {"message": without_channel(message)}


def suggestion(
    person: str, channel: str, message: Json, element: Json, block: Json, typed: str
) -> Json:
    """`block_suggestion`: what the options of an `external_select` are, for what was typed so far.

    https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload
    """
    return _interaction("block_suggestion", person) | {
        "container": {"type": "message", "message_ts": message["ts"], "channel_id": channel},
        "channel": {"id": channel, "name": CHANNELS[channel].name},
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "value": typed,
    }


def view_action(person: str, view: Json, use: Use) -> Json:
    """`block_actions` for an element of a modal or Home tab."""
    return _interaction("block_actions", person) | {
        "container": {"type": "view", "view_id": view["id"]},
        "view": view,
        "actions": [use.json()],
    }


def view_submission(person: str, view: Json) -> Json:
    """The submit button of a modal was pressed; the values are in the view's state."""
    return _interaction("view_submission", person) | {"view": view, "response_urls": []}


def view_closed(person: str, view: Json) -> Json:
    """A modal was closed by its person."""
    return _interaction("view_closed", person) | {"view": view, "is_cleared": False}


def shortcut(person: str, callback_id: str, action_ts: str) -> Json:
    """A global shortcut."""
    body = {"callback_id": callback_id, "action_ts": action_ts}
    return _interaction("shortcut", person) | body


def message_shortcut(person: str, callback_id: str, message: Json, action_ts: str) -> Json:
    """A shortcut chosen from the menu of a message."""
    channel = message["channel"]
    return _interaction("message_action", person) | {
        "callback_id": callback_id,
        "action_ts": action_ts,
        "message_ts": message["ts"],
        "channel": {"id": channel, "name": CHANNELS[channel].name},
        "message": without_channel(message),
    }


def initial_state(blocks: list[Json]) -> Json:
    """`state.values` before anyone chose anything: what each element starts with."""
    values: Json = {}
    for block, element in elements(blocks):
        if element["type"] in ("button", "overflow", "icon_button", "feedback_buttons"):
            continue
        key = VALUE_KEYS.get(element["type"], "value")
        start = element.get(f"initial_{key.removeprefix('selected_')}")
        value = {
            "type": element["type"],
            key: [] if key in ("selected_options", "files") and not start else start,
        }
        values.setdefault(block["block_id"], {})[element["action_id"]] = value
    return values
