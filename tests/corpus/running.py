"""One scenario of the corpus, running, with the real workflow on it; only the times are short."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.azure import ResourceManager
from bot.core.arm import edit
from bot.core.changes.change import Change, Person
from bot.core.remedies.trial import Trial
from bot.core.remedies.what_if import recommended
from bot.core.report.incident import Incident
from bot.core.report.report import Report
from bot.lab.azure import AzureLab
from bot.lab.azure.reports import ServerHealth
from bot.lab.backends import Backends
from bot.lab.names import NameServers
from bot.lab.pki import Issued
from bot.lab.scenario import Scenario
from bot.lab.values import Json
from bot.probe import NetworkProber
from bot.store import SqliteStore
from bot.workflow import Granted, Policy, Workflow
from bot.workflow.diagnosing import Diagnostician
from handlers.blocks.card import CardView, card
from handlers.blocks.kit import Message

ADA = Person("T0LAB", "U0ADA")

# Long enough for a busy machine; the servers that never answer take no time (tests.eventloop).
QUICK = Policy(
    timeout=30,
    health_poll=0.05,
    health_rounds=0,
    health_least=10,
    operation_least=0.05,
    operation_most=20,
)


@dataclass(frozen=True, slots=True)
class Running:
    """A running scenario, and a workflow that looks at it."""

    scenario: Scenario
    azure: AzureLab
    workflow: Workflow
    manager: ResourceManager
    diagnostician: Diagnostician

    @property
    def gateway(self) -> str:
        return self.scenario.expected.gateway

    async def settled(self) -> list[ServerHealth]:
        """The health of the gateway, once every server was probed, or nobody probes."""
        return await self.azure.wait_health(
            self.gateway,
            lambda lines: all(line.health != "Unknown" or line.log for line in lines),
            timeout=30,
        )

    async def serves_clients(self) -> bool:
        """Whether the lab's gateway gets an answer for clients of every site that a listener names.

        Those of a TCP/TLS proxy get a connection to each server behind it.
        """
        listeners = self.azure.gateway(self.gateway)["properties"]["httpListeners"]
        every = [host for each in listeners for host in _hosts(each["properties"])]
        wide = [host.replace("*", "anybody") for host in every]
        hosts = [host for host in every if "*" not in host] or wide or ["anybody.example.com"]
        connected = await self.azure.proxies_connect(self.gateway)
        served = [await self.azure.serves(self.gateway, host) for host in hosts]
        return all((*served, *connected.values()))

    async def diagnosed(self) -> Report:
        return await self.workflow.diagnose(str(self.azure.gateway(self.gateway)["id"]))

    async def changed_by_hand(self) -> Trial | None:
        """Make a change that is recommended to people as they would; None if there is none, or more to do than it."""
        examined = await self.diagnostician.examine(str(self.azure.gateway(self.gateway)["id"]))
        best = recommended(examined.trials)
        if best is None or best.automated or best.proposal is None:
            return None
        if not best.proposal.is_change_only:
            return None
        document = examined.what_if.document
        changed = edit.apply(best.proposal.edits, document)
        gateway_id, etag = str(document["id"]), str(document["etag"])
        await self.manager.put(gateway_id, changed, etag, "by-hand")
        return best

    async def card(self, report: Report) -> Message:
        """The card that people see of it, with its buttons; it is offered to nobody else."""
        now = report.made
        incident = Incident(
            "i0", report.gateway.id, self.gateway, "C1", "1.1", ADA, "", now, report
        )
        offers = await self.workflow.offers(incident)
        for offer in offers:
            await self.workflow.reject(offer.id, ADA)
        return card(CardView(incident, offers, ("U0ADA", "S0NETOPS"), now=now))

    async def remedied(self, report: Report) -> Change:
        """Offer what the report recommends, approve it, carry it out."""
        now = datetime.now(UTC)
        gateway_id = report.gateway.id
        incident = Incident("i1", gateway_id, self.gateway, "C1", "1.1", ADA, "", now, report)
        await self.workflow.store.add_incident(incident)
        offers = await self.workflow.offers(incident)
        offered = next(offer for offer in offers if offer.plan.option == report.recommended)
        decision = await self.workflow.approve(offered.id, ADA)
        assert isinstance(decision, Granted)
        return await self.workflow.carry_out(decision.change.id)


@asynccontextmanager
async def running(scenario: Scenario, folder: Path) -> AsyncIterator[Running]:
    """Run one scenario, and a workflow with its real edges."""
    quick = replace(scenario.options, put_seconds=0, health_seconds=0.02, retry_after=0)
    authorities = _bundle(scenario.options.public_authorities, folder / "public.pem")
    async with AsyncExitStack() as stack:
        backends = await stack.enter_async_context(Backends.open(scenario.backends))
        azure = await stack.enter_async_context(
            AzureLab.open(scenario.gateways, backends, scenario.dns, quick)
        )
        names = await stack.enter_async_context(NameServers.open(scenario, azure))
        for fault in scenario.faults:
            azure.set_fault(fault)
        manager = ResourceManager(azure.url)
        stack.push_async_callback(manager.close)
        store = await SqliteStore.open(f"sqlite:///{folder / 'agw.db'}")
        stack.push_async_callback(store.close)
        ways = scenario.reached({**backends.connect_to, **names.connect_to})
        prober = NetworkProber(ways, True, authorities, dns_servers=[names.bot.endpoint])
        workflow = Workflow(manager, prober, store, QUICK, _now)
        diagnostician = Diagnostician(manager, prober, QUICK, _now)
        yield Running(scenario, azure, workflow, manager, diagnostician)


def _hosts(listener: Json) -> list[str]:
    """Its host names and wildcards."""
    found = [listener.get("hostName", ""), *listener.get("hostNames", ())]
    return [host for host in found if host]


def _now() -> datetime:
    return datetime.now(UTC)


def _bundle(authorities: Sequence[Issued], path: Path) -> Path:
    path.write_bytes(b"".join(each.pem for each in authorities))
    return path
