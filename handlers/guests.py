"""Who of a workspace may drive the bot at all: its members, and guests only where the operator says so.

Guests are people of other companies as a rule: they see the channels they were let into, but what the bot shows of a
gateway, and its buttons, are not meant for them.
"""

import logging

from bot.core.arm.document import flag_of, mapping_of
from bot.core.changes.change import Person
from bot.core.problem import Problem
from handlers.directory import Directory
from handlers.membership import is_of
from handlers.slack import Slack

log = logging.getLogger(__name__)

GUEST = "Guests of this workspace cannot use me. Ask a member of it."
GONE = "This account cannot use me: it is deactivated, or belongs to another workspace."
UNKNOWN = (
    "I could not ask Slack whether you are a guest, so I cannot do that for you ({code})."
    " Try again; if it stays so, the app lacks the scope users:read: reinstall it with its current manifest."
)


class Guests:
    """Asks Slack each time: somebody may have become a guest, or left, a moment ago."""

    def __init__(self, slack: Slack, directory: Directory, *, allowed: bool) -> None:
        self._slack = slack
        self._directory = directory
        self._allowed = allowed

    async def objection(self, person: Person) -> str | None:
        """Why this person may not use the bot at all; None if they may. When in doubt the answer is no.

        The flags: https://docs.slack.dev/reference/objects/user-object. `is_stranger` are people of other workspaces
        whom no shared channel shows; whom one shows is told by their workspace.
        """
        try:
            shown = mapping_of(await self._slack.user(person.user))
            ours = is_of(shown, await self._directory.installation())
        except Problem as problem:
            # An operator who lets guests in does not need the answer.
            if self._allowed:
                return None
            log.warning("who %s is: %s", person.user, problem)
            return UNKNOWN.format(code=problem.code)
        if not ours or flag_of(shown.get("deleted")) or flag_of(shown.get("is_stranger")):
            return GONE
        if self._allowed or flag_of(shown.get("is_bot")):
            return None
        # Single-channel guests are both. Only a clear no is one.
        known = [flag_of(shown.get(it)) for it in ("is_restricted", "is_ultra_restricted")]
        return None if known == [False, False] else GUEST
