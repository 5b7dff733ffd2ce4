"""What Azure holds of an App Service Environment, in a diagnosis and in what it offers."""

from dataclasses import replace
from pathlib import Path

from bot.core.report.option_facts import OptionFacts
from bot.core.report.report import Report
from bot.lab.azure import any_unhealthy, forbidden
from bot.lab.azure.faults import ENVIRONMENTS
from bot.lab.scenario import Scenario
from bot.lab.scenarios import scenario as named
from tests.workflow.conftest import Scene, open_scene

PEER = "99999999-2222-3333-4444-555555555555"


async def diagnosed(scene: Scene) -> Report:
    await scene.azure.wait_health(scene.gateway, any_unhealthy)
    return await scene.workflow.diagnose(scene.gateway_id)


def upload(report: Report) -> OptionFacts:
    return next(it for it in report.options if it.id == "upload_ilb_certificate")


async def test_the_certificate_from_the_socket_is_the_one_that_azure_holds(scene: Scene) -> None:
    report = await diagnosed(scene)
    (environment,) = report.environments
    assert (environment.name, environment.version, environment.shown) == ("ase-test", "v2", "ilb")
    served = next(it.chain[0] for it in report.backends[0].handshakes if it.sni is None)
    assert [it.sha256 for it in environment.ilb_certificates] == [served.sha256]
    assert "Azure holds the same certificate as the ILB certificate" in upload(report).reason


async def test_v3_tells_which_of_its_certificates_it_shows(tmp_path: Path) -> None:
    async with open_scene(named("ilb-ase-v2"), tmp_path) as scene:
        report = await diagnosed(scene)
    (environment,) = report.environments
    assert (environment.version, environment.shown) == ("v3", "custom_suffix")


async def test_v3_tells_how_its_custom_suffix_is_going(tmp_path: Path) -> None:
    healthy = named("ilb-ase-v2")
    going = tuple(replace(it, suffix_state="Degraded") for it in healthy.options.environments)
    degraded = replace(healthy, options=replace(healthy.options, environments=going))
    async with open_scene(degraded, tmp_path) as scene:
        report = await diagnosed(scene)
    (environment,) = report.environments
    assert environment.suffix_state == "Degraded"
    assert (environment.suffix_certificate or "").endswith(".vault.azure.net/secrets/suffix")
    assert any("Azure says about its custom suffix" in it for it in report.notes)


def in_another_subscription(scenario: Scenario) -> Scenario:
    """The same, with its environments in a subscription of their own."""
    moved = tuple(replace(it, subscription=PEER) for it in scenario.options.environments)
    return replace(scenario, options=replace(scenario.options, environments=moved))


async def test_one_in_another_subscription_is_told_as_well(tmp_path: Path) -> None:
    async with open_scene(in_another_subscription(named("ilb-ase")), tmp_path) as scene:
        report = await diagnosed(scene)
    (environment,) = report.environments
    assert environment.id.startswith(f"/subscriptions/{PEER}/")
    assert environment.shown == "ilb"
    assert "Azure holds the same certificate as the ILB certificate" in upload(report).reason


async def test_a_refusal_in_another_subscription_is_told(tmp_path: Path) -> None:
    async with open_scene(in_another_subscription(named("ilb-ase")), tmp_path) as scene:
        scene.azure.set_fault(forbidden(ENVIRONMENTS, subscription=PEER))
        report = await diagnosed(scene)
    assert report.environments == ()
    assert f"{ENVIRONMENTS} on /subscriptions/{PEER}" in (report.environments_not_read or "")


async def test_without_the_permission_the_diagnosis_is_the_same(scene: Scene) -> None:
    scene.azure.set_fault(forbidden(ENVIRONMENTS))
    report = await diagnosed(scene)
    assert (report.verdict, report.recommended) == ("fault", "upload_ilb_certificate")
    assert report.environments == ()
    assert ENVIRONMENTS in (report.environments_not_read or "")
    assert "it was not compared with what Azure holds" in upload(report).reason


async def test_another_certificate_than_azure_holds_is_not_offered(tmp_path: Path) -> None:
    async with open_scene(named("ilb-ase-other-certificate"), tmp_path) as scene:
        incident = await scene.incident()
        await scene.workflow.store.add_incident(incident)
        assert await scene.workflow.offers(incident) == ()
    assert incident.report is not None
    assert incident.report.recommended == "remove_cause"  # By hand.
    assert [it.id for it in incident.report.options if it.works] == ["remove_cause"]
    assert not incident.report.help_url
    assert "shows a different certificate" in upload(incident.report).reason
