"""Why a press did not count, for the person who pressed."""

from bot.core.changes.change import Person
from bot.workflow.decision import Refused
from handlers.blocks.text import moment, outside, user


def because(refused: Refused) -> str:
    """The reason, with who decided and when, if somebody did."""
    who = _who(refused.by)
    when = moment(refused.at) if refused.at else ""
    decided = " ".join(filter(None, (who, when)))
    return outside(refused.reason, 900) + (f" ({decided})" if decided else "")


def _who(person: Person | None) -> str:
    return f"by {user(person)}" if person else ""
