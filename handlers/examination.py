"""One diagnosis with its card: posted, kept up to date, and never left saying "Diagnosing"."""

import asyncio
import logging
import secrets
from dataclasses import replace
from functools import partial

from bot.core.changes.audit import AuditEntry
from bot.core.changes.change import Card
from bot.core.changes.word import Word
from bot.core.problem import Problem
from bot.core.report.incident import Incident
from bot.core.report.report import Report
from bot.core.routing.serving_route import Site
from bot.core.routing.target import Target
from bot.incident_id import within
from bot.telemetry import span
from bot.workflow.holding import holding
from bot.workflow.lookup_result import Candidate
from handlers.blocks.evidence import evidence
from handlers.interactions import Interaction
from handlers.pointing import STILL_RUNNING, point_to, recent_incident
from handlers.shell import Shell
from handlers.slack_errors import SlackProblem
from handlers.voice import INTERRUPTED, card_key

log = logging.getLogger(__name__)


class Examination:
    """Carries out one diagnosis."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    async def carry_out(self, act: Interaction, candidate: Candidate, asked: Target) -> None:
        """Raises `Problem` if no card can be posted, or if nothing can be stored."""
        shell = self._shell
        store, key = shell.workflow.store, f"examine:{candidate.id.lower()}"
        promised = False
        try:
            async with holding(store, key, shell.workflow.life) as held:
                if held is None:  # Another replica is at it.
                    await point_to(
                        shell, act, await recent_incident(shell, candidate.id, STILL_RUNNING)
                    )
                    return
                incident = await self._posted(act, candidate, asked)
                promised = True
                with within(incident.id), span("incident", begins=True, gateway=candidate.id):
                    if act.thread and incident.ts:
                        await point_to(shell, act, incident)
                    await self._to_the_end(act, incident, asked)
        except Problem as problem:
            # The card says so, to everybody.
            if problem.code != "lease_lost" or not promised:
                raise
            log.info("the diagnosis of %s lost its lease", candidate.name)

    async def _to_the_end(self, act: Interaction, incident: Incident, asked: Target) -> None:
        """To a report, or to why there is none."""
        try:
            report = await self._watched(incident, asked.site)
            await self._conclude(act, incident, report)
        except Problem as problem:
            await self._stopped(incident, str(problem))
        except asyncio.CancelledError:
            await self._stopped(incident, INTERRUPTED)
            await self._shell.cards.sketch(Card(incident=incident.id))
            raise
        except Exception:
            # The job explains it to the person; the card must not keep saying "Diagnosing".
            await self._stopped(incident, "An unexpected error stopped the diagnosis.")
            raise

    async def _posted(self, act: Interaction, candidate: Candidate, asked: Target) -> Incident:
        """The card of a new incident. While Slack is away the diagnosis goes on, and the outbox posts the card.

        Stored first, with the promise that it will not say "Diagnosing" for ever. Raises `SlackProblem` if there can be
        no card in this channel.
        """
        shell = self._shell
        store = shell.workflow.store
        incident = Incident(
            id=secrets.token_urlsafe(12),
            gateway_id=candidate.id,
            gateway_name=candidate.name,
            channel=act.channel,
            ts="",
            asked_by=act.person,
            asked=asked.said,
            created=shell.clock(),
        )
        await store.add_incident(incident, words=(_promise(incident),))
        try:
            first = await shell.cards.message(incident)
            ts = await shell.slack.post(incident.channel, first, key=card_key(incident))
        except SlackProblem as problem:
            if problem.passes:
                log.warning("the card of %s waits for Slack: %s", incident.gateway_name, problem)
                return incident
            trouble = str(problem)
            await store.alter_incident(incident.id, lambda it: replace(it, trouble=trouble))
            raise
        posted = await store.alter_incident(incident.id, lambda it: replace(it, ts=ts))
        return posted or replace(incident, ts=ts)

    async def _watched(self, incident: Incident, site: Site | None) -> Report:
        shell, card = self._shell, Card(incident=incident.id)
        behind = partial(shell.outbox.refresh, incident.id)
        async with shell.cards.progress(card, behind) as watch:
            return await shell.workflow.diagnose(incident.gateway_id, watch, site)

    async def _conclude(self, act: Interaction, incident: Incident, report: Report) -> None:
        """The report, its line of the audit log and what is to be said of it, in one transaction."""
        store = self._shell.workflow.store
        offered = await self._shell.workflow.offers(replace(incident, report=report))

        def line(stored: Incident) -> tuple[AuditEntry]:
            entry = self._shell.entry(
                "diagnosed",
                act,
                stored.gateway_id,
                incident=stored.id,
                asked=stored.asked,
                verdict=report.verdict,
                headline=report.headline,
                channel=stored.channel,
                ts=stored.ts,
            )
            return (entry,)

        pages = len(evidence(report, offered))
        words = (_result(incident), *(_evidence(incident, number) for number in range(pages)))
        await store.alter_incident(
            incident.id,
            lambda it: replace(it, report=report, trouble=""),
            entries=line,
            words=words,
        )
        self._shell.outbox.nudge()

    async def _stopped(self, incident: Incident, trouble: str) -> None:
        """Why there is no report and will be none, unless it is already there."""
        stopped = await self._shell.workflow.store.alter_incident(
            incident.id,
            lambda it: replace(it, trouble=trouble) if it.report is None else None,
            words=(_result(incident),),
        )
        if stopped is not None:
            self._shell.outbox.nudge()


def _promise(incident: Incident) -> Word:
    """The card will say how the diagnosis ended, even if this process does not live to see it."""
    key = f"{incident.id}:promise"
    return Word(key, key, "card", incident.id, {"promise": "1"})


def _result(incident: Incident) -> Word:
    return Word(f"{incident.id}:result", incident.id, "card", incident.id)


def _evidence(incident: Incident, number: int) -> Word:
    key, parts = f"{incident.id}:evidence:{number}", {"evidence": str(number)}
    return Word(key, incident.id, "reply", incident.id, parts)
