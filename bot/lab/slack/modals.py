"""What people do with the app in modals and on the Home tab."""

from bot.lab.slack import payloads
from bot.lab.slack.changes import Changes
from bot.lab.slack.clock import Timestamps
from bot.lab.slack.delivery import Delivery
from bot.lab.slack.elements import chosen, find
from bot.lab.slack.interactions import Click
from bot.lab.slack.payloads import Use
from bot.lab.slack.tickets import Triggers
from bot.lab.slack.values import ApiError, ClickResult, NoSuchElement, Payload, ViewResult
from bot.lab.slack.views import Views, missing_inputs
from bot.lab.values import Json

_TROUBLE = "We had some trouble connecting. Try again?"


class Modals:
    """Submits, closes and clicks in views, and obeys the app's `response_action`."""

    def __init__(
        self,
        views: Views,
        changes: Changes,
        timestamps: Timestamps,
        delivery: Delivery,
        triggers: Triggers,
    ) -> None:
        self._views = views
        self._changes = changes
        self._timestamps = timestamps
        self._delivery = delivery
        self._triggers = triggers

    async def submit(self, person: str, view_id: str, values: Json) -> ViewResult:
        """Press the submit button with these `state.values`."""
        view = self._open(person, view_id)
        values = _merged(payloads.initial_state(view["blocks"]), values)
        if missing := missing_inputs(view, values):
            return self._refused(person, view_id, missing)
        body = payloads.view_submission(person, view | {"state": {"values": values}})
        body["trigger_id"] = self._triggers.issue(person)
        ack = await self._delivery.ask(Payload("interactive", body))
        if ack.error is not None:
            return self._in_trouble(person, ack.error)
        try:
            return self._obey(person, view, ack.payload or {})
        except ApiError as refusal:
            return self._in_trouble(person, refusal.code)

    async def close(self, person: str, view_id: str) -> None:
        """Close a view; the app hears of it only if it asked with `notify_on_close`."""
        view = self._open(person, view_id)
        self._views.close(person, view_id)
        if view["notify_on_close"]:
            body = payloads.view_closed(person, view)
            await self._delivery.ask(Payload("interactive", body))

    async def click(self, person: str, view_id: str, click: Click) -> ClickResult:
        """Use an element of an open view, or of the Home tab."""
        home = self._views.home(person)
        view = home if home and home["id"] == view_id else self._open(person, view_id)
        block, element = find(view["blocks"], click.action_id, click.block_id, click.value)
        choice = chosen(element, click.value, click.selected_option)
        use = Use(block["block_id"], element, choice, self._timestamps.next())
        body = payloads.view_action(person, view, use)
        body["trigger_id"] = self._triggers.issue(person)
        ack = await self._delivery.ask(Payload("interactive", body))
        if ack.error is not None:
            self._in_trouble(person, ack.error)
        return ClickResult(ack.error is None, ack.error)

    def _open(self, person: str, view_id: str) -> Json:
        view = self._views.find(person, view_id)
        if view is None:
            raise NoSuchElement(f"{person} has no open view {view_id}")
        return view

    def _obey(self, person: str, view: Json, answer: Json) -> ViewResult:
        """https://docs.slack.dev/surfaces/modals/#handling_submissions"""
        match answer.get("response_action"):
            case None:
                self._views.close(person, view["id"])
            case "clear":
                self._views.clear(person)
            case "update":
                self._views.update("id", view["id"], answer.get("view", {}))
            case "push":
                self._views.push(person, answer.get("view", {}))
            case "errors" if _names_inputs(view, answer.get("errors")):
                return self._refused(person, view["id"], answer["errors"])
            case _:
                return self._in_trouble(person, "invalid_response_action")
        return ViewResult(True)

    def _refused(self, person: str, view_id: str, errors: dict[str, str]) -> ViewResult:
        change: Json = {"type": "view_errors", "view_id": view_id, "errors": errors}
        self._changes.publish(change, only_for=person)
        return ViewResult(False, errors)

    def _in_trouble(self, person: str, error: str) -> ViewResult:
        self._changes.publish({"type": "notice", "text": _TROUBLE}, only_for=person)
        return ViewResult(False, error=error)


def _merged(initial: Json, given: Json) -> Json:
    return {block_id: values | given.get(block_id, {}) for block_id, values in initial.items()}


def _names_inputs(view: Json, errors: object) -> bool:
    """Slack takes errors only for input blocks that the view has."""
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    return isinstance(errors, dict) and bool(errors) and errors.keys() <= inputs
