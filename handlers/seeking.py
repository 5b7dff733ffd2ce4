"""Asking the approvers on behalf of somebody who may not approve."""

from bot.core.changes.change import Sought
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
        if change.state != "offered" or shell.clock() > change.expires:
            return False
        if change.sought is not None:
            where = f"<#{change.sought.channel}>"
            await shell.tell(act, note(f"The approvers have been asked for this in {where}."))
            return True
        # Noted before it is said: whatever is decided from here on is answered.
        await store.note(change_id, sought=Sought(act.person, channel))
        await shell.record(
            "approval_sought", act, change.plan.gateway_id, of=change_id, channel=channel
        )
        await shell.outbox.say(
            Word(f"{change_id}:request", request_place(change), "request", change_id)
        )
        text = f"You may not approve that. I ask the approvers in <#{channel}>, and answer in the card's thread."
        await shell.tell(act, note(text))
        return True
