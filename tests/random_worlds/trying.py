"""One case from beginning to end: the lab's word, the bot's report, and what each remedy really does."""

import asyncio
import tempfile
import traceback
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from bot.azure import ResourceManager
from bot.core.arm import edit
from bot.core.problem import Problem
from bot.core.remedies.trial import NoFaultLeft, Trial
from bot.core.report.report import to_json
from bot.lab.azure import AzureLab
from bot.lab.azure.errors import Refused
from bot.lab.azure.validation import check
from bot.lab.backends import Backends, BackendSpec, Denying
from bot.lab.names import NameServers
from bot.lab.pki import Issued
from bot.lab.values import Json
from bot.probe import NetworkProber
from bot.workflow import Policy
from bot.workflow.diagnosing import Diagnostician, Examined
from tests.eventloop import LeapingLoop
from tests.random_worlds.witness import Word, word_about
from tests.random_worlds.worlds import Case, World, world

# Time is free where nobody works: silent servers cost nothing (tests.eventloop).
_POLICY = Policy(timeout=60, health_poll=0.05, operation_least=0.02, operation_most=20)
_PATIENCE = 600.0


@dataclass(frozen=True, slots=True)
class Remedy:
    """An option that the bot says works, carried out: `promised` are the (settings, server) pairs it claims to heal.

    `why`: the change was not carried out, and why not; `after` is then None.
    """

    option: str
    recommended: bool
    automated: bool
    promised: frozenset[tuple[str, str]]
    after: Word | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a case. `error` is a traceback, empty if there was none."""

    case: Case
    faults: tuple[str, ...]
    remarks: tuple[str, ...]
    size: tuple[int, int]
    word: Word | None = None
    report: dict[str, Any] = field(default_factory=dict)
    remedies: tuple[Remedy, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """A world that runs."""

    azure: AzureLab
    backends: Backends
    manager: ResourceManager
    diagnostician: Diagnostician


def try_case(case: Case, *, judged: bool = True) -> Tried:
    """Try a case in an event loop of its own."""
    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        return runner.run(tried(case, judged=judged))


async def tried(case: Case, *, judged: bool = True) -> Tried:
    """Try a case; whatever is raised on the way is part of the result. If it is not `judged`, only the bot is asked."""
    made = world(case)
    result = Tried(case, tuple(made.faults), tuple(made.remarks), made.size)
    try:
        async with asyncio.timeout(_PATIENCE), running(made) as run:
            document = run.azure.gateway(made.scenario.expected.gateway)
            if judged:
                result = replace(result, word=await _judged(made, run, document))
            await _settled(run.azure, str(document["name"]))
            examined = await run.diagnostician.examine(str(document["id"]))
            result = replace(result, report=to_json(examined.report))
            if not judged or not _can_be_written(document):
                return result
            remedies = [
                await _carried_out(made, run, examined, trial)
                for trial in examined.trials
                if trial.works and trial.proposal and trial.proposal.is_change_only
            ]
            return replace(result, remedies=tuple(remedies))
    except Exception:
        return replace(result, error=traceback.format_exc())


def _can_be_written(document: Json) -> bool:
    """Whether Azure would take the gateway as it is: then what it refuses of a change is the change's fault."""
    try:
        check(document)
    except Refused:
        return False
    return True


async def _judged(made: World, run: Open, document: Json) -> Word:
    scenario = made.scenario
    options = replace(scenario.options, put_seconds=0, health_seconds=0, retry_after=0)
    choosy = [it for it in scenario.backends if isinstance(it.behaviour, Denying)]
    denying = {(it.address, it.port) for it in choosy if scenario.options.source in _denied(it)}
    closed = {(it.address, it.port) for it in choosy} - denying | made.only_for_the_gateway
    return await word_about(
        document, run.backends, scenario.dns, options, made.hosts, closed, denying, _unheard(made)
    )


def _unheard(made: World) -> frozenset[str]:
    """Names that everybody can look up but the gateway, which asks the DNS servers that its network had before."""
    scenario = made.scenario
    answers = [it.keys() for it in scenario.dns_servers.values()]
    known = frozenset(scenario.bot_dns or ()).intersection(*answers) if answers else frozenset()
    return known - frozenset(scenario.dns)


def _denied(server: BackendSpec) -> tuple[str, ...]:
    return server.behaviour.sources if isinstance(server.behaviour, Denying) else ()


async def _settled(azure: AzureLab, gateway: str) -> None:
    """Every server was probed, or nobody probes."""
    await azure.wait_health(
        gateway, lambda lines: all(it.health != "Unknown" or it.log for it in lines), _PATIENCE
    )


async def _carried_out(made: World, run: Open, examined: Examined, trial: Trial) -> Remedy:
    """Write the change to an Azure of its own, and let fresh gateways judge the document that it then has."""
    proposal = trial.proposal
    assert proposal
    original = made.scenario.gateways[0]
    changed = edit.apply(proposal.edits, examined.what_if.document)
    remedy = Remedy(
        _name(trial),
        examined.report.recommended == trial.option.id,
        trial.automated,
        frozenset(_promised(trial)),
        None,
    )
    name, written = str(original["name"]), asyncio.Event()
    options = replace(made.scenario.options, put_seconds=0, health_seconds=0, retry_after=0)
    async with AzureLab.open([original], run.backends, made.scenario.dns, options) as azure:
        azure.subscribe(lambda event: written.set() if event.kind == "configuration" else None)
        manager = ResourceManager(azure.url)
        try:
            etag = str(azure.gateway(name)["etag"])
            await manager.put(str(original["id"]), changed, etag, "random")
            await written.wait()
        except Problem as problem:
            return replace(remedy, why=str(problem))
        finally:
            await manager.close()
        document = azure.gateway(name)
    return replace(remedy, after=await _judged(made, run, document))


def _name(trial: Trial) -> str:
    return f"{trial.option.id}+{trial.together_with}" if trial.together_with else trial.option.id


def _promised(trial: Trial) -> Iterator[tuple[str, str]]:
    """What the trial says of no fault being left (labels as `server:port (pool / settings)`), and what it heals."""
    for part in trial.relief.heals:
        if part.server is not None and part.http_settings is not None:
            yield part.http_settings, part.server
    if isinstance(trial.outcome, NoFaultLeft):
        for label in trial.outcome.backends:
            plain = "".join(it for it in label if it.isprintable() and it not in "`")
            server, _, rest = plain.partition(" (")
            yield rest.rstrip(")").partition(" / ")[2].strip(), server.rpartition(":")[0].strip()


@asynccontextmanager
async def running(made: World) -> AsyncIterator[Open]:
    """Servers, Azure, DNS, and the bot's real edges on them."""
    scenario = made.scenario
    quick = replace(scenario.options, put_seconds=0, health_seconds=0.02, retry_after=0)
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
        ways = {**backends.connect_to, **names.connect_to}
        ways = {
            left: right for left, right in ways.items() if left not in made.only_for_the_gateway
        }
        bundle = _bundle(scenario.options.public_authorities)
        prober = NetworkProber(ways, True, bundle, dns_servers=[names.bot.endpoint])
        yield Open(azure, backends, manager, Diagnostician(manager, prober, _POLICY, _now))


@cache
def _bundle(authorities: Sequence[Issued]) -> Path:
    """The well-known CAs of this world in a file, once for the process."""
    with tempfile.NamedTemporaryFile(suffix=".pem", delete=False) as file:
        file.write(b"".join(each.pem for each in authorities))
    return Path(file.name)


def _now() -> datetime:
    return datetime.now(UTC)
