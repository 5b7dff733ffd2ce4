"""The workflow with its real edges, against the lab's Azure and backends; only the times are short."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.azure import ResourceManager
from bot.core.changes.change import Change, Person
from bot.core.changes.remark_text import outcome_text
from bot.core.report.incident import Incident
from bot.core.report.report import Report
from bot.lab.azure import AzureLab, all_healthy, any_unhealthy
from bot.lab.backends import Backends
from bot.lab.names import NameServers
from bot.lab.scenario import Scenario
from bot.lab.scenarios import scenario as named
from bot.probe import NetworkProber
from bot.workflow import Granted, Policy, Workflow
from bot.workflow.diagnosing import Diagnostician
from tests import databases
from tests.databases import Database
from tests.eventloop import this_loop

ADA = Person("T0LAB", "U0ADA")
BEN = Person("T0LAB", "U0BEN")

QUICK = Policy(
    timeout=60,
    health_poll=0.05,
    health_rounds=0,
    health_least=20,
    operation_least=0.05,
    operation_longest=0.5,
    operation_most=20,
    settle=timedelta(seconds=4),
)
"""Short, though the clock leaps: the gateways go on probing every 0.3 seconds of it."""


def codes(change: Change) -> list[str]:
    """What is said of a change."""
    return [it.code for it in change.remarks]


class Clock:
    """A clock that a test can move on, and that goes on with the loop's."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead + timedelta(seconds=this_loop().leapt)


@dataclass
class Scene:
    """A running scenario with a workflow on it."""

    scenario: Scenario
    azure: AzureLab
    backends: Backends
    names: NameServers
    workflow: Workflow
    clock: Clock
    reopen: Callable[[Policy], Workflow]
    diagnostician: Diagnostician
    database: Database
    _numbers: Iterator[int] = field(default_factory=partial(count, 1))

    @property
    def gateway(self) -> str:
        return self.scenario.expected.gateway

    @property
    def gateway_id(self) -> str:
        return str(self.azure.gateway(self.gateway)["id"])

    @property
    def puts(self) -> int:
        return sum(1 for request in self.azure.requests if request.method == "PUT")

    async def incident(self) -> Incident:
        """The diagnosis of the scenario's gateway, once it has been found unhealthy."""
        await self.azure.wait_health(self.gateway, any_unhealthy)
        report = await self.workflow.diagnose(self.gateway_id)
        return self.incident_of(report)

    def incident_of(self, report: Report) -> Incident:
        now, name = self.clock(), f"i{next(self._numbers)}"
        return Incident(name, self.gateway_id, self.gateway, "C1", "1.1", ADA, "", now, report)

    async def offer(self) -> Change:
        """The recommended change, offered."""
        incident = await self.incident()
        await self.workflow.store.add_incident(incident)
        return (await self.workflow.offers(incident))[0]

    async def approved(self) -> Change:
        """The recommended change, approved."""
        offered = await self.offer()
        decision = await self.workflow.approve(offered.id, ADA)
        assert isinstance(decision, Granted)
        return decision.change

    async def healed(self) -> Change:
        """The recommended change, carried out."""
        change = await self.workflow.carry_out((await self.approved()).id)
        assert change.state == "healthy", outcome_text(change)
        await self.azure.wait_health(self.gateway, all_healthy)
        return change

    def audit_actions(self, entries: Any) -> list[str]:
        return [entry.action for entry in entries]


@asynccontextmanager
async def open_scene(
    scenario: Scenario,
    folder: Path,
    policy: Policy = QUICK,
    lock_timeout: float = 5.0,
    database: Database | None = None,
    writer: str = "",
) -> AsyncIterator[Scene]:
    """Run a scenario with quick Azure operations, and a workflow on it; `writer` is a second identity of the bot."""
    quick = replace(scenario.options, put_seconds=0.2, health_seconds=0.02, retry_after=0)
    clock = Clock()
    async with AsyncExitStack() as stack:
        backends = await stack.enter_async_context(Backends.open(scenario.backends))
        azure = await stack.enter_async_context(
            AzureLab.open(scenario.gateways, backends, scenario.dns, quick)
        )
        names = await stack.enter_async_context(NameServers.open(scenario, azure))
        manager = ResourceManager(azure.url, (), writer)
        stack.push_async_callback(manager.close)
        database = database or await databases.here(folder)
        store = await database.store(lock_timeout)
        stack.push_async_callback(store.close)
        ways = {**backends.connect_to, **names.connect_to}
        prober = NetworkProber(ways, loopback_only=True, dns_servers=[names.bot.endpoint])

        def reopen(policy: Policy) -> Workflow:
            return Workflow(manager, prober, store, policy, clock)

        diagnostician = Diagnostician(manager, prober, policy, clock)
        workflow = reopen(policy)
        yield Scene(
            scenario, azure, backends, names, workflow, clock, reopen, diagnostician, database
        )


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """Microsoft's incident on v1."""
    async with asyncio.timeout(600), open_scene(named("ilb-ase"), tmp_path) as found:
        yield found
