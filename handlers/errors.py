"""Errors in a listener: the person gets a reference, the log has the trace under the same reference."""

from slack_bolt.context.async_context import AsyncBoltContext

from bot.core.arm.document import Json
from bot.core.problem import Problem
from bot.jobs import explain
from handlers.blocks.kit import note
from handlers.interactions import of_command, of_event, of_interaction
from handlers.people import LET_IN
from handlers.slack import Slack


class Errors:
    """Bolt's error handler, for what fails before a job starts; jobs explain their own failures."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    async def handle(self, error: Exception, body: Json, context: AsyncBoltContext) -> None:
        """Tell the person who triggered it, if that is one of ours; nobody else is ever answered."""
        sentence = explain(error, "a listener")
        if not context.get(LET_IN):
            return
        try:
            read = (
                of_command if "command" in body else of_event if "event" in body else of_interaction
            )
            await self._slack.tell(read(body), note(f":warning: {sentence}"))
        except (Problem, LookupError, TypeError, AttributeError):
            # Nobody to tell, or no way to tell them: the log has it.
            return
