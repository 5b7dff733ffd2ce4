"""The steps from a gateway's name to a repaired gateway, each decided by `bot.core`.

In: what people ask for and decide; Azure, the prober and the store through the protocols in `ports`. Out: reports,
offers, changes and audit entries. Nothing here knows Slack, a terminal, or a library of Azure.

name -> diagnose -> offers -> approve / reject -> carry_out (or cancel) -> offer_undo -> approve -> carry_out
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.aside import aside
from bot.core.arm.edit import Conflict
from bot.core.changes.audit import AuditEntry
from bot.core.changes.change import CHANGED, Card, Change, Person
from bot.core.changes.planning import make_plan
from bot.core.report.incident import Incident
from bot.core.report.report import Report
from bot.core.routing.serving_route import Site
from bot.telemetry import DIAGNOSES, DIAGNOSIS_SECONDS, record, timed
from bot.workflow.applying import Applier
from bot.workflow.closing import OfferCloser
from bot.workflow.deciding import Decider
from bot.workflow.decision import Decision, Granted, Refused
from bot.workflow.diagnosing import Diagnostician, Examined
from bot.workflow.gateway_lookup import GatewayLookup
from bot.workflow.handing_in import HandingIn
from bot.workflow.health_verification import HealthVerifier
from bot.workflow.holding import new_life
from bot.workflow.journal import Journal
from bot.workflow.lookup_result import Ambiguous, Candidate, Every, Found, Named, NotFound
from bot.workflow.offers import Offers
from bot.workflow.policy import Policy
from bot.workflow.ports import Azure, Prober, Store
from bot.workflow.preflight import Preflight, state_objection
from bot.workflow.preparing import Preparer
from bot.workflow.progress import Step, Watch, nobody
from bot.workflow.watching import Watcher

__all__ = [
    "Ambiguous",
    "Candidate",
    "Decision",
    "Found",
    "Granted",
    "Named",
    "NotFound",
    "Policy",
    "Refused",
    "Step",
    "Watch",
    "Workflow",
]


class Workflow:
    """Everything the bot can do, independent of Slack and the terminal."""

    def __init__(
        self,
        azure: Azure,
        prober: Prober,
        store: Store,
        policy: Policy,
        clock: Callable[[], datetime],
        life: str | None = None,
    ) -> None:
        self.store = store
        self.policy = policy
        self._clock = clock
        # By this name everything that this replica does holds its leases.
        self.life = life or new_life()
        self._lookup = GatewayLookup(azure, clock)
        self._diagnostician = Diagnostician(azure, prober, policy, clock)
        journal = Journal(store, clock)
        offers = Offers(store, journal, clock)
        self._decider = Decider(azure, store, journal, offers, policy, clock)
        self._closer = OfferCloser(store, offers)
        self._handing_in = HandingIn(prober, store, self._decider, offers, self._examined_for)
        watcher = Watcher(azure, policy, clock)
        verifier = HealthVerifier(
            azure, store, self._diagnostician, watcher, policy, journal, self._remember
        )
        preflight = Preflight(azure, prober, policy, clock)
        preparer = Preparer(azure, preflight, policy, journal, clock, self.life)
        self._applier = Applier(
            azure, store, preparer, watcher, verifier, policy, journal, self.life
        )
        # The latest examination of each gateway: plans are made from the same data as its report.
        self._examined: dict[str, Examined] = {}

    async def name(self, said: str) -> Named:
        """Which gateway is meant. Raises `Problem` if Azure cannot be queried."""
        return await self._lookup.name(said)

    async def gateways(self) -> Every:
        """All gateways that are visible. Raises `Problem` if Azure cannot be queried."""
        return await self._lookup.every()

    async def diagnose(
        self, gateway_id: str, watch: Watch = nobody, site: Site | None = None
    ) -> Report:
        """One diagnosis; what concerns the `site` comes first. Raises `Problem` if Azure cannot be read."""
        try:
            with timed(DIAGNOSIS_SECONDS):
                examined = await self._diagnostician.examine(gateway_id, watch, site)
        except Exception:
            record(DIAGNOSES, verdict="failed")
            raise
        record(DIAGNOSES, verdict=examined.report.verdict)
        self._remember(examined)
        return examined.report

    def _remember(self, examined: Examined) -> None:
        self._examined[examined.what_if.case.gateway.id.lower()] = examined

    async def offers(self, incident: Incident) -> tuple[Change, ...]:
        """Plan and store every automated option that works, the recommended one first."""
        closed = self.policy.limits.closed(incident.gateway_id)
        if self.policy.read_only or closed or incident.report is None:
            return ()
        examined = self._examined.get(incident.gateway_id.lower())
        if examined is None or examined.report != incident.report:
            return ()
        gateway = examined.what_if.case.gateway
        if state_objection(gateway) is not None and not gateway.is_busy:
            return ()
        card = Card(incident.channel, incident.ts, incident.id)
        offered = []
        for trial in examined.trials:
            if trial.works and trial.automated:
                try:
                    plan = await aside(make_plan, examined.what_if, trial)
                except Conflict:
                    continue
                offered.append(await self._decider.offer(plan, incident.asked_by, card))
        return tuple(offered)

    async def hand_in(self, incident: Incident, content: bytes, person: Person) -> Change | Refused:
        """Offer what a certificate makes possible that somebody hands in; or say in one sentence what is wrong with it.

        Raises `Problem` if the gateway or the store cannot be read.
        """
        if self.policy.read_only or self.policy.limits.closed(incident.gateway_id):
            return Refused("I may not change this gateway, so a certificate is of no use to me.")
        return await self._handing_in.offer(incident, content, person)

    async def _examined_for(self, incident: Incident) -> Examined:
        """What the incident's report was made from; looked at anew where this replica no longer has it."""
        examined = self._examined.get(incident.gateway_id.lower())
        if examined is None or examined.report != incident.report:
            examined = await self._diagnostician.examine(incident.gateway_id)
            self._remember(examined)
        return examined

    async def offers_left(self, done: Change) -> tuple[Change, ...]:
        """Against the faults that a change has left: what works now, offered on its card, the recommended one first."""
        incident = await self.store.incident(done.card.incident)
        examined = self._examined.get(done.plan.gateway_id.lower())
        if incident is None or examined is None or done.undoes or done.state not in CHANGED:
            return ()
        if examined.what_if.case.gateway.etag != done.after_etag:
            return ()  # Somebody has changed the gateway since: what would be offered is not what was looked at.
        return await self.offers(replace(incident, report=examined.report))

    async def reject(self, change_id: str, person: Person) -> Decision:
        """Reject an offer."""
        return await self._decider.reject(change_id, person)

    async def withdraw(self, change_id: str, person: Person) -> Decision:
        """Withdraw an offer, as the person who asked for it."""
        return await self._closer.withdraw(change_id, person)

    async def left_behind(self, done: Change) -> tuple[Change, ...]:
        """Close every offer that no longer fits a gateway because `done` has changed it; their cards need an edit."""
        return await self._closer.left_behind(done)

    def objection(self, change: Change, person: Person) -> Refused | None:
        """Why this person may not approve this change, whatever its state; None if they may."""
        return self._decider.objection(change, person)

    async def open_offer(self, change_id: str, person: Person) -> Change | Refused:
        """The offer, if this person may approve it now; asking approves nothing."""
        return await self._decider.open_offer(change_id, person)

    async def approve(self, change_id: str, person: Person, reason: str = "") -> Decision:
        """Approve an offer, for a reason if one is given; at most one press gets `Granted`."""
        return await self._decider.approve(change_id, person, reason)

    async def cancel(self, change_id: str, person: Person) -> Decision:
        """Cancel an approved change of which nothing has been sent to Azure."""
        return await self._decider.cancel(change_id, person)

    async def carry_out(self, change_id: str, watch: Watch = nobody) -> Change:
        """Carry a change out to its end, from approved or from where a restart left it."""
        change = await self.store.change(change_id)
        if change is None:
            raise ValueError(f"no change {change_id}")
        return await self._applier.carry_out(change, watch)

    async def offer_undo(self, change_id: str, person: Person, card: Card) -> Change | Refused:
        """Offer to undo a finished change. Raises `Problem` if the gateway cannot be read."""
        return await self._decider.offer_undo(change_id, person, card)

    async def unfinished(self) -> tuple[Change, ...]:
        """The changes to resume after a restart."""
        return await self.store.active_changes()

    async def expire(self) -> tuple[Change, ...]:
        """Close expired offers and approvals, and offers left behind; returns them, as their cards need an edit."""
        expired = await self._decider.expire()
        # As long as an offer that is still open can be older than the PUT of a change.
        span = 2 * self.policy.approval_ttl + self.policy.approval_holds
        return (*expired, *await self._closer.overlooked(self._clock() - span))

    async def record(self, entry: AuditEntry) -> None:
        """Add one line to the audit log."""
        await self.store.audit(entry)
