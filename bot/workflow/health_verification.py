"""After the write: verify the result by the gateway's own backend health and by another diagnosis."""

import asyncio
from dataclasses import replace
from typing import Literal

from bot.core.changes.change import Change, ChangeState
from bot.core.changes.plan import Plan
from bot.core.changes.words import words_of
from bot.core.model.health import BackendHealth, Health
from bot.core.problem import Problem
from bot.core.report.looked_at import scope_words
from bot.core.report.report import Report
from bot.workflow.diagnosing import Diagnostician, Examined
from bot.workflow.journal import Journal
from bot.workflow.policy import Policy
from bot.workflow.ports import Azure, Store
from bot.workflow.progress import Step, Watch

Watched = Literal["healthy", "unhealthy", "unknown"]


class HealthVerifier:
    """Waits for backend health, diagnoses again, and closes the change."""

    def __init__(
        self,
        azure: Azure,
        store: Store,
        diagnostician: Diagnostician,
        policy: Policy,
        journal: Journal,
    ) -> None:
        self._azure = azure
        self._store = store
        self._diagnostician = diagnostician
        self._policy = policy
        self._journal = journal

    async def prove(self, change: Change, watch: Watch) -> Change:
        """Take a change from `verifying` to its end state."""
        wanted: Watched = "healthy" if change.undoes is None else "unhealthy"
        found = await self._poll(change.plan, wanted, watch)
        watch(Step("diagnose", "Diagnosing again", "running"))
        examined = await self._examine(change)
        good = found == "healthy" and _clean(examined, change.plan)
        watch(Step("diagnose", _second_opinion(examined), "done" if examined else "failed"))
        outcome = " ".join(filter(None, (_outcome(change, found, examined, good), change.outcome)))
        state: ChangeState = "healthy" if good else "not_healthy"
        words = words_of(change, state)
        ended = await self._store.advance(
            change.id, "verifying", state, words=words, outcome=outcome
        )
        if ended is None:
            raise Problem(
                "lost_change",
                "Somebody else closed the change.",
                "See the audit log.",
            )
        await self._record(ended)
        if examined is not None:
            await self._keep(ended, examined.report)
        return ended

    async def _poll(self, plan: Plan, wanted: Watched, watch: Watch) -> Watched:
        """Poll until the backends are as wanted, for some probe intervals: backend health is only a cache of the probes
        (learn.microsoft.com/azure/application-gateway/application-gateway-backend-health)."""
        limit = max(self._policy.health_least, self._policy.health_rounds * plan.probe_interval)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + limit
        watch(Step("health", f"Watching backend health, up to {limit:.0f} s", "running"))
        while True:
            found = watched(await self._azure.health(plan.gateway_id, self._policy.timeout), plan)
            if found == wanted or loop.time() > deadline:
                watch(
                    Step(
                        "health",
                        f"Backend health: {found}",
                        "done" if found == wanted else "failed",
                    )
                )
                return found
            await asyncio.sleep(self._policy.health_poll)

    async def _examine(self, change: Change) -> Examined | None:
        try:
            return await self._diagnostician.examine(change.plan.gateway_id)
        except Problem:
            return None

    async def _keep(self, change: Change, report: Report) -> None:
        incident = await self._store.incident(change.card.incident)
        if incident is not None:
            await self._store.save_incident(replace(incident, report=report))

    async def _record(self, change: Change) -> None:
        action = "undone" if change.undoes else "verified"
        details = {
            "state": change.state,
            "outcome": change.outcome,
            "before_etag": change.plan.etag,
            "after_etag": change.after_etag or "",
            "correlation": change.correlation or "",
            "certificates": " ".join(it.sha256 for it in change.plan.certificates),
        }
        await self._journal.write(action, change, **details)


def watched(health: Health, plan: Plan) -> Watched:
    """The health of everything the plan affects, in one word."""
    if not isinstance(health, BackendHealth):
        return "unknown"
    states = [
        found.state if (found := health.of(*place)) is not None else "unknown"
        for place in plan.watched
    ]
    if states and all(state in ("healthy", "draining") for state in states):
        return "healthy"
    return "unhealthy" if "unhealthy" in states or "partial" in states else "unknown"


def _clean(examined: Examined | None, plan: Plan) -> bool:
    if examined is None:
        return False
    places = {(pool, settings) for pool, settings, _ in plan.watched}
    backends = (finding.match.backend for finding in examined.diagnosis.errors)
    return all(it is not None and it.place not in places for it in backends)


def _second_opinion(examined: Examined | None) -> str:
    if examined is None:
        return "The gateway could not be read for a second diagnosis"
    return f"Diagnosed again: {examined.report.conclusion}"


def _outcome(change: Change, found: Watched, examined: Examined | None, good: bool) -> str:
    if change.undoes is not None:
        return f"The gateway is as it was before; backend health is now {found}."
    if good and examined is not None:
        seen = scope_words(examined.report.looked_at)
        so_far = f" ({seen})" if seen else ""
        return f"Verified: the gateway reports the backends healthy, and no fault was found on them{so_far}."
    if examined is not None and examined.diagnosis.errors:
        left = examined.diagnosis.errors[0].match.summary
        return f"Changed, but not fixed: backend health is {found}. {left}"
    return f"Changed, but not verified: backend health is {found} at the end of the time allowed."
