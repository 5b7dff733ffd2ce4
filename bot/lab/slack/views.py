"""Modals and Home tabs on each person's screen.

https://docs.slack.dev/surfaces/modals: a modal is a stack of at most three views.
"""

import secrets

from bot.lab.slack.blockkit import elements, view_faults, with_ids
from bot.lab.slack.changes import Changes
from bot.lab.slack.clock import new_id
from bot.lab.slack.roster import APP_ID, BOT_ID, TEAM_ID
from bot.lab.slack.values import ApiError
from bot.lab.values import Json

_DEPTH = 3


class Views:
    """Every person's stack of modal views, and their Home tab of the app."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._stacks: dict[str, list[Json]] = {}
        self._homes: dict[str, Json] = {}

    def stack(self, person: str) -> list[Json]:
        """The views of the open modal, the visible one last."""
        return list(self._stacks.get(person, []))

    def home(self, person: str) -> Json | None:
        """The app's Home tab as that person sees it."""
        return self._homes.get(person)

    def find(self, person: str, view_id: str) -> Json | None:
        """One of the open views."""
        return next((view for view in self.stack(person) if view["id"] == view_id), None)

    def open(self, person: str, view: Json) -> Json:
        """Show a modal in place of any that was open."""
        _check(view)
        view_id = new_id("V")
        opened = _complete(view, {"id": view_id, "root_view_id": view_id, "previous_view_id": None})
        self._stacks[person] = [opened]
        self._changes.publish({"type": "view_opened", "view": opened}, only_for=person)
        return opened

    def push(self, person: str, view: Json) -> Json:
        """Put a view on top of the open one; raises `push_limit_reached`."""
        _check(view)
        stack = self._stacks.get(person, [])
        if not stack:
            raise ApiError("not_found")
        if len(stack) >= _DEPTH:
            raise ApiError("push_limit_reached")
        place = {"root_view_id": stack[0]["id"], "previous_view_id": stack[-1]["id"]}
        pushed = _complete(view, {"id": new_id("V"), **place})
        stack.append(pushed)
        self._changes.publish({"type": "view_pushed", "view": pushed}, only_for=person)
        return pushed

    def update(self, key: str, value: str, view: Json, hash_: str | None = None) -> Json:
        """Replace the open view whose `id` or `external_id` (the `key`) has that value."""
        _check(view)
        for person, stack in self._stacks.items():
            for index, old in enumerate(stack):
                if old.get(key) == value:
                    if hash_ is not None and hash_ != old["hash"]:
                        raise ApiError("hash_conflict")
                    stack[index] = _complete(view, _place(old))
                    change = {"type": "view_updated", "view": stack[index]}
                    self._changes.publish(change, only_for=person)
                    return stack[index]
        raise ApiError("not_found")

    def publish(self, person: str, view: Json, hash_: str | None = None) -> Json:
        """Set a person's Home tab."""
        _check(view)
        old = self._homes.get(person)
        if hash_ is not None and old is not None and hash_ != old["hash"]:
            raise ApiError("hash_conflict")
        place = {"id": old["id"] if old else new_id("V"), "root_view_id": None}
        self._homes[person] = _complete(view, place | {"previous_view_id": None})
        self._changes.publish({"type": "home", "view": self._homes[person]}, only_for=person)
        return self._homes[person]

    def close(self, person: str, view_id: str) -> None:
        """Take a view, and those above it, off the stack; nothing if it is gone already."""
        stack = self._stacks.get(person, [])
        index = next((i for i, view in enumerate(stack) if view["id"] == view_id), len(stack))
        self._stacks[person] = stack[:index]
        for view in reversed(stack[index:]):
            self._changes.publish({"type": "view_closed", "view_id": view["id"]}, only_for=person)

    def clear(self, person: str) -> None:
        """Take the whole modal away."""
        if stack := self._stacks.get(person):
            self.close(person, stack[0]["id"])


def missing_inputs(view: Json, values: Json) -> dict[str, str]:
    """What Slack's own client says before it submits: required inputs without a value."""
    errors = {}
    for block, element in elements(view["blocks"]):
        if block["type"] == "input" and not block.get("optional"):
            given = values.get(block["block_id"], {}).get(element["action_id"], {})
            if not any(value for key, value in given.items() if key != "type"):
                errors[block["block_id"]] = "Please complete this required field."
    return errors


def _check(view: Json) -> None:
    if faults := view_faults(view):
        messages = [f"[ERROR] {fault}" for fault in faults]
        raise ApiError("invalid_arguments", response_metadata={"messages": messages})


def _place(view: Json) -> Json:
    return {key: view[key] for key in ("id", "root_view_id", "previous_view_id")}


def _complete(view: Json, place: Json) -> Json:
    """The view object that Slack makes of an app's view payload."""
    defaults = {
        "callback_id": "",
        "private_metadata": "",
        "external_id": "",
        "close": None,
        "submit": None,
        "clear_on_close": False,
        "notify_on_close": False,
    }
    own = {
        "team_id": TEAM_ID,
        "app_id": APP_ID,
        "app_installed_team_id": TEAM_ID,
        "bot_id": BOT_ID,
        "state": {"values": {}},
        "hash": secrets.token_hex(8),
        "blocks": with_ids(view["blocks"]),
    }
    return defaults | view | own | place
