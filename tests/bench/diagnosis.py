"""A diagnosis of one server against one of many: connections are made side by side."""

import copy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.azure import ResourceManager
from bot.cli.wiring import now
from bot.lab.azure import AzureLab
from bot.lab.backends import Backends
from bot.lab.scenario import Scenario
from bot.lab.scenarios import scenario as named
from bot.probe import NetworkProber
from bot.workflow import Policy
from bot.workflow.diagnosing import Diagnostician, Examined
from tests.bench.measure import Ratio, seconds

MANY = 20


async def one_server_and_many() -> list[Ratio]:
    """Twenty servers should cost far less than twenty times one."""
    many = await diagnosed(with_servers(MANY))
    return [
        Ratio(f"diagnosis of {MANY} servers, against 1", many, await diagnosed(with_servers(1)))
    ]


async def diagnosed(scenario: Scenario) -> float:
    """Seconds for one diagnosis; Azure answers as fast as it can."""
    async with opened(scenario) as (diagnostician, gateway_id):

        async def diagnose() -> Examined:
            return await diagnostician.examine(gateway_id)

        return await seconds(diagnose)


def with_servers(count: int) -> Scenario:
    """Microsoft's incident with so many App Service Environments in each pool."""
    scenario = named("ilb-ase")
    addresses = [f"10.9.0.{number}" for number in range(1, count + 1)]
    document = copy.deepcopy(scenario.gateways[0])
    for pool in document["properties"]["backendAddressPools"]:
        pool["properties"]["backendAddresses"] = [{"ipAddress": it} for it in addresses]
    backends = tuple(replace(scenario.backends[0], address=it) for it in addresses)
    return replace(scenario, gateways=(document,), backends=backends)


@asynccontextmanager
async def opened(scenario: Scenario) -> AsyncIterator[tuple[Diagnostician, str]]:
    """The bot's diagnosis on its real edges, and the gateway's id."""
    quick = replace(scenario.options, health_seconds=0.0, retry_after=0)
    async with (
        Backends.open(scenario.backends) as backends,
        AzureLab.open(scenario.gateways, backends, scenario.dns, quick) as azure,
    ):
        manager = ResourceManager(azure.url)
        try:
            prober = NetworkProber(connect_to=backends.connect_to, loopback_only=True)
            gateway_id = str(azure.gateway(scenario.expected.gateway)["id"])
            yield Diagnostician(manager, prober, Policy(), now), gateway_id
        finally:
            await manager.close()
