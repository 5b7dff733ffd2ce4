"""One diagnosis: read, probe, judge, try the options on paper; probe again where a trial needs it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.aside import Aside, aside, run_in
from bot.core.analysis.follow_up_probes import ROUNDS
from bot.core.arm.certificates_reader import bundle_data, certificate_data
from bot.core.arm.document import Document
from bot.core.case.diagnosis import Diagnosis, diagnose, starting_with
from bot.core.model.certificate import Certificate, Unreadable
from bot.core.model.marked import mark
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
from bot.workflow.connecting import Connections
from bot.workflow.judging import TimedRules
from bot.workflow.observing import Observing
from bot.workflow.policy import Policy
from bot.workflow.ports import Azure, Prober
from bot.workflow.progress import Step, Watch, nobody
from bot.workflow.time_left import TimeLeft

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
        observing = Observing(
            self._azure, self._prober, self._policy, self._clock, connections, time, watch
        )
        case, certificates = await observing.look(document, own, began, site)
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


def _too_slow(gateway_id: str, time: TimeLeft, what: str) -> Problem:
    name = gateway_id.rpartition("/")[2]
    return Problem(
        "too_slow",
        f"The gateway {mark(name)} {what} within {time.seconds:g} seconds.",
        "Diagnose it again, with more time if you can: agw diagnose --timeout.",
    )


def _connections(count: int) -> str:
    return f"{count} connection{'s' * (count != 1)} to the backends"
