"""One diagnosis: read, probe, judge, try the options on paper; probe again where a trial needs it."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.analysis.addresses import with_chosen_addresses
from bot.core.analysis.follow_up_probes import ROUNDS, further_attempts
from bot.core.arm.document import Document
from bot.core.arm.environment_reader import (
    EnvironmentDocuments,
    environment_certificate_data,
    read_environments,
)
from bot.core.arm.gateway_reader import Certificates, bundle_data, certificate_data, read_gateway
from bot.core.case.attempts import wanted_attempts
from bot.core.case.case import Case
from bot.core.case.diagnosis import Diagnosis, diagnose, starting_with
from bot.core.case.dns_questions import dns_questions
from bot.core.model.certificate import Certificate
from bot.core.model.gateway import Gateway
from bot.core.model.health import Health
from bot.core.model.load import Load
from bot.core.model.network import GatewayNetwork
from bot.core.model.observation import Attempt, Lookup, NotTried, Observation
from bot.core.model.unavailable import Unavailable
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.trial import Trial
from bot.core.remedies.what_if import WhatIf, attempts_to_judge, try_options
from bot.core.report.report import Report
from bot.core.report.reporting import make_report
from bot.core.routing.routes import nic_members
from bot.core.routing.serving_route import ServedSite, Site, serving_route
from bot.core.rules import RULES
from bot.workflow.policy import Policy
from bot.workflow.ports import Azure, Prober
from bot.workflow.progress import Step, Watch, nobody


@dataclass(frozen=True, slots=True)
class Answers:
    """Azure's answers about one gateway."""

    document: Document
    health: Health
    gateway_network: GatewayNetwork | Unavailable
    environments: tuple[EnvironmentDocuments | Unavailable, ...]
    load: Load | Unavailable

    def certificate_data(self) -> Iterator[str]:
        """Every certificate text that needs to be parsed."""
        yield from certificate_data(self.document)
        yield from environment_certificate_data(self.environments)

    def case(self, certificates: Certificates, now: datetime) -> Case:
        """The case they make, before anything was probed."""
        gateway = read_gateway(self.document, certificates)
        environments = read_environments(self.environments, gateway, certificates)
        return Case(
            gateway,
            self.health,
            (),
            now,
            nic_members=nic_members(gateway, self.health),
            network=self.gateway_network,
            environments=environments,
            load=self.load,
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
        answers = await self._ask_azure(gateway_id, watch)
        certificates = {
            **self._prober.read_bundles(bundle_data(answers.document)),
            **self._prober.read_certificates(answers.certificate_data()),
        }
        asked = answers.case(certificates, began)
        if site is not None:
            asked = replace(asked, asked=site.host)
        gateway = asked.gateway
        attempts = wanted_attempts(asked)
        watch(Step("probe", _probing(attempts), "running"))
        observations, lookups = await asyncio.gather(
            self.observe(attempts, gateway, 2), self._ask_dns(asked)
        )
        first = replace(asked, observations=observations, lookups=lookups)
        case = replace(with_chosen_addresses(await self._look_further(first)), now=self._clock())
        what_if = WhatIf(case, answers.document, certificates, RULES)
        route = serving_route(gateway, site) if site else None
        served = ServedSite(site, route) if site and route else None
        # In a thread: a pool may have 1,200 members, and nobody who presses a button should wait for that.
        found = await asyncio.to_thread(diagnose, case, RULES)
        diagnosis = starting_with(found, route)
        trials = await asyncio.to_thread(try_options, what_if, diagnosis, OPTIONS)
        for _ in range(ROUNDS):
            further = attempts_to_judge(what_if, trials)
            if not further:
                break
            more = await self.observe(further, gateway, 4)
            case = replace(case, observations=(*case.observations, *more))
            what_if = replace(what_if, case=case)
            trials = await asyncio.to_thread(try_options, what_if, diagnosis, OPTIONS)
        made = len(what_if.case.observations)
        watch(Step("probe", f"Made {_connections(made)}", "done"))
        watch(Step("decide", "Compared causes and options", "done"))
        what_if = replace(what_if, case=replace(what_if.case, now=self._clock()))
        report = make_report(what_if.case, diagnosis, trials, RULES, began, served)
        return Examined(what_if, diagnosis, trials, report)

    async def _look_further(self, case: Case) -> Case:
        """The same case, with the follow-up probes that the first results called for."""
        for _ in range(ROUNDS):
            further = further_attempts(with_chosen_addresses(case))
            if not further:
                break
            more = await self.observe(further, case.gateway, 4)
            case = replace(case, observations=(*case.observations, *more))
        return case

    async def _ask_dns(self, case: Case) -> tuple[Lookup, ...]:
        """What the DNS servers of the gateway's network answer for the names in play."""
        questions = dns_questions(case)
        if not questions or not self._policy.probe:
            return ()
        return await self._prober.look_up(questions, self._policy.timeout / 4)

    async def observe(
        self, attempts: tuple[Attempt, ...], gateway: Gateway, share: int
    ) -> tuple[Observation, ...]:
        """Make the connections within 1/`share` of the total time, or say why not."""
        if not self._policy.probe:
            reason = NotTried("probing is switched off")
            return tuple(Observation(attempt, reason) for attempt in attempts)
        return await self._prober.observe(attempts, _anchors(gateway), self._policy.timeout / share)

    async def _ask_azure(self, gateway_id: str, watch: Watch) -> Answers:
        watch(Step("gateway", "Reading the gateway", "running"))
        watch(Step("health", "Reading backend health", "running"))
        asked = asyncio.create_task(self._azure.health(gateway_id, self._policy.timeout))
        try:
            document = await self._azure.read(gateway_id)
        except BaseException:
            asked.cancel()
            await asyncio.gather(asked, return_exceptions=True)
            watch(Step("gateway", "The gateway could not be read", "failed"))
            raise
        watch(Step("gateway", "Read the gateway", "done"))
        within = self._policy.timeout / 2
        health, gateway_network, environments, load = await asyncio.gather(
            asked,
            self._azure.gateway_network(document, within),
            self._azure.environments(document, within),
            self._azure.load(document, self._clock(), within),
        )
        watch(Step("health", "Read backend health", "done"))
        return Answers(document, health, gateway_network, environments, load)


def _anchors(gateway: Gateway) -> tuple[Certificate, ...]:
    found = (it.certificate for it in gateway.trusted_roots)
    # What else is in such a file is no anchor of the gateway, but may be the root that is wanted.
    behind = (other for it in gateway.trusted_roots for other in it.bundled if other.is_root)
    return (*(it for it in found if isinstance(it, Certificate)), *behind)


def _probing(attempts: tuple[Attempt, ...]) -> str:
    servers = len({(attempt.server, attempt.port) for attempt in attempts})
    return f"Connecting to {servers} backend{'s' * (servers != 1)} as the gateway does"


def _connections(count: int) -> str:
    return f"{count} connection{'s' * (count != 1)} to the backends"
