"""What people do with the app in channels: commands, buttons, shortcuts."""

from dataclasses import dataclass
from typing import Any

from bot.lab.slack import payloads
from bot.lab.slack.changes import Changes
from bot.lab.slack.clock import Timestamps, new_id
from bot.lab.slack.delivery import Delivery
from bot.lab.slack.elements import blocks_of, chosen, find
from bot.lab.slack.messages import Messages
from bot.lab.slack.payloads import VALUE_KEYS, Use
from bot.lab.slack.respond import respond
from bot.lab.slack.roster import CHANNELS
from bot.lab.slack.tickets import Origin, ResponseUrls, Triggers
from bot.lab.slack.typed import received, rich_text
from bot.lab.slack.values import (
    Ack,
    ApiError,
    App,
    ClickResult,
    CommandResult,
    NoSuchElement,
    Payload,
)
from bot.lab.values import Json


@dataclass(frozen=True, slots=True)
class Click:
    """One use of an element by a person, as the page or a test asks for it."""

    action_id: str
    block_id: str | None = None
    value: Any = None
    selected_option: Any = None


class Interactions:
    """Turns what people do into payloads, and the app's answers into what people see."""

    def __init__(
        self,
        app: App,
        messages: Messages,
        changes: Changes,
        timestamps: Timestamps,
        delivery: Delivery,
        triggers: Triggers,
        response_urls: ResponseUrls,
    ) -> None:
        self._commands = {command.command: command for command in app.commands}
        self._messages = messages
        self._changes = changes
        self._timestamps = timestamps
        self._delivery = delivery
        self._triggers = triggers
        self._response_urls = response_urls
        self._state: dict[tuple[str, str, str], Json] = {}
        self.base_url = ""

    def say(
        self,
        person: str,
        channel: str,
        text: str,
        thread_ts: str | None = None,
        subtype: str | None = None,
    ) -> Json:
        """Write a plain message, or a reply in a thread. Raises ApiError for a wrong place.

        `subtype` as in https://docs.slack.dev/reference/events/message#subtypes.
        """
        if channel not in CHANNELS:
            raise ApiError("channel_not_found")
        if thread_ts is not None and self._messages.find(channel, thread_ts) is None:
            raise ApiError("thread_not_found")
        content: Json = {"text": received(text), "blocks": [rich_text(text)]}
        if subtype is not None:
            content["subtype"] = subtype
        if subtype == "file_share":
            content["files"] = [
                {"id": new_id("F"), "name": "screenshot.png", "mimetype": "image/png"}
            ]
        return self._messages.post(channel, person, content, thread_ts)

    async def command(self, person: str, channel: str, text: str) -> CommandResult:
        """Type a slash command, `text` being the whole line."""
        name, _, rest = text.partition(" ")
        declared = self._commands.get(name)
        if declared is None:
            self._notice(person, f"{name} is not a valid command.")
            return CommandResult(False, "unknown_command")
        typed = received(rest.strip()) if declared.should_escape else rest.strip()
        origin = Origin(person, channel)
        body = payloads.command(person, channel, name, typed) | self._tickets(origin)
        ack = await self._delivery.ask(Payload("slash_commands", body))
        error = ack.error or self._answer(origin, ack)
        if error is not None:
            self._notice(person, f'{name} failed with the error "{error}"')
        return CommandResult(error is None, error, ack.payload)

    async def click(self, person: str, channel: str, ts: str, click: Click) -> ClickResult:
        """Use an element of a message that is on that person's screen now.

        Raises NoSuchElement if there is no such message, element or option.
        """
        message = self._messages.on_screen(person, channel, ts)
        if message is None:
            raise NoSuchElement(f"{person} sees no message {ts} in {channel}")
        return await self.click_on(person, message, click)

    async def click_on(self, person: str, message: Json, click: Click) -> ClickResult:
        """As `click`, on a card as it was: the screen of a person that has not caught up."""
        channel = message["channel"]
        blocks = blocks_of(message)
        block, element = find(blocks, click.action_id, click.block_id, click.value)
        choice = chosen(element, click.value, click.selected_option)
        use = Use(block["block_id"], element, choice, self._timestamps.next())
        state = self._remember(person, message, blocks, use)
        origin = Origin(person, channel, message["ts"], message.get("thread_ts"))
        body = payloads.message_action(person, channel, message, use, state)
        ack = await self._delivery.ask(Payload("interactive", body | self._tickets(origin)))
        if ack.error is not None:
            self._notice(person, f"agw did not take the click ({ack.error}). Try again.")
        return ClickResult(ack.error is None, ack.error)

    async def suggest(
        self, person: str, channel: str, ts: str, action_id: str, typed: str
    ) -> list[Json]:
        """Type into a menu that is searched; the options that the app answers with, none if it does not."""
        message = self._messages.on_screen(person, channel, ts)
        if message is None:
            raise NoSuchElement(f"{person} sees no message {ts} in {channel}")
        block, element = find(blocks_of(message), action_id, None, None)
        body = payloads.suggestion(person, channel, message, element, block, typed)
        ack = await self._delivery.ask(Payload("interactive", body))
        options = (ack.payload or {}).get("options")
        return options if isinstance(options, list) else []

    async def shortcut(
        self, person: str, callback_id: str, message: Json | None = None
    ) -> ClickResult:
        """Use a shortcut of the app: a global one, or one from the menu of a message."""
        action_ts = self._timestamps.next()
        if message is None:
            body = payloads.shortcut(person, callback_id, action_ts)
            body["trigger_id"] = self._triggers.issue(person)
        else:
            origin = Origin(person, message["channel"], message["ts"])
            body = payloads.message_shortcut(person, callback_id, message, action_ts)
            body |= self._tickets(origin)
        ack = await self._delivery.ask(Payload("interactive", body))
        if ack.error is not None:
            self._notice(person, f"agw did not respond ({ack.error}). Try again.")
        return ClickResult(ack.error is None, ack.error)

    def _answer(self, origin: Origin, ack: Ack) -> str | None:
        """Post what the acknowledgement of a command carries; the error if Slack refuses it."""
        if not ack.payload:
            return None
        try:
            respond(self._messages, origin, ack.payload)
        except ApiError as refusal:
            return refusal.code
        return None

    def _remember(self, person: str, message: Json, blocks: list[Json], use: Use) -> Json:
        """The state of the message's menus for that person, with this choice in it."""
        key = (person, message["channel"], message["ts"])
        state = payloads.initial_state(blocks)
        for block_id, values in self._state.get(key, {}).items():
            if block_id in state:
                state[block_id] |= values
        if use.element["type"] in VALUE_KEYS and use.element["type"] != "overflow":
            value = {"type": use.element["type"]} | use.chosen
            state[use.block_id][use.element["action_id"]] = value
        self._state[key] = state
        return state

    def _tickets(self, origin: Origin) -> Json:
        """The permissions that come with an act: to open a modal, and to answer."""
        return {
            "trigger_id": self._triggers.issue(origin.person),
            "response_url": f"{self.base_url}response/{self._response_urls.issue(origin)}",
        }

    def _notice(self, person: str, text: str) -> None:
        self._changes.publish({"type": "notice", "text": text}, only_for=person)
