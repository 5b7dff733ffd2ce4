"""The message shortcut "Diagnose gateway"."""

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.core.arm.document import Json
from handlers.blocks import help as helps
from handlers.diagnosing import Diagnosing
from handlers.hearing.alert import named, shown
from handlers.hearing.reading import read
from handlers.hearing.report import mentioned
from handlers.interactions import Interaction, of_interaction
from handlers.shell import Shell


class Shortcuts:
    """Finds the gateway that a message is about."""

    def __init__(self, shell: Shell, diagnosing: Diagnosing) -> None:
        self._shell = shell
        self._diagnosing = diagnosing

    async def diagnose(self, ack: AsyncAck, body: Json) -> None:
        """Needs no permission to read the channel: Slack sends the message along."""
        await ack()
        act = of_interaction(body)
        names = await names_in(body.get("message") or {})
        await self._shell.hand_over(act, lambda: self._do(act, names))

    async def _do(self, act: Interaction, names: tuple[str, ...]) -> None:
        if names:
            await self._diagnosing.by_any(act, names)
        else:
            await self._shell.tell(act, helps.no_name())


async def names_in(message: Json) -> tuple[str, ...]:
    """What may be a gateway in a message: in its text, or else in all that it shows.

    Monitors leave the text empty, or write a summary there and the resource in an attachment or in blocks.
    """
    typed = await read(mentioned, str(message.get("text") or ""))
    if typed and not message.get("bot_id"):
        return typed
    return tuple(dict.fromkeys((*await read(named, shown(message)), *typed)))
