"""AGW_RATE: how many diagnoses one person, or one monitor, may have begun within a while."""

from datetime import timedelta

from bot.core.changes.change import Person
from handlers.blocks.text import count
from handlers.shell import Shell

_MINUTE = timedelta(minutes=1)


async def over_rate(shell: Shell, person: Person) -> str | None:
    """Why nothing is diagnosed for this person now; None if it may be, which counts as one diagnosis.

    Each of the diagnoses allowed is a lease that nobody lets go: it is free again when its time is over, and all
    replicas share it.
    """
    if shell.settings.rate is None:
        return None
    most, within = shell.settings.rate
    for number in range(most):
        # By the id alone: Slack may name one person's workspace in two ways, as itself and as its org.
        key = f"rate:{person.user}:{number}"
        if await shell.workflow.store.take(key, person.user, within.total_seconds()):
            return None
    minutes = count(round(within / _MINUTE), "minute")
    return f"No more than {most} within {minutes}: `AGW_RATE` allows one person or monitor no further diagnosis now."
