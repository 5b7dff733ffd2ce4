"""`make bench`: what costs how much, as ratios within one run. Nothing here asserts: machines differ.

Each line compares two things measured one after the other on this machine, in this run.
"""

import asyncio
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from time import perf_counter

from bot.azure import ResourceManager
from bot.core.diagnosis import diagnose
from bot.core.options import OPTIONS
from bot.core.recommendation import try_options
from bot.core.rules import RULES
from bot.lab.azure import AzureLab, any_unhealthy
from bot.lab.azure.build import Site as Listener
from bot.lab.azure.build import certificate, gateway_document, https_settings, pool, probe
from bot.lab.azure.document import GatewayId
from bot.lab.backends import Backends, BackendSpec
from bot.lab.pki import authority, leaf
from bot.lab.scenarios import scenario
from bot.lab.scenarios.common import GROUP, SUBSCRIPTION, TEST_HOST, browser_certificate
from bot.probe import NetworkProber
from bot.workflow.diagnosing import Diagnostician
from tests.workflow.conftest import QUICK, Clock, open_scene

ROUNDS = 5
MANY = 20


async def main() -> None:
    """Measure everything, and print one line each."""
    print(f"Medians of {ROUNDS} rounds; ratios within this run.\n")
    one, many = await _diagnosis(1), await _diagnosis(MANY)
    _line(f"a diagnosis of {MANY} backends", many, "one of 1 backend", one)
    whole, judging = await _judging()
    _line("judging and all paper trials", judging, "the whole diagnosis", whole)
    first = await _first_step()
    _line("the first sign of progress", first, "the whole diagnosis", whole)
    helping, asking = _start("--help"), _start("lab", "--list")
    _line("agw --help", helping, "agw lab --list", asking)


async def _diagnosis(servers: int) -> float:
    """One whole diagnosis of a gateway with so many pool members, over real sockets."""
    root = authority("Bench Root CA")
    app = leaf(TEST_HOST, issuer=root)
    addresses = [f"10.9.0.{number}" for number in range(1, servers + 1)]
    document = gateway_document(
        GatewayId(SUBSCRIPTION, GROUP, "agw-bench"),
        tier="Standard",
        pools=[pool("pool", ips=addresses)],
        settings=[https_settings("https", probe="probe", authentication_certificates=["app"])],
        probes=[probe("probe", host=TEST_HOST)],
        authentication_certificates=[certificate("app", app)],
        sites=[Listener("site", TEST_HOST, "pool", "https", browser_certificate(TEST_HOST))],
    )
    specs = [BackendSpec(address=it, default=leaf(it, issuer=root).path) for it in addresses]
    async with AsyncExitStack() as stack:
        backends = await stack.enter_async_context(Backends.open(specs))
        azure = await stack.enter_async_context(AzureLab.open([document], backends))
        manager = ResourceManager(azure.url, ())
        stack.push_async_callback(manager.close)
        prober = NetworkProber(connect_to=backends.connect_to, loopback_only=True)
        diagnostician = Diagnostician(manager, prober, QUICK, Clock())
        await azure.wait_health("agw-bench", any_unhealthy)
        gateway_id = str(azure.gateway("agw-bench")["id"])
        return await _median(lambda: diagnostician.examine(gateway_id))


async def _judging() -> tuple[float, float]:
    """The whole diagnosis of the incident, and its pure part alone."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_scene(scenario("ilb-ase"), Path(folder)) as scene:
            await scene.azure.wait_health(scene.gateway, any_unhealthy)
            whole = await _median(lambda: scene.workflow.diagnose(scene.gateway_id))
            examined = await scene.diagnostician.examine(scene.gateway_id)
            paper = examined.paper

            async def judge() -> None:
                try_options(paper, diagnose(paper.case, RULES), OPTIONS)

            return whole, await _median(judge)


async def _first_step() -> float:
    with tempfile.TemporaryDirectory() as folder:
        async with open_scene(scenario("ilb-ase"), Path(folder)) as scene:
            await scene.azure.wait_health(scene.gateway, any_unhealthy)
            taken = []
            for _ in range(ROUNDS):
                began = perf_counter()
                steps: list[float] = []
                await scene.workflow.diagnose(
                    scene.gateway_id,
                    lambda _, seen=steps: seen.append(perf_counter()),  # type: ignore[misc]
                )
                taken.append(steps[0] - began)
            return statistics.median(taken)


def _start(*words: str) -> float:
    taken = []
    for _ in range(ROUNDS):
        began = perf_counter()
        subprocess.run([sys.executable, "-m", "bot", *words], check=True, capture_output=True)
        taken.append(perf_counter() - began)
    return statistics.median(taken)


async def _median(work: Callable[[], Awaitable[object]]) -> float:
    taken = []
    for _ in range(ROUNDS):
        began = perf_counter()
        await work()
        taken.append(perf_counter() - began)
    return statistics.median(taken)


def _line(what: str, seconds: float, against: str, other: float) -> None:
    print(
        f"{what:<32}{seconds * 1000:9.1f} ms   {seconds / other:7.3f} x   {against}"
        f" ({other * 1000:.1f} ms)"
    )


if __name__ == "__main__":
    asyncio.run(main())
