"""Offering a change, and what happens when a button is pressed, before anything is written."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.aside import aside
from bot.core.arm import edit
from bot.core.arm.edit import Conflict
from bot.core.arm.gateway_reader import read_gateway
from bot.core.arm.provisioning import is_busy
from bot.core.changes.change import ACTIVE, CHANGED, Card, Change, Person
from bot.core.changes.limits import frozen_words
from bot.core.changes.plan import Plan
from bot.core.changes.plan_text import plan_text
from bot.core.changes.planning import undo_plan
from bot.core.changes.remark_text import in_words, remark
from bot.core.changes.words import words_of
from bot.workflow.decision import Decision, Granted, Refused
from bot.workflow.foreseeing import refusal
from bot.workflow.journal import Journal
from bot.workflow.offers import Offers
from bot.workflow.policy import Policy
from bot.workflow.ports import Azure, Store
from bot.workflow.preflight import state_objection

GRACE = timedelta(minutes=2)
"""How long whoever carries a change out is left to close it."""

MOST_EXPIRED = 200
"""How many expired offers are closed at a time; the rest has its turn soon after."""


class Decider:
    """Offers, rejections, approvals. Each is a compare-and-set in the store, so a double press does nothing."""

    def __init__(
        self,
        azure: Azure,
        store: Store,
        journal: Journal,
        offers: Offers,
        policy: Policy,
        clock: Callable[[], datetime],
    ) -> None:
        self._azure = azure
        self._store = store
        self._policy = policy
        self._clock = clock
        self._journal = journal
        self._offers = offers

    async def offer(
        self, plan: Plan, person: Person, card: Card, undoes: str | None = None
    ) -> Change:
        """Store a plan as an offer that can be approved until it expires."""
        now = self._clock()
        change = Change(
            id=secrets.token_urlsafe(12),
            plan=plan,
            state="offered",
            requested_by=person,
            created=now,
            expires=now + self._policy.approval_ttl,
            card=card,
            undoes=undoes,
            shown=plan_text(plan),
        )
        line = self._journal.entry(
            "offered", change, person, digest=plan.digest, shown=change.shown
        )
        # The offers of a diagnosis are on its card with it; an undo is offered on a card that stands.
        words = words_of(change) if undoes else ()
        await self._store.add_change(change, entries=(line,), words=words)
        return change

    async def reject(self, change_id: str, person: Person) -> Decision:
        """Reject the offer for everybody."""
        offer = await self._store.change(change_id)
        if offer is None:
            return await self._too_late(change_id)
        rejected = await self._offers.move(
            offer, "rejected", "rejected", person, approved_by=person
        )
        return Granted(rejected) if rejected is not None else await self._too_late(change_id)

    async def open_offer(self, change_id: str, person: Person) -> Change | Refused:
        """The offer, if this person may approve it now; asking approves nothing, and a refusal is recorded."""
        change = await self._store.change(change_id)
        if change is None or change.state != "offered":
            return await self._too_late(change_id)
        refusal = self.objection(change, person)
        if refusal is not None:
            await self._journal.write("refused", change, person, because=refusal.reason)
            return refusal
        if self._clock() > change.expires:
            await self._offers.move(change, "expired")
            return await self._too_late(change_id)
        return change

    async def approve(self, change_id: str, person: Person, reason: str = "") -> Decision:
        """Approve the offer: at most one press overall gets `Granted`. The `reason` is kept."""
        change = await self.open_offer(change_id, person)
        if isinstance(change, Refused):
            return change
        details = {"digest": change.plan.digest, **({"reason": reason} if reason else {})}
        approved = await self._offers.move(
            change, "approved", "approved", person, details, approved_by=person, reason=reason
        )
        return Granted(approved) if approved is not None else await self._too_late(change_id)

    async def cancel(self, change_id: str, person: Person) -> Decision:
        """Close an approved change before anything of it is sent; whoever carries it out stops at its next step."""
        change = await self._store.change(change_id)
        cancelled = change and await self._store.advance(
            change_id,
            "approved",
            "refused",
            entries=(self._journal.entry("cancelled", change, person),),
            words=words_of,
            closed_by=person,
            remarks=(remark("cancelled"),),
        )
        if cancelled is None:
            return await self._past_cancelling(change_id)
        return Granted(cancelled)

    async def offer_undo(self, change_id: str, person: Person, card: Card) -> Change | Refused:
        """A new offer that undoes a finished change, if what that change wrote is still unchanged.

        Raises:
            Problem: the gateway could not be read.
        """
        done = await self._store.change(change_id)
        if done is None or done.state not in CHANGED:
            return Refused("This change cannot be undone: it is not in effect.", done)
        if done.undone_by is not None:
            undoing = await self._store.change(done.undone_by)
            if undoing is not None and undoing.state in ACTIVE | CHANGED:
                return Refused(
                    "This change is being undone, or has already been undone.",
                    undoing,
                    undoing.approved_by,
                )
        document = await self._azure.read(done.plan.gateway_id)
        objection = state_objection(await aside(read_gateway, document, {}))
        if objection is not None and not is_busy(document):
            return Refused(f"Not undone. {in_words(objection)}", done)
        try:
            plan = await aside(undo_plan, done.plan, document, done.before)
            planned = await aside(edit.apply, plan.edits, document)
        except Conflict as drift:
            await self._journal.write("undo_refused", done, person, because=str(drift))
            return Refused(
                f"Not undone, because somebody changed it since: {drift}."
                " Nothing was changed. Compare with the plan, and undo it by hand.",
                done,
            )
        objection = await refusal(self._azure, plan.gateway_id, document, planned)
        if objection is not None:
            return Refused(f"Not undone. {in_words(objection)}", done)
        offered = await self.offer(plan, person, card, undoes=done.id)
        await self._store.note(done.id, undone_by=offered.id)
        return offered

    async def expire(self) -> tuple[Change, ...]:
        """Close every expired offer, and every approval past its end of which nothing was sent."""
        now = self._clock()
        over = await self._store.expired_offers(now, MOST_EXPIRED)
        moved = [await self._offers.move(it, "expired") for it in over]
        stale = [await self._close_stale(it, now) for it in await self._store.active_changes()]
        return tuple(it for it in (*moved, *stale) if it is not None)

    async def _close_stale(self, change: Change, now: datetime) -> Change | None:
        """Whoever carries it out closes it by itself; this is for a change that nobody carries out."""
        holds = self._policy.approval_holds
        decided = change.decided or change.created
        if change.state != "approved" or now <= decided + holds + GRACE:
            return None
        why = remark("approval_over", minutes=f"{holds.total_seconds() / 60:.0f}")
        return await self._store.advance(
            change.id,
            "approved",
            "refused",
            entries=(self._journal.entry("refused", change, code=why.code, **why.parts),),
            words=words_of,
            remarks=(why,),
        )

    def objection(self, change: Change, person: Person) -> Refused | None:
        """Why this person may not approve it, whatever its state."""
        if self._policy.read_only:
            return Refused("The bot is in read-only mode, so it changes nothing.", change)
        limits = self._policy.limits
        if limits.closed(change.plan.gateway_id):
            return Refused(
                "The bot's operator has ruled out that it changes this gateway"
                " (AGW_CHANGE_NEVER, AGW_CHANGE_ONLY).",
                change,
            )
        # What was changed can be taken back at any time.
        until = None if change.undoes else limits.frozen_until(self._clock())
        if until is not None:
            return Refused(
                f"{frozen_words(until)} Until then the gateway can be changed by hand: Details has the steps.",
                change,
            )
        # By the id alone: Slack may name one person's workspace in two ways, as itself and as its org.
        same = person.user == change.requested_by.user
        if self._policy.require_second_person and same:
            return Refused(
                "A second person is needed: whoever requested the change may not approve it.",
                change,
                others_may=True,
            )
        return None

    async def _past_cancelling(self, change_id: str) -> Refused:
        change = await self._store.change(change_id)
        if change is None or change.state not in ACTIVE:
            return await self._too_late(change_id)
        return Refused(
            "It is too late to cancel: the change may be with Azure already. When it has ended, it can be undone.",
            change,
            change.approved_by,
            change.decided,
        )

    async def _too_late(self, change_id: str) -> Refused:
        change = await self._store.change(change_id)
        if change is None:
            return Refused("What this button belongs to is no longer stored. Diagnose again.")
        words = {
            "offered": "Another change to this gateway is running. When it has ended, diagnose again.",
            "expired": "This offer has expired. Diagnose again for a new one.",
            "rejected": "This has already been rejected.",
            "withdrawn": "This has been withdrawn. Diagnose again for a new offer.",
        }
        if change.closed_by is not None:
            return Refused("This has already been cancelled.", change, change.closed_by)
        text = words.get(change.state, "This has already been approved.")
        if change.superseded_by is not None:
            text = "This offer was closed, because the gateway was changed after it was made. Diagnose again."
        return Refused(text, change, change.approved_by, change.decided)
