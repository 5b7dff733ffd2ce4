"""Asking the approvers on behalf of somebody who may not approve."""

from collections.abc import Mapping
from functools import partial

from bot.core.changes.change import Change, Sought
from bot.core.changes.word import Word
from bot.core.changes.words import request_place
from handlers.blocks.kit import note
from handlers.interactions import Interaction
from handlers.shell import Shell


class Seeking:
    """One request for each offer, however many people press its button."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    async def seek(self, act: Interaction, change_id: str) -> bool:
        """Ask for an approval, and tell the person so; False if there is nobody or nothing to ask for."""
        shell = self._shell
        channel, store = shell.settings.approval_channel, shell.workflow.store
        change = await store.change(change_id)
        if not channel or not shell.people.approvers or change is None:
            return False
        if shell.clock() > change.expires:
            return False
        # Whoever is first asks, and whatever is decided from here on is answered.
        line = shell.entry(
            "approval_sought", act, change.plan.gateway_id, of=change_id, channel=channel
        )
        word = Word(f"{change_id}:request", request_place(change), "request", change_id)
        first = await store.amend(
            change_id, partial(_first, Sought(act.person, channel)), entries=(line,), words=(word,)
        )
        if first is None:
            return await self._too_late(act, change_id)
        shell.outbox.nudge()
        text = f"You may not approve that. I ask the approvers in <#{channel}>, and answer in the card's thread."
        await shell.tell(act, note(text))
        return True

    async def _too_late(self, act: Interaction, change_id: str) -> bool:
        """Somebody else has asked already; False if it was decided meanwhile."""
        change = await self._shell.workflow.store.change(change_id)
        if change is None or change.sought is None or change.state != "offered":
            return False
        where = f"<#{change.sought.channel}>"
        await self._shell.tell(act, note(f"The approvers have been asked for this in {where}."))
        return True


def _first(sought: Sought, change: Change) -> Mapping[str, Sought] | None:
    open_yet = change.state == "offered" and change.sought is None
    return {"sought": sought} if open_yet else None
