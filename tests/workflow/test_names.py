"""DNS in a diagnosis and before a change: the name in the pool as a button, and names that go astray."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.changes.change import Card
from bot.core.changes.remark_text import outcome_text
from bot.core.model.marked import plain
from bot.core.report.option_facts import OptionFacts
from bot.lab.azure import all_healthy, any_unhealthy
from bot.lab.scenario import Scenario
from bot.lab.scenarios import scenario as named
from bot.lab.scenarios.common import ASE_IP, TEST_HOST
from bot.workflow import Granted, Refused
from tests.workflow.conftest import ADA, QUICK, Scene, open_scene


async def fqdn_in_pool(scenario: Scenario, folder: Path) -> OptionFacts:
    async with asyncio.timeout(600), open_scene(scenario, folder) as scene:
        await scene.azure.wait_health(scene.gateway, any_unhealthy)
        report = await scene.workflow.diagnose(scene.gateway_id)
    assert report.recommended == "upload_ilb_certificate"
    return next(it for it in report.options if it.id == "fqdn_in_pool")


async def test_with_the_record_the_name_is_a_button_beside_the_recommended_one(
    tmp_path: Path,
) -> None:
    found = await fqdn_in_pool(named("ilb-ase-private-zone"), tmp_path)
    assert (found.works, found.automated) == (True, True)
    assert f"From here {TEST_HOST} resolves to {ASE_IP}" in plain(found.reason)


async def test_without_it_the_record_is_told_with_the_gateways_own_network(tmp_path: Path) -> None:
    found = await fqdn_in_pool(named("ilb-ase"), tmp_path)
    assert (found.works, found.automated) == (True, False)
    assert "NXDOMAIN" in found.reason
    (link,) = [step for step in found.steps if "link vnet create" in step]
    assert plain(link).endswith("/virtualnetworks/vnet-agw-test -e false")


async def test_a_name_that_leads_elsewhere_is_no_button(tmp_path: Path) -> None:
    public = replace(named("ilb-ase"), bot_dns={TEST_HOST: ["203.0.113.7"]})
    found = await fqdn_in_pool(public, tmp_path)
    assert (found.works, found.automated) == (True, False)
    assert f"From here {TEST_HOST} resolves to 203.0.113.7" in plain(found.reason)


async def approved(scene: Scene) -> str:
    """The name in the pool, approved by its own button; its change's id."""
    incident = await scene.incident()
    await scene.workflow.store.add_incident(incident)
    offers = await scene.workflow.offers(incident)
    (offered,) = [it for it in offers if it.plan.option == "fqdn_in_pool"]
    assert isinstance(await scene.workflow.approve(offered.id, ADA), Granted)
    return offered.id


async def test_the_button_heals_and_nothing_is_written_while_the_name_is_gone(
    tmp_path: Path,
) -> None:
    scenario = named("ilb-ase-private-zone")
    async with asyncio.timeout(600), open_scene(scenario, tmp_path) as scene:
        change = await scene.workflow.carry_out(await approved(scene))
        assert change.state == "healthy", outcome_text(change)
        await scene.azure.wait_health(scene.gateway, all_healthy)
        pool = scene.azure.gateway(scene.gateway)["properties"]["backendAddressPools"][0]
        assert [it.get("fqdn") for it in pool["properties"]["backendAddresses"]] == [TEST_HOST]
        assert scene.puts == 1
        # From now on the name is a pool member: no further change is made while it does not resolve.
        scene.azure.set_dns(TEST_HOST, [])
        undo = await scene.workflow.offer_undo(change.id, ADA, Card())
        assert not isinstance(undo, Refused)
        assert isinstance(await scene.workflow.approve(undo.id, ADA), Granted)
        refused = await scene.workflow.carry_out(undo.id)
        assert (refused.state, scene.puts) == ("refused", 1)
        assert f"{TEST_HOST} does not resolve from here" in plain(outcome_text(refused))


@pytest.mark.parametrize("addresses", [[], ["10.1.5.99"]])
async def test_a_record_that_is_gone_at_the_press_stops_the_change(
    addresses: list[str], tmp_path: Path
) -> None:
    scenario = named("ilb-ase-private-zone")
    async with asyncio.timeout(600), open_scene(scenario, tmp_path) as scene:
        change_id = await approved(scene)
        scene.azure.set_dns(TEST_HOST, addresses)
        change = await scene.workflow.carry_out(change_id)
        assert (change.state, scene.puts) == ("refused", 0)
        assert TEST_HOST in outcome_text(change)


async def test_the_networks_dns_servers_are_asked_unless_probing_is_off(tmp_path: Path) -> None:
    async with asyncio.timeout(600), open_scene(named("stale-record"), tmp_path) as scene:
        server = scene.names.networks["10.9.0.5"]
        await scene.reopen(replace(QUICK, probe=False)).diagnose(scene.gateway_id)
        assert server.questions == []
        await scene.workflow.diagnose(scene.gateway_id)
        assert set(server.questions) == {"shop.contoso.com"}
