"""Azure Policy that denies a change: foreseen where it may be asked, and told by Azure where it may not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bot.core.changes.remark_text import outcome_text
from bot.lab.azure import forbidden
from bot.lab.azure.faults import POLICY_CHECK
from bot.lab.azure.policies import DenyPolicy
from bot.lab.scenarios import scenario as named
from bot.lab.values import Json
from tests.workflow.conftest import Scene, codes, open_scene


def second_certificate(document: Json) -> bool:
    return len(document["properties"].get("authenticationCertificates", ())) > 1


@asynccontextmanager
async def governed(folder: Path, *policies: DenyPolicy) -> AsyncIterator[Scene]:
    """Microsoft's incident on v1, in a subscription with these policies."""
    incident = named("ilb-ase")
    options = replace(incident.options, policies=policies)
    async with asyncio.timeout(600), open_scene(replace(incident, options=options), folder) as it:
        yield it


def subscription() -> str:
    return str(named("ilb-ase").gateways[0]["id"]).partition("/resourceGroups/")[0]


async def test_what_a_policy_denies_is_not_sent(tmp_path: Path) -> None:
    policy = DenyPolicy(subscription(), "one-certificate", second_certificate)
    async with governed(tmp_path, policy) as scene:
        ended = await scene.workflow.carry_out((await scene.approved()).id)
        assert (ended.state, codes(ended), scene.puts) == ("refused", ["policy_denies"], 0)
        assert "denied by the assignment one-certificate" in outcome_text(ended)


async def test_where_it_may_not_be_asked_azure_says_so(tmp_path: Path) -> None:
    policy = DenyPolicy(subscription(), "one-certificate", second_certificate)
    async with governed(tmp_path, policy) as scene:
        scene.azure.set_fault(forbidden(POLICY_CHECK))
        ended = await scene.workflow.carry_out((await scene.approved()).id)
        assert (ended.state, codes(ended), scene.puts) == ("failed", ["refused"], 1)
        assert "one-certificate" in ended.remarks[0].parts["said"]


async def test_one_that_denies_the_gateway_as_it_is_says_nothing_of_the_change(
    tmp_path: Path,
) -> None:
    policy = DenyPolicy(subscription(), "no-gateways", lambda document: True)
    async with governed(tmp_path, policy) as scene:
        ended = await scene.workflow.carry_out((await scene.approved()).id)
        # It is sent: the gateway may be exempt. Here it is not.
        assert (ended.state, codes(ended), scene.puts) == ("failed", ["refused"], 1)
