"""What a listener could not do: a reference for the person, the trace in the log under the same reference."""

from bot.core.problem import Problem
from bot.jobs import explain
from handlers.blocks.kit import note
from handlers.interactions import Json, of_command, of_event, of_interaction
from handlers.slack import Slack


class Errors:
    """Bolt's one error handler: jobs explain their own failures, this is for the little before them."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    async def handle(self, error: Exception, body: Json) -> None:
        """Tell whoever did it, if that can be told apart."""
        sentence = explain(error, "a listener")
        try:
            read = (
                of_command if "command" in body else of_event if "event" in body else of_interaction
            )
            await self._slack.tell(read(body), note(f":warning: {sentence}"))
        except (Problem, KeyError, TypeError):
            # Nobody to tell, or no way to: the log has it.
            return
