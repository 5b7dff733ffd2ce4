"""One running scenario: its backends, its Azure, its Slack, and how a bot is pointed at them.

async with open_world(scenario("ilb-ase"), port=8502) as world:
    world.environment        what a bot needs, as environment variables (the public contract)
    world.azure, world.slack, world.backends
"""

import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from bot.lab.azure import AzureLab
from bot.lab.backends import Backends
from bot.lab.names import NameServers
from bot.lab.scenario import Scenario
from bot.lab.slack import Limits, SlackWorkspace
from bot.lab.values import Json

APPROVERS = "S0NETOPS"
CHANNEL = "C0INCIDENTS"


@dataclass(frozen=True, slots=True)
class World:
    """A running scenario. `environment` is complete: it needs nothing from the caller's own."""

    scenario: Scenario
    backends: Backends
    azure: AzureLab
    slack: SlackWorkspace
    environment: Mapping[str, str]


@asynccontextmanager
async def open_world(
    scenario: Scenario,
    *,
    port: int = 0,
    state: Path | None = None,
    limits: Limits | None = None,
) -> AsyncIterator[World]:
    """Run everything on 127.0.0.1; the page is at `port` (0: any free port).

    `state` is the folder for the bot's database; without one it is deleted at the end.
    `limits` are those of its Slack; None: as in life.
    """
    async with AsyncExitStack() as stack:
        folder = state or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="agw-lab-")))
        backends = await stack.enter_async_context(Backends.open(scenario.backends))
        azure = await stack.enter_async_context(
            AzureLab.open(scenario.gateways, backends, scenario.dns, scenario.options)
        )
        names = await stack.enter_async_context(NameServers.open(scenario, azure))
        for fault in scenario.faults:
            azure.set_fault(fault)
        card: Json = {"name": scenario.name, "title": scenario.title, "story": list(scenario.story)}
        card["files"] = [
            {"name": name, "text": pem.decode("ascii")} for name, pem in scenario.exported.items()
        ]
        slack = await stack.enter_async_context(
            SlackWorkspace.open(port=port, scenario_card=card, limits=limits or Limits())
        )
        environment = {
            **_environment(scenario, azure, slack, folder),
            "AGW_CONNECT_TO": _connect_to(scenario, backends, names),
            "AGW_DNS_SERVERS": f"127.0.0.1:{names.bot.port}",
        }
        slack.tell_environment(environment)
        yield World(scenario, backends, azure, slack, environment)


def _environment(
    scenario: Scenario, azure: AzureLab, slack: SlackWorkspace, folder: Path
) -> dict[str, str]:
    found = {
        "AGW_ARM_URL": azure.url,
        "AGW_LOOPBACK_ONLY": "1",
        "AGW_DATABASE_URL": f"sqlite:///{folder / 'agw.db'}",
        "AGW_APPROVERS": APPROVERS,
        "AGW_REPORT_CHANNELS": CHANNEL,
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
    }
    authorities = scenario.options.public_authorities
    if authorities:
        bundle = folder / "public-authorities.pem"
        bundle.write_bytes(
            b"".join(it.certificate.public_bytes(Encoding.PEM) for it in authorities)
        )
        found["AGW_PUBLIC_CA_FILE"] = str(bundle)
    return found


def _connect_to(scenario: Scenario, backends: Backends, names: NameServers) -> str:
    """Where the bot finds everything that the lab runs at an address of its own, and that it can reach."""
    ways = scenario.reached({**backends.connect_to, **names.connect_to})
    return ",".join(
        f"{address}:{port}={host}:{real}" for (address, port), (host, real) in ways.items()
    )
