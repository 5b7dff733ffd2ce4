"""`/agw ...` and `@agw ...`: one grammar, one table of answers."""

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.core.arm.document import Json
from handlers.blocks import help as helps
from handlers.blocks.kit import Message, note
from handlers.blocks.text import code
from handlers.choosing import Choosing
from handlers.command_model import (
    Command,
    Diagnose,
    Help,
    History,
    List,
    Status,
    Usage,
    Version,
    Which,
)
from handlers.details import Details
from handlers.diagnosing import Diagnosing
from handlers.hearing.reading import read
from handlers.interactions import Interaction, of_command
from handlers.parse import parse
from handlers.shell import Shell


class Commands:
    """Carries out typed commands."""

    def __init__(self, shell: Shell, diagnosing: Diagnosing, details: Details) -> None:
        self._shell = shell
        self._diagnosing = diagnosing
        self._details = details
        self._choosing = Choosing(shell, diagnosing)

    async def agw(self, ack: AsyncAck, body: Json) -> None:
        """The slash command `/agw`."""
        await ack()
        await self.hand_over(of_command(body), await read(parse, body.get("text") or ""))

    async def hand_over(self, act: Interaction, command: Command) -> None:
        """A parsed command, typed after `/agw` or in a mention."""
        await self._shell.hand_over(act, lambda: self._do(act, command))

    async def _do(self, act: Interaction, command: Command) -> None:
        match command:
            case Diagnose() as wanted:
                await self._diagnosing.by_name(act, wanted)
            case Which():
                await self._choosing.which(act)
            case List(part):
                await self._choosing.list_all(act, part)
            case Status(target):
                await self._details.status(act, target)
            case History(target):
                await self._details.history(act, target)
            case Help():
                await self._tell(act, helps.help_text(self._shell.people.approvers))
            case Version():
                await self._tell(act, note(f"agw {code(self._shell.settings.version)}"))
            case Usage(said, meant):
                await self._tell(act, helps.usage(said, meant))

    async def _tell(self, act: Interaction, message: Message) -> None:
        await self._shell.tell(act, message)
