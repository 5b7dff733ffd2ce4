"""From the press of a button to the end of a change. The store decides who was first; this module shows it."""

import asyncio
import logging
from weakref import WeakValueDictionary

from bot.core.changes.change import Card, Change, Person
from bot.core.problem import Problem
from bot.workflow import Granted, Refused, Step, Watch
from handlers.blocks.card_state import card_state
from handlers.blocks.kit import note
from handlers.blocks.outcome import announcement
from handlers.blocks.text import moment, outside, user
from handlers.interactions import Interaction
from handlers.shell import Shell

log = logging.getLogger(__name__)

MOST_RETRIES = 60
NOTHING = "I no longer have what this button belongs to. Diagnose again."
NOTHING_OPEN = "There is nothing left to reject."


class Changing:
    """Approves, rejects and undoes; carries changes out and keeps their cards up to date."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        # Holds a lock only while somebody holds it or waits for it.
        self._undoing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def approve(self, act: Interaction, change_id: str) -> None:
        """Approve an offer, if this person may and it is still open."""
        if not await self._may(act, change_id, "approve"):
            return
        change = await self._shell.workflow.store.change(change_id)
        rival = await self._rival(change) if change is not None else None
        if change is not None and rival is not None:
            await self._refuse(act, _taken(rival), change.card)
            return
        await self._approve(act, change_id)

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
            await self._tell(act, _because(refused[0]) if refused else NOTHING_OPEN)
        await self._shell.cards.show(incident)

    async def cancel(self, act: Interaction, change_id: str) -> None:
        """Stop an approved change, as long as nothing was sent to Azure."""
        if not await self._may(act, change_id, "cancel"):
            return
        match await self._shell.workflow.cancel(change_id, act.person):
            case Granted(change):
                await self._shell.cards.refresh(change.card)
            case Refused() as refused:
                await self._refuse(act, refused, refused.change.card if refused.change else Card())

    async def undo(self, act: Interaction, change_id: str) -> None:
        """Undo a change: one press offers and approves the undo, unless a second person is required."""
        if not await self._may(act, change_id, "undo"):
            return
        done = await self._shell.workflow.store.change(change_id)
        if done is None:
            await self._tell(act, NOTHING)
            return
        # However many people press at once, there is one offer, and it is approved once.
        async with self._undoing.setdefault(change_id, asyncio.Lock()):
            offer = await self._open_undo(done) or await self._shell.workflow.offer_undo(
                change_id, act.person, done.card
            )
            if isinstance(offer, Refused):
                await self._refuse(act, offer, done.card)
            else:
                await self._approve(act, offer.id)

    async def _open_undo(self, done: Change) -> Change | None:
        """The offer to undo this change that somebody has already made."""
        offers = await self._shell.workflow.store.changes(done.plan.gateway_id)
        now = self._shell.clock()
        live = (it for it in offers if it.undoes == done.id and it.state == "offered")
        return next((it for it in live if now <= it.expires), None)

    async def resume(self) -> None:
        """Resume the changes that a restart interrupted."""
        for change in await self._shell.workflow.unfinished():
            log.info("resuming change %s (%s)", change.id, change.state)
            self._begin(change)

    async def sweep(self) -> None:
        """Close expired offers, and update their cards."""
        places = {it.card for it in await self._shell.workflow.expire()}
        for place in places:
            await self._shell.cards.refresh(place)

    async def _approve(self, act: Interaction, change_id: str) -> None:
        match await self._shell.workflow.approve(change_id, act.person):
            case Granted(change):
                self._begin(change)
            case Refused() as refused:
                place = refused.change.card if refused.change else Card()
                await self._refuse(act, refused, place)

    def _begin(self, change: Change) -> None:
        async def failed(sentence: str) -> None:
            trouble = f"{sentence} The change is stored; I will resume it when I am started again."
            await self._shell.cards.refresh(change.card, trouble=trouble)
            await self._shell.cards.reply(change.card, note(f":warning: {outside(trouble, 900)}"))

        async def work() -> None:
            await self._carry_out(change)

        self._shell.jobs.start(
            f"change:{change.id}",
            work,
            failed,
            kind="change",
            gateway=change.plan.gateway_id,
        )

    async def _carry_out(self, change: Change) -> None:
        cards = self._shell.cards

        async def show(steps: tuple[Step, ...]) -> None:
            await cards.refresh(change.card, steps)

        await show(())
        async with cards.progress(show) as watch:
            ended = await self._to_the_end(change, watch)
        await cards.refresh(ended.card)
        if ended.card.channel:
            await cards.reply(ended.card, announcement(ended))
        left = {it.card for it in await self._shell.workflow.left_behind(ended)}
        for place in left - {ended.card}:
            await cards.refresh(place)

    async def _to_the_end(self, change: Change, watch: Watch) -> Change:
        """Azure may be unreachable for a while; the change is stored, so it can simply be resumed."""
        for _ in range(MOST_RETRIES):
            try:
                return await self._shell.workflow.carry_out(change.id, watch)
            except Problem as problem:
                pause = self._shell.settings.retry
                watch(Step("pause", f"{problem} Trying again in {pause:.0f} s", "running"))
                await asyncio.sleep(pause)
        return await self._shell.workflow.carry_out(change.id, watch)

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

    async def _refuse(self, act: Interaction, refused: Refused, place: Card) -> None:
        await self._tell(act, _because(refused))
        if refused.change is not None and refused.change.state == "expired":
            # Whatever was offered with it has expired too.
            await self.sweep()
        await self._shell.cards.refresh(place)

    async def _tell(self, act: Interaction, text: str) -> None:
        await self._shell.slack.tell(act, note(text))


def _taken(rival: Change) -> Refused:
    return Refused(
        "Another option of this card has already been approved.",
        rival,
        rival.approved_by,
        rival.decided,
    )


def _because(refused: Refused) -> str:
    """The reason, with who decided and when, if somebody did."""
    who = _who(refused.by)
    when = moment(refused.at) if refused.at else ""
    decided = " ".join(filter(None, (who, when)))
    return outside(refused.reason, 900) + (f" ({decided})" if decided else "")


def _who(person: Person | None) -> str:
    return f"by {user(person)}" if person else ""
