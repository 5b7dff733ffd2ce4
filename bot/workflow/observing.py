"""What there is to see of one gateway: Azure's answers about it, and what our own connections come to."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.aside import aside
from bot.core.analysis.addresses import with_chosen_addresses
from bot.core.analysis.follow_up_probes import ROUNDS, further_attempts
from bot.core.arm.certificates_reader import Certificates
from bot.core.arm.document import Document
from bot.core.case.attempts import wanted_attempts
from bot.core.case.case import Case
from bot.core.case.dns_questions import dns_questions
from bot.core.model.observation import Attempt, Lookup, Observation, Question
from bot.core.routing.serving_route import Site
from bot.workflow.answers import Answers, ask_azure
from bot.workflow.connecting import Connections
from bot.workflow.policy import Policy
from bot.workflow.ports import Azure, Prober
from bot.workflow.progress import Step, Watch
from bot.workflow.time_left import TimeLeft

_FIRST = 0.88
"""Part of the time for looking that the first connections may take, and Azure's answers beside them."""

_SOON = 0.05
"""Seconds for which Azure is not asked yet, if it is not known sooner what to connect to."""


@dataclass(frozen=True, slots=True)
class Observing:
    """One look; `time` is what is left for the diagnosis that it is a part of."""

    azure: Azure
    prober: Prober
    policy: Policy
    clock: Callable[[], datetime]
    connections: Connections
    time: TimeLeft
    watch: Watch

    async def look(
        self,
        document: Document,
        certificates: Certificates,
        began: datetime,
        site: Site | None,
    ) -> tuple[Case, Certificates]:
        """Ask Azure and the backends at the same time, then what the first answers call for.

        `certificates` are those of the document; what comes back are those of Azure's other answers as well.
        """
        begun = asyncio.Event()
        early = partial(Answers(document).shown, certificates, began, site)
        looking = asyncio.create_task(self._look_first(early, begun))
        asking = asyncio.create_task(self._ask_azure(document, begun))
        try:
            first, made = await looking
            answers = await asking
        finally:
            looking.cancel()
            asking.cancel()
            await asyncio.gather(looking, asking, return_exceptions=True)
        more = answers.environment_certificate_data()
        if more:
            read = await aside(self.prober.read_certificates, more)
            certificates = {**certificates, **read}
        asked = await answers.shown(certificates, began, site, None if more else first.gateway)
        # What Azure's answers call for beside it, such as members that only the health report tells of.
        wanted, questions = await aside(_wanted, asked)
        seen_already = {it.attempt for it in made}
        new = tuple(it for it in wanted if it not in seen_already)
        others, lookups = await asyncio.gather(
            self.connections.first(new, asked.gateway, self.time.to_look / 2),
            self._ask_dns(questions),
        )
        looked_at = replace(asked, observations=(*made, *others), lookups=lookups)
        case = await self._look_further(looked_at)
        return replace(case, now=self.clock()), certificates

    async def _look_first(
        self,
        early: Callable[[], Awaitable[Case]],
        begun: asyncio.Event,
    ) -> tuple[Case, tuple[Observation, ...]]:
        """The connections that the gateway's document alone calls for, made while Azure is asked for the rest."""
        case = await early()
        attempts = await aside(wanted_attempts, case)
        self.watch(Step("probe", _probing(attempts), "running"))
        begun.set()
        return case, await self.connections.first(
            attempts, case.gateway, self.time.to_look * _FIRST
        )

    async def _look_further(self, case: Case) -> Case:
        """The same case, with the follow-up probes that the first results called for, by the addresses to judge by."""
        for _ in range(ROUNDS):
            chosen, further = await aside(_further, case)
            if not further or not self.time.to_look:
                return chosen
            more = await self.connections.further(further, case.gateway, self.time.to_look / 2)
            if not more:
                return chosen
            case = replace(case, observations=(*case.observations, *more))
        return await aside(with_chosen_addresses, case)

    async def _ask_dns(self, questions: Sequence[Question]) -> tuple[Lookup, ...]:
        """What the DNS servers of the gateway's network answer for the names in play."""
        if not questions or not self.policy.probe:
            return ()
        return await self.prober.look_up(questions, self.time.to_look / 2)

    async def _ask_azure(self, document: Document, begun: asyncio.Event) -> Answers:
        """Everything beside the gateway's document, as far as Azure shows it in time."""
        self.watch(Step("health", "Reading backend health", "running"))
        # To prepare the requests takes some milliseconds, for which the first connections should not wait.
        with suppress(TimeoutError):
            async with asyncio.timeout(_SOON):
                await begun.wait()
        answers = await ask_azure(self.azure, document, self.clock(), self.time.to_look * _FIRST)
        self.watch(Step("health", "Read backend health", "done"))
        return answers


def _wanted(case: Case) -> tuple[tuple[Attempt, ...], tuple[Question, ...]]:
    return wanted_attempts(case), dns_questions(case)


def _further(case: Case) -> tuple[Case, tuple[Attempt, ...]]:
    """The case by the addresses to judge by, and the follow-up probes that it calls for."""
    chosen = with_chosen_addresses(case)
    return chosen, further_attempts(chosen)


def _probing(attempts: tuple[Attempt, ...]) -> str:
    servers = len({(attempt.server, attempt.port) for attempt in attempts})
    return f"Connecting to {servers} backend{'s' * (servers != 1)} as the gateway does"
