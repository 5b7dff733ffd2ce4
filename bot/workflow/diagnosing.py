"""One diagnosis: read, probe, judge, try the options on paper; probe again where a trial needs it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.aside import Aside, aside, run_in
from bot.core.analysis.addresses import with_chosen_addresses
from bot.core.analysis.follow_up_probes import ROUNDS, further_attempts
from bot.core.arm.certificates_reader import Certificates, bundle_data, certificate_data
from bot.core.arm.document import Document
from bot.core.case.attempts import wanted_attempts
from bot.core.case.case import Case
from bot.core.case.diagnosis import Diagnosis, diagnose, starting_with
from bot.core.case.dns_questions import dns_questions
from bot.core.model.certificate import Certificate, Unreadable
from bot.core.model.marked import mark
from bot.core.model.observation import Attempt, Lookup, Observation
from bot.core.problem import Problem
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.trial import Trial
from bot.core.remedies.what_if import (
    Proposed,
    WhatIf,
    attempts_to_judge,
    propose_options,
    try_options,
)
from bot.core.report.report import Report
from bot.core.report.reporting import make_report
from bot.core.routing.serving_route import ServedSite, Site, serving_route
from bot.core.rules import RULES
from bot.telemetry import span
from bot.workflow.answers import Answers, ask_azure
from bot.workflow.connecting import Connections
from bot.workflow.judging import TimedRules
from bot.workflow.policy import Policy
from bot.workflow.ports import Azure, Prober
from bot.workflow.progress import Step, Watch, nobody
from bot.workflow.time_left import TimeLeft

_FIRST = 0.88
"""Part of the time for looking that the first connections may take, and Azure's answers beside them."""

_SOON = 0.05
"""Seconds for which Azure is not asked yet, if it is not known sooner what to connect to."""

JUDGING = Aside(2, "agw-judging")

_NOT_COMPARED = (
    "There was no time to compare the options, so none is shown; with more time they would be."
)


@dataclass(frozen=True, slots=True)
class Examined:
    """A diagnosis with everything it was made from, which a plan needs."""

    what_if: WhatIf
    diagnosis: Diagnosis
    trials: tuple[Trial, ...]
    report: Report


class Diagnostician:
    """Makes diagnoses; stateless."""

    def __init__(
        self,
        azure: Azure,
        prober: Prober,
        policy: Policy,
        clock: Callable[[], datetime],
    ) -> None:
        self._azure = azure
        self._prober = prober
        self._policy = policy
        self._clock = clock

    async def examine(
        self, gateway_id: str, watch: Watch = nobody, site: Site | None = None
    ) -> Examined:
        """From a resource id to a report; what concerns the `site` comes first in it.

        Raises:
            Problem: the gateway could not be read.
        """
        began = self._clock()
        time = TimeLeft(self._policy.timeout)
        document = await self._read(gateway_id, time, watch)
        own = await aside(self._certificates_of, document)
        connections = Connections(self._prober, probe=self._policy.probe)
        case, certificates = await self._look(document, own, connections, began, site, time, watch)
        what_if = WhatIf(case, document, certificates, RULES)
        with span("judging", connections=len(case.observations)) as told:
            examined = await self._judge(what_if, connections, began, site, time, watch)
            told.tell("verdict", examined.report.verdict)
            return examined

    async def _judge(
        self,
        what_if: WhatIf,
        connections: Connections,
        began: datetime,
        site: Site | None,
        time: TimeLeft,
        watch: Watch,
    ) -> Examined:
        """From everything that was seen to a report; options that call for them make further connections."""
        case = what_if.case
        timed = TimedRules(RULES, time.is_over)
        what_if = replace(what_if, rules=timed.rules)
        route = serving_route(case.gateway, site) if site else None
        served = ServedSite(site, route) if site and route else None
        # In a thread: a pool may have 1,200 members, and nobody who presses a button should wait for that.
        found = await time.to_judge(run_in(JUDGING, diagnose, case, timed.rules))
        diagnosis = starting_with(timed.marked(found), route)
        trials = None
        if timed.were_heard():
            what_if, trials = await self._try_options(what_if, diagnosis, connections, time)
            trials = trials if timed.were_heard() else None
        made_in_all = len(what_if.case.observations)
        watch(Step("probe", f"Made {_connections(made_in_all)}", "done"))
        compared = "Compared causes and options" if trials else "Compared causes"
        watch(Step("decide", compared, "done"))
        what_if = replace(what_if, case=replace(what_if.case, now=self._clock()), rules=RULES)
        made_report = run_in(
            JUDGING, make_report, what_if.case, diagnosis, trials or (), RULES, began, served
        )
        report = await time.to_report(made_report)
        if report is None:
            raise _too_slow(case.gateway.id, time, "was looked at, but not judged")
        told = (connections.note, _NOT_COMPARED if trials is None else None)
        report = replace(report, notes=(*report.notes, *filter(None, told)))
        return Examined(what_if, diagnosis, trials or (), report)

    async def _look(
        self,
        document: Document,
        certificates: Certificates,
        connections: Connections,
        began: datetime,
        site: Site | None,
        time: TimeLeft,
        watch: Watch,
    ) -> tuple[Case, Certificates]:
        """Ask Azure and the backends at the same time, then what the first answers call for."""
        begun = asyncio.Event()
        early = partial(Answers(document).shown, certificates, began, site)
        looking = asyncio.create_task(self._look_first(early, connections, time, watch, begun))
        asking = asyncio.create_task(self._ask_azure(document, time, watch, begun))
        try:
            first, made = await looking
            answers = await asking
        finally:
            looking.cancel()
            asking.cancel()
            await asyncio.gather(looking, asking, return_exceptions=True)
        more = answers.environment_certificate_data()
        certificates = {**certificates, **await aside(self._prober.read_certificates, more)}
        asked = await answers.shown(certificates, began, site, None if more else first.gateway)
        # What Azure's answers call for beside it, such as members that only the health report tells of.
        wanted = await aside(wanted_attempts, asked)
        seen_already = {it.attempt for it in made}
        new = tuple(it for it in wanted if it not in seen_already)
        others, lookups = await asyncio.gather(
            connections.first(new, asked.gateway, time.to_look / 2),
            self._ask_dns(asked, time),
        )
        looked_at = replace(asked, observations=(*made, *others), lookups=lookups)
        seen = await self._look_further(looked_at, connections, time)
        case = replace(await aside(with_chosen_addresses, seen), now=self._clock())
        return case, certificates

    async def _try_options(
        self, what_if: WhatIf, diagnosis: Diagnosis, connections: Connections, time: TimeLeft
    ) -> tuple[WhatIf, tuple[Trial, ...] | None]:
        """Every option on paper, and the connections that this calls for; None if there was no time for all of them."""
        asked: set[str] = set()
        left = ROUNDS
        known: tuple[Proposed, ...] | None = None
        while left and time.to_look:
            # Judging is what takes time, so what it calls for is looked at before.
            found = await time.to_judge(
                run_in(JUDGING, propose_options, what_if, diagnosis, OPTIONS)
            )
            if found is None:
                break
            asked |= {it.option.id for it in found if it.proposal is not None}
            looked = await self._look_for(what_if, found, connections, time)
            if looked is None:
                known = found
                break
            what_if, left = looked, left - 1
        judging = run_in(JUDGING, try_options, what_if, diagnosis, OPTIONS, known)
        trials = await time.to_judge(judging)
        while trials is not None and left and time.to_look:
            new = [it for it in trials if it.together_with or it.option.id not in asked]
            looked = await self._look_for(what_if, new, connections, time)
            if looked is None:
                break
            again = await time.to_judge(run_in(JUDGING, try_options, looked, diagnosis, OPTIONS))
            if again is None:
                break  # What the trials say without these connections is true as well, and less sure.
            what_if, trials, left = looked, again, left - 1
        return what_if, trials

    async def _look_for(
        self,
        what_if: WhatIf,
        trials: Sequence[Trial | Proposed],
        connections: Connections,
        time: TimeLeft,
    ) -> WhatIf | None:
        """The same with the connections that judging these calls for; None if there are none to make."""
        if all(it.proposal is None for it in trials):
            return None
        further = await aside(attempts_to_judge, what_if, trials)
        if not further:
            return None
        case = what_if.case
        more = await connections.further(further, case.gateway, time.to_look / 2)
        if not more:
            return None
        return replace(what_if, case=replace(case, observations=(*case.observations, *more)))

    async def _look_first(
        self,
        early: Callable[[], Awaitable[Case]],
        connections: Connections,
        time: TimeLeft,
        watch: Watch,
        begun: asyncio.Event,
    ) -> tuple[Case, tuple[Observation, ...]]:
        """The connections that the gateway's document alone calls for, made while Azure is asked for the rest."""
        case = await early()
        attempts = await aside(wanted_attempts, case)
        watch(Step("probe", _probing(attempts), "running"))
        begun.set()
        return case, await connections.first(attempts, case.gateway, time.to_look * _FIRST)

    async def _look_further(self, case: Case, connections: Connections, time: TimeLeft) -> Case:
        """The same case, with the follow-up probes that the first results called for."""
        for _ in range(ROUNDS):
            further = await aside(_further_attempts, case)
            if not further or not time.to_look:
                break
            more = await connections.further(further, case.gateway, time.to_look / 2)
            if not more:
                break
            case = replace(case, observations=(*case.observations, *more))
        return case

    async def _ask_dns(self, case: Case, time: TimeLeft) -> tuple[Lookup, ...]:
        """What the DNS servers of the gateway's network answer for the names in play."""
        questions = await aside(dns_questions, case)
        if not questions or not self._policy.probe:
            return ()
        return await self._prober.look_up(questions, time.to_look / 2)

    def _certificates_of(self, document: Document) -> dict[str, Certificate | Unreadable]:
        return {
            **self._prober.read_bundles(bundle_data(document)),
            **self._prober.read_certificates(certificate_data(document)),
        }

    async def _read(self, gateway_id: str, time: TimeLeft, watch: Watch) -> Document:
        watch(Step("gateway", "Reading the gateway", "running"))
        try:
            document = await time.to_read(self._azure.read(gateway_id))
        except BaseException:
            watch(Step("gateway", "The gateway could not be read", "failed"))
            raise
        if document is None:
            watch(Step("gateway", "The gateway could not be read", "failed"))
            raise _too_slow(gateway_id, time, "could not be read")
        watch(Step("gateway", "Read the gateway", "done"))
        return document

    async def _ask_azure(
        self, document: Document, time: TimeLeft, watch: Watch, begun: asyncio.Event
    ) -> Answers:
        """Everything beside the gateway's document, as far as Azure shows it in time."""
        watch(Step("health", "Reading backend health", "running"))
        # The first connections should be on their way while the requests are prepared, which takes as long as they do.
        with suppress(TimeoutError):
            async with asyncio.timeout(_SOON):
                await begun.wait()
        answers = await ask_azure(self._azure, document, self._clock(), time.to_look * _FIRST)
        watch(Step("health", "Read backend health", "done"))
        return answers


def _further_attempts(case: Case) -> tuple[Attempt, ...]:
    return further_attempts(with_chosen_addresses(case))


def _too_slow(gateway_id: str, time: TimeLeft, what: str) -> Problem:
    name = gateway_id.rpartition("/")[2]
    return Problem(
        "too_slow",
        f"The gateway {mark(name)} {what} within {time.seconds:g} seconds.",
        "Diagnose it again, with more time if you can: agw diagnose --timeout.",
    )


def _probing(attempts: tuple[Attempt, ...]) -> str:
    servers = len({(attempt.server, attempt.port) for attempt in attempts})
    return f"Connecting to {servers} backend{'s' * (servers != 1)} as the gateway does"


def _connections(count: int) -> str:
    return f"{count} connection{'s' * (count != 1)} to the backends"
