"""What people do in the workspace, as tests and scenarios ask for it."""

from typing import Any

from bot.lab.slack.interactions import Click
from bot.lab.slack.values import ClickResult, CommandResult, ViewResult
from bot.lab.slack.workspace import Workspace
from bot.lab.values import Json


class Acts:
    """What Ada and Ben can do. Every method names the person who does it."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def post(
        self,
        person_id: str,
        channel: str,
        text: str,
        thread_ts: str | None = None,
        subtype: str | None = None,
    ) -> Json:
        """Type a message (never a command) and return it as it is in the channel.

        `subtype` is `file_share` (with a screenshot), `thread_broadcast` or `me_message`.
        """
        return self._workspace.interactions.say(person_id, channel, text, thread_ts, subtype)

    async def command(self, person_id: str, channel: str, text: str) -> CommandResult:
        """Type a slash command; returns when the app acknowledged it, or failed to."""
        return await self._workspace.interactions.command(person_id, channel, text)

    async def click(
        self,
        person_id: str,
        channel: str,
        ts: str,
        action_id: str,
        *,
        block_id: str | None = None,
        value: Any = None,
        selected_option: Any = None,
        force: bool = False,
        message: Json | None = None,
    ) -> ClickResult:
        """Use a button or menu; returns when the app acknowledged it, or failed to.

        Raises NoSuchElement unless it is on that person's screen now. `force` clicks on `message`,
        an older state of a card, as on a screen that has not caught up.
        """
        click = Click(action_id, block_id, value, selected_option)
        if force != (message is not None):
            raise ValueError("a forced click needs the stale message, and only a forced one")
        if message is not None:
            return await self._workspace.interactions.click_on(person_id, message, click)
        return await self._workspace.interactions.click(person_id, channel, ts, click)

    async def suggest(
        self, person_id: str, channel: str, ts: str, action_id: str, typed: str = ""
    ) -> list[Json]:
        """Type into a menu that is searched; the options that are shown then."""
        return await self._workspace.interactions.suggest(person_id, channel, ts, action_id, typed)

    async def click_in_view(
        self,
        person_id: str,
        view_id: str,
        action_id: str,
        *,
        block_id: str | None = None,
        value: Any = None,
        selected_option: Any = None,
    ) -> ClickResult:
        """Use an element of an open modal or of the Home tab."""
        click = Click(action_id, block_id, value, selected_option)
        return await self._workspace.modals.click(person_id, view_id, click)

    async def shortcut(
        self, person_id: str, callback_id: str, channel: str | None = None, ts: str | None = None
    ) -> ClickResult:
        """Use a global shortcut, or with a message the shortcut from its menu."""
        message = None
        if channel is not None and ts is not None:
            message = self._workspace.messages.get(channel, ts)
        return await self._workspace.interactions.shortcut(person_id, callback_id, message)

    def open_home(self, person_id: str) -> None:
        """Open the app's Home tab; what it shows is what the app publishes."""
        self._workspace.events.home_opened(person_id)

    def give_file(self, person_id: str, name: str, content: bytes) -> Json:
        """Choose a file in a modal; the file object belongs into its submission."""
        files = self._workspace.files
        return files.json(files.give(person_id, name, content))

    async def submit_view(self, person_id: str, view_id: str, values: Json) -> ViewResult:
        """Fill in a modal and press its submit button."""
        return await self._workspace.modals.submit(person_id, view_id, values)

    async def close_view(self, person_id: str, view_id: str) -> None:
        """Close a modal without submitting it."""
        await self._workspace.modals.close(person_id, view_id)
