"""The buttons that decide. The store decides who was first; this module asks who may, and answers who pressed."""

import asyncio
from weakref import WeakValueDictionary

from bot.core.changes.change import Card, Change
from bot.workflow import Granted, Refused
from bot.workflow.holding import holding
from handlers.blocks.card_state import card_state
from handlers.blocks.kit import note
from handlers.blocks.modals import approval_view
from handlers.blocks.refusal import because
from handlers.carrying_out import CarryingOut
from handlers.interactions import Interaction
from handlers.seeking import Seeking
from handlers.shell import Shell

NOTHING = "I no longer have what this button belongs to. Diagnose again."
UNDO_ASKED = "Somebody else has just asked to undo this. The card shows what comes of it."
NOTHING_OPEN = "There is nothing left to reject."


class Changing:
    """Approves, rejects, withdraws, cancels and undoes."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._carrying_out = CarryingOut(shell)
        self._seeking = Seeking(shell)
        # Holds a lock only while somebody holds it or waits for it.
        self._undoing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def ask(self, act: Interaction, change_id: str) -> None:
        """Show an offer in full to who may approve it: only the submission of that modal approves it.

        For who may not, or may not approve what they asked for themselves, the approvers are asked, if they have a
        channel for that.
        """
        objection = await self._shell.people.objection(act.person)
        if objection is not None:
            if not await self._seeking.seek(act, change_id):
                await self._turned_down(act, change_id, "approve", objection)
            return
        if await self._taken(act, change_id):
            return
        offer = await self._shell.workflow.open_offer(change_id, act.person)
        if isinstance(offer, Refused):
            if not offer.others_may or not await self._seeking.seek(act, change_id):
                await self._refuse(act, offer)
            return
        incident = await self._shell.workflow.store.incident(offer.card.incident)
        await self._shell.slack.open(act, approval_view(offer, incident))

    async def approve(self, act: Interaction, change_id: str, reason: str = "") -> None:
        """Approve an offer, if this person may and it is still open."""
        may = await self._may(act, change_id, "approve")
        if may and not await self._taken(act, change_id):
            await self._approve(act, change_id, reason)

    async def _taken(self, act: Interaction, change_id: str) -> bool:
        """Whether another option of its card was approved before; then they are told so."""
        change = await self._shell.workflow.store.change(change_id)
        rival = await self._rival(change) if change is not None else None
        if rival is None:
            return False
        await self._refuse(act, _other_chosen(rival))
        return True

    async def reject(self, act: Interaction, incident_id: str) -> None:
        """Reject every open offer on a card; who may not do that may still withdraw what they asked for."""
        incident = await self._shell.workflow.store.incident(incident_id)
        if incident is None:
            await self._tell(act, NOTHING)
            return
        changes = await self._shell.cards.changes(incident)
        offers = [it for it in changes if it.state == "offered"]
        close = self._shell.workflow.reject
        own = [it for it in offers if it.requested_by.user == act.person.user]
        objection = await self._shell.people.objection(act.person)
        if objection is not None:
            if not own and (offers or act.person.user != incident.asked_by.user):
                await self._turned_down(act, incident_id, "reject", objection)
                return
            offers, close = own, self._shell.workflow.withdraw
        decisions = [await close(it.id, act.person) for it in offers]
        if not any(isinstance(it, Granted) for it in decisions):
            refused = [it for it in decisions if isinstance(it, Refused)]
            await self._tell(act, because(refused[0]) if refused else NOTHING_OPEN)
        await self._shell.outbox.refresh(incident.id)

    async def cancel(self, act: Interaction, change_id: str) -> None:
        """Stop an approved change, as long as nothing was sent to Azure."""
        if not await self._may(act, change_id, "cancel"):
            return
        match await self._shell.workflow.cancel(change_id, act.person):
            case Granted(change):
                await self._shell.outbox.refresh(change.card.incident)
            case Refused() as refused:
                await self._refuse(act, refused)

    async def undo(self, act: Interaction, change_id: str) -> None:
        """Undo a change: one press offers and approves the undo, unless a second person is required."""
        if not await self._may(act, change_id, "undo"):
            return
        done = await self._shell.workflow.store.change(change_id)
        if done is None:
            await self._tell(act, NOTHING)
            return
        # However many people press at once, there is one offer, and it is approved once.
        workflow = self._shell.workflow
        alone = holding(workflow.store, f"undo:{change_id}", workflow.life)
        async with self._undoing.setdefault(change_id, asyncio.Lock()), alone as held:
            if held is None:
                await self._tell(act, UNDO_ASKED)
                return
            offer = await self._open_undo(done) or await workflow.offer_undo(
                change_id, act.person, done.card
            )
            if isinstance(offer, Refused):
                await self._refuse(act, offer, done.card)
            else:
                await self._approve(act, offer.id)

    async def _open_undo(self, done: Change) -> Change | None:
        """The offer to undo this change that somebody has already made."""
        offers = await self._shell.workflow.store.open_changes(done.plan.gateway_id)
        now = self._shell.clock()
        live = (it for it in offers if it.undoes == done.id and it.state == "offered")
        return next((it for it in live if now <= it.expires), None)

    async def _approve(self, act: Interaction, change_id: str, reason: str = "") -> None:
        match await self._shell.workflow.approve(change_id, act.person, reason):
            case Granted(change):
                self._carrying_out.begin(change)
            case Refused() as refused:
                await self._refuse(act, refused)

    async def _may(self, act: Interaction, value: str, action: str) -> bool:
        objection = await self._shell.people.objection(act.person)
        if objection is None:
            return True
        await self._turned_down(act, value, action, objection)
        return False

    async def _turned_down(self, act: Interaction, value: str, action: str, objection: str) -> None:
        change = await self._shell.workflow.store.change(value)
        gateway = change.plan.gateway_id if change is not None else ""
        await self._shell.record(
            "refused", act, gateway, wanted=action, of=value, because=objection
        )
        await self._tell(act, objection)

    async def _rival(self, change: Change) -> Change | None:
        """Another option of the same card, approved before this one."""
        incident = await self._shell.workflow.store.incident(change.card.incident)
        if incident is None or change.undoes is not None:
            return None
        chosen = card_state(await self._shell.cards.changes(incident)).chosen
        return chosen if chosen is not None and chosen.id != change.id else None

    async def _refuse(self, act: Interaction, refused: Refused, place: Card | None = None) -> None:
        """Say why, and bring the card in line: that of what it refers to, unless another is named."""
        await self._tell(act, because(refused))
        if refused.change is not None and refused.change.state == "expired":
            # Whatever was offered with it has expired too.
            await self._carrying_out.sweep()
        place = place or (refused.change.card if refused.change else Card())
        await self._shell.outbox.refresh(place.incident)

    async def _tell(self, act: Interaction, text: str) -> None:
        await self._shell.tell(act, note(text))


def _other_chosen(rival: Change) -> Refused:
    return Refused(
        "Another option of this card has already been approved.",
        rival,
        rival.approved_by,
        rival.decided,
    )
