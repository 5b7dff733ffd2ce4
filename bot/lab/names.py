"""The DNS servers of one running scenario: the bot's own resolver, and those of the gateways' networks."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.lab.azure import AzureLab
from bot.lab.azure.resolver import Dns
from bot.lab.dns import DnsServer
from bot.lab.scenario import Scenario
from bot.lab.values import Endpoint

_PORT = 53


@dataclass(frozen=True, slots=True)
class NameServers:
    """Running servers: the `bot`'s own, and those of the `networks` by the address they have there."""

    bot: DnsServer
    networks: Mapping[str, DnsServer]

    @classmethod
    @asynccontextmanager
    async def open(cls, scenario: Scenario, azure: AzureLab) -> AsyncIterator["NameServers"]:
        """Run them; unless the scenario says otherwise, the bot sees names as the gateways do."""
        async with AsyncExitStack() as stack:
            own = azure.resolve if scenario.bot_dns is None else Dns(scenario.bot_dns)
            bot = await stack.enter_async_context(DnsServer.open(own))
            networks = {
                address: await stack.enter_async_context(DnsServer.open(Dns(names)))
                for address, names in scenario.dns_servers.items()
            }
            yield cls(bot, networks)

    @property
    def connect_to(self) -> dict[Endpoint, Endpoint]:
        """Where a query for a DNS server of a network is sent instead."""
        return {(address, _PORT): server.endpoint for address, server in self.networks.items()}
