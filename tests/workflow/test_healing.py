"""The order of things: diagnosis, offer, approval, one PUT, proof, undo; on real sockets."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.arm.verification import differences
from bot.core.changes.change import Card, Change
from bot.lab.azure import any_unhealthy
from bot.lab.scenarios import scenario as named
from bot.workflow import Granted, Refused, Step
from bot.workflow.lookup_result import Found, NotFound
from tests.store.make import entries_of
from tests.workflow.conftest import ADA, Scene, codes, open_scene


async def test_the_incident_is_diagnosed_with_both_certificates(scene: Scene) -> None:
    steps: list[Step] = []
    await scene.azure.wait_health(scene.gateway, any_unhealthy)
    report = await scene.workflow.diagnose(scene.gateway_id, steps.append)
    assert (report.verdict, report.recommended) == ("fault", "upload_ilb_certificate")
    backend = report.backends[0]
    assert "whitelisted" in (backend.health_message or "")
    served = {it.sni: it.chain[0].sha256 for it in backend.handshakes}
    assert len(set(served.values())) == 2
    stored = backend.stored[0].certificate
    assert stored is not None
    assert served["test.appgwtestase.com"] == stored.sha256
    done = [step.key for step in steps if step.state == "done"]
    assert done == ["gateway", "health", "probe", "decide"]


@pytest.mark.parametrize("name", ["ilb-ase", "ilb-ase-v2", "ilb-ase-v2-root"])
async def test_each_scenario_is_healed_by_one_put_and_undone_by_one_more(
    name: str, tmp_path: Path
) -> None:
    async with open_scene(named(name), tmp_path) as scene:
        before = scene.azure.gateway(scene.gateway)
        offered = await scene.offer()
        assert offered.plan.option == scene.scenario.expected.option
        healed = await _carry_out(scene, offered.id)
        assert (healed.state, scene.puts) == ("healthy", 1)
        report = await scene.workflow.diagnose(scene.gateway_id)
        assert report.verdict == "healthy"

        undo = await scene.workflow.offer_undo(healed.id, ADA, Card())
        assert not isinstance(undo, Refused)
        await _carry_out(scene, undo.id)
        assert scene.puts == 2
        assert differences(before, scene.azure.gateway(scene.gateway)) == ()
        await scene.azure.wait_health(scene.gateway, any_unhealthy)


async def test_what_a_change_has_left_is_offered_on_its_card_and_heals_the_rest(
    tmp_path: Path,
) -> None:
    async with open_scene(named("two-sites-two-faults"), tmp_path) as scene:
        incident = await scene.incident()
        await scene.workflow.store.add_incident(incident)
        offers = {it.plan.option: it for it in await scene.workflow.offers(incident)}
        first = offers["upload_root_certificate"]
        ended = await _carry_out(scene, first.id)
        assert (ended.state, codes(ended)[0]) == ("not_healthy", "healed_in_part")
        await scene.workflow.left_behind(ended)
        left = await scene.workflow.offers_left(ended)
        assert [it.plan.option for it in left] == ["set_host_name"]
        assert {it.card.incident for it in left} == {ended.card.incident}
        assert left[0].plan.etag == ended.after_etag
        assert await scene.workflow.left_behind(ended) == ()
        done = await _carry_out(scene, left[0].id)
        assert (done.state, scene.puts) == ("healthy", 2)
        assert await scene.workflow.offers_left(done) == ()


async def test_nothing_is_offered_for_a_gateway_that_somebody_has_changed_since(
    scene: Scene,
) -> None:
    healed = await scene.healed()
    other = replace(healed, after_etag="another")
    assert await scene.workflow.offers_left(other) == ()


async def _carry_out(scene: Scene, change_id: str) -> Change:
    decision = await scene.workflow.approve(change_id, ADA)
    assert isinstance(decision, Granted)
    return await scene.workflow.carry_out(change_id)


async def test_the_audit_log_tells_the_whole_story(scene: Scene) -> None:
    change = await scene.healed()
    entries = [it async for it in entries_of(scene.workflow.store, scene.gateway)]
    assert [entry.action for entry in entries] == [
        "offered",
        "approved",
        "put_intended",
        "put_answered",
        "read_back",
        "verified",
    ]
    told = {key: value for entry in entries for key, value in entry.details.items()}
    assert told["digest"] == change.plan.digest
    assert told["before_etag"] == change.plan.etag != told["after_etag"]
    assert told["correlation"]
    assert change.plan.certificates[0].sha256 in told["shown"]


async def test_progress_is_told_step_by_step(scene: Scene) -> None:
    steps: list[Step] = []
    await scene.workflow.carry_out((await scene.approved()).id, steps.append)
    done = [step.key for step in steps if step.state == "done"]
    assert done == ["backend", "write", "azure", "compare", "health", "diagnose"]


async def test_finding_a_gateway_by_name_and_by_host(scene: Scene) -> None:
    by_name = await scene.workflow.name("AGW-TEST")
    assert isinstance(by_name, Found)
    by_host = await scene.workflow.name("https://test.appgwtestase.com/x")
    assert isinstance(by_host, Found)
    assert by_host.candidate == by_name.candidate
    assert by_host.host == "test.appgwtestase.com"
    by_id = await scene.workflow.name(scene.gateway_id)
    assert isinstance(by_id, Found)
    unknown = await scene.workflow.name("agw-tset")
    assert isinstance(unknown, NotFound)
    assert unknown.nearest[0] == "agw-test"


async def test_unknown_names_do_not_list_the_gateways_over_and_over(scene: Scene) -> None:
    def lists() -> int:
        return sum(
            1 for it in scene.azure.requests if it.path.lower().endswith("/applicationgateways")
        )

    for name in ("agw-x", "agw-y", "agw-z"):
        assert isinstance(await scene.workflow.name(name), NotFound)
    assert lists() == 1
    scene.clock.ahead = timedelta(seconds=11)
    await scene.workflow.name("agw-x")
    assert lists() == 2
    await scene.workflow.name("agw-test")
    assert lists() == 2
