"""Mentions anywhere, and plain reports in the channels that were chosen for them."""

from handlers.acts import Json, of_event
from handlers.commands import Commands
from handlers.parse import parse, report
from handlers.shell import Shell


class Messages:
    """Hears what is written. Slack announces a mention twice, as itself and as a message; one of them counts."""

    def __init__(self, shell: Shell, commands: Commands) -> None:
        self._shell = shell
        self._commands = commands

    async def mention(self, body: Json) -> None:
        """`@agw diagnose agw-prod`, in a channel or in a thread."""
        if _by_a_person(body["event"]):
            await self._commands.hand_over(of_event(body), parse(body["event"]["text"]))

    async def message(self, body: Json) -> None:
        """ "502 from gateway agw-prod" in a report channel; anything else is none of the bot's business."""
        event = body["event"]
        if event["channel"] not in self._shell.settings.report_channels or not _by_a_person(event):
            return
        reported = report(event["text"])
        if reported is not None:
            await self._commands.hand_over(of_event(body), reported)


def _by_a_person(event: Json) -> bool:
    """Not by a bot, and new: edits, deletions, joins and the like carry a subtype."""
    return not event.get("bot_id") and "subtype" not in event and bool(event.get("text"))
