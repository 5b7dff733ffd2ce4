"""From a gateway's name to a card with a diagnosis and its evidence."""

import asyncio
import logging
import secrets
from dataclasses import replace
from datetime import timedelta
from difflib import get_close_matches
from functools import partial

from bot.core.changes.change import Card
from bot.core.changes.word import Word
from bot.core.problem import Problem
from bot.core.report.incident import Incident
from bot.core.report.report import Report
from bot.core.routing.serving_route import Site
from bot.core.routing.target import Target
from bot.workflow.holding import holding
from bot.workflow.lookup_result import Ambiguous, Candidate, Found, Named, NotFound
from handlers.blocks import help as helps
from handlers.blocks.evidence import evidence
from handlers.blocks.kit import note
from handlers.blocks.text import code, link, moment
from handlers.command_model import Diagnose
from handlers.interactions import Interaction
from handlers.shell import Shell
from handlers.slack_errors import SlackProblem
from handlers.voice import INTERRUPTED, card_key

log = logging.getLogger(__name__)

MOST_NAMES = 12
"""How many names of one message are tried. The list of gateways is read once; searching it costs nothing."""
STILL_RUNNING = timedelta(minutes=10)


class Diagnosing:
    """One diagnosis per gateway at a time; whoever asks again gets a link to the existing card."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    async def by_name(self, act: Interaction, wanted: Diagnose) -> None:
        """Find the gateway meant, and diagnose it."""
        await self.by_answer(act, wanted, await self._shell.workflow.name(wanted.target))

    async def by_answer(self, act: Interaction, wanted: Diagnose, answer: Named) -> None:
        """The same, with the name already looked up."""
        # A message that only looked like a report gets no comment.
        if wanted.sure or not isinstance(answer, NotFound) or _is_misspelt(answer):
            await self._go_on(act, answer, again=wanted.again)

    async def by_any(self, act: Interaction, names: tuple[str, ...]) -> None:
        """The first of these names, found in somebody's message, that is a gateway."""
        answers = [await self._shell.workflow.name(name) for name in names[:MOST_NAMES]]
        known = (it for it in answers if not isinstance(it, NotFound))
        await self._go_on(act, next(known, answers[0]))

    async def _go_on(self, act: Interaction, answer: Named, *, again: bool = False) -> None:
        match answer:
            case Found(target, candidate):
                await self.start(act, candidate, target, again=again)
            case NotFound():
                await self._shell.slack.tell(act, helps.not_found(answer))
            case Ambiguous():
                await self._shell.slack.tell(act, helps.which(answer))

    async def by_choice(self, act: Interaction, said: str, value: str) -> None:
        """Somebody chose from the menu: look the name up again, and take the chosen gateway."""
        answer = await self._shell.workflow.name(said)
        match answer:
            case Found(candidate=candidate):
                candidates: tuple[Candidate, ...] = (candidate,)
            case Ambiguous(candidates=candidates):
                pass
            case _:
                candidates = ()
        chosen = next((it for it in candidates if helps.option_value(it) == value), None)
        if chosen is None:
            text = "That gateway is no longer there. Ask again."
        else:
            text = f"Diagnosing {code(chosen.name)} ..."
        await self._shell.slack.tell(act, note(text), replace=True)
        if chosen is not None:
            await self.start(act, chosen, answer.target)

    async def after_all(self, act: Interaction, said: str) -> None:
        """Somebody answered the question whether a late report still holds: it does."""
        await self._shell.slack.tell(act, note(f"Diagnosing {code(said)} ..."), replace=True)
        await self.by_name(act, Diagnose(said))

    async def start(
        self, act: Interaction, candidate: Candidate, asked: Target, *, again: bool = False
    ) -> None:
        """Post a card and begin, unless there already is a recent one."""
        shell = self._shell
        name = f"diagnosis:{candidate.id.lower()}"
        if not again and not shell.jobs.running(name):
            recent = await self._recent(candidate.id, shell.settings.recent)
            if recent is not None and recent.report and await self._point_to(act, recent):
                return

        async def failed(sentence: str) -> None:
            await shell.slack.tell(act, note(f":warning: {sentence}"))

        async def work() -> None:
            await self._diagnose(act, candidate, asked)

        if not shell.jobs.start(name, work, failed, kind="diagnosis"):
            await self._point_to(act, await self._recent(candidate.id, STILL_RUNNING))

    async def _diagnose(self, act: Interaction, candidate: Candidate, asked: Target) -> None:
        shell = self._shell
        store, key = shell.workflow.store, f"examine:{candidate.id.lower()}"
        async with holding(store, key, shell.life) as held:
            if held is None:  # Another replica is at it.
                await self._point_to(act, await self._recent(candidate.id, STILL_RUNNING))
                return
            incident = await self._posted(act, candidate, asked)
            if act.thread:
                await self._point_to(act, incident)
            try:
                report = await self._watched(incident, asked.site)
                await self._conclude(act, incident, report)
            except Problem as problem:
                await self._stopped(incident, str(problem))
            except asyncio.CancelledError:
                await self._stopped(incident, INTERRUPTED)
                await shell.cards.sketch(Card(incident=incident.id))
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
        await store.save_incident(incident, words=(_promise(incident),))
        try:
            first = await shell.cards.message(incident)
            ts = await shell.slack.post(incident.channel, first, key=card_key(incident))
        except SlackProblem as problem:
            if problem.passes:
                log.warning("the card of %s waits for Slack: %s", incident.gateway_name, problem)
                return incident
            await store.save_incident(replace(incident, trouble=str(problem)))
            raise
        incident = replace(incident, ts=ts)
        await store.save_incident(incident)
        return incident

    async def _watched(self, incident: Incident, site: Site | None) -> Report:
        shell, card = self._shell, Card(incident=incident.id)
        behind = partial(shell.outbox.refresh, incident.id)
        async with shell.cards.progress(partial(shell.cards.sketch, card), behind) as watch:
            return await shell.workflow.diagnose(incident.gateway_id, watch, site)

    async def _conclude(self, act: Interaction, incident: Incident, report: Report) -> None:
        """The report, its line of the audit log and what is to be said of it, in one transaction."""
        store = self._shell.workflow.store
        offered = await self._shell.workflow.offers(replace(incident, report=report))
        stored = await store.incident(incident.id) or incident
        entry = self._shell.entry(
            "diagnosed",
            act,
            incident.gateway_id,
            incident=incident.id,
            asked=incident.asked,
            verdict=report.verdict,
            headline=report.headline,
            channel=incident.channel,
            ts=stored.ts,
        )
        pages = len(evidence(report, offered))
        words = (_result(incident), *(_evidence(incident, number) for number in range(pages)))
        kept = replace(stored, report=report, trouble="")
        await store.save_incident(kept, entries=(entry,), words=words)
        self._shell.outbox.nudge()

    async def _stopped(self, incident: Incident, trouble: str) -> None:
        """Why there is no report and will be none, unless it is already there."""
        store = self._shell.workflow.store
        stored = await store.incident(incident.id) or incident
        if stored.report is None:
            stopped = replace(stored, trouble=trouble)
            await store.save_incident(stopped, words=(_result(incident),))
            self._shell.outbox.nudge()

    async def _recent(self, gateway_id: str, age: timedelta) -> Incident | None:
        """The newest incident of a gateway, if it is not older than `age`."""
        since = self._shell.clock() - age
        recent = await self._shell.workflow.store.recent_incidents(gateway_id, since)
        return recent[0] if recent else None

    async def _point_to(self, act: Interaction, incident: Incident | None) -> bool:
        """Link somebody to the existing card; False if it no longer exists."""
        if incident is None or not incident.ts:
            await self._shell.slack.tell(act, note("Somebody just asked that. The card is coming."))
            return True
        try:
            url = await self._shell.slack.link(incident.channel, incident.ts)
        except Problem as gone:
            log.info("card of %s: %s", incident.gateway_name, gone)
            return False
        name = code(incident.gateway_name)
        text = f"{name} is being diagnosed: see {link(url, 'the card')}."
        if incident.report is not None:
            text = (
                f"{name} was diagnosed {moment(incident.created)}: see {link(url, 'the card')}."
                " Add `again` to diagnose it again."
            )
        await self._shell.slack.tell(act, note(text))
        return True


def _is_misspelt(answer: NotFound) -> bool:
    """Whether a gateway's name is close enough to be the one meant: `agw-prdo` is, `apim-prod` is not."""
    said = answer.target.name
    return bool(get_close_matches(said, map(str.lower, answer.nearest), n=1, cutoff=0.8))


def _promise(incident: Incident) -> Word:
    """The card will say how the diagnosis ended, even if this process does not live to see it."""
    key = f"{incident.id}:promise"
    return Word(key, key, "card", incident.id, {"promise": "1"})


def _result(incident: Incident) -> Word:
    return Word(f"{incident.id}:result", incident.id, "card", incident.id)


def _evidence(incident: Incident, number: int) -> Word:
    key, parts = f"{incident.id}:evidence:{number}", {"evidence": str(number)}
    return Word(key, incident.id, "reply", incident.id, parts)
