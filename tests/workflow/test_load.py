"""The load of a gateway in a diagnosis: said where it is too much, and where it could not be read."""

from pathlib import Path

import pytest

from bot.core.report.report import Report
from bot.lab.azure import all_healthy, forbidden, server_error
from bot.lab.azure.faults import METRICS, Fault
from bot.lab.scenarios import scenario as named
from tests.workflow.conftest import Scene, open_scene


async def diagnosed(name: str, folder: Path) -> Report:
    async with open_scene(named(name), folder) as scene:
        for fault in scene.scenario.faults:
            scene.azure.set_fault(fault)
        await scene.azure.wait_health(scene.gateway, all_healthy)
        report = await scene.workflow.diagnose(scene.gateway_id)
    assert report.verdict == "healthy"
    return report


def warned(report: Report) -> bool:
    return "capacity_at_ceiling" in [it.rule for it in report.findings]


@pytest.mark.parametrize(
    ("name", "peak", "ceiling", "too_much"),
    [
        ("autoscaling-at-its-maximum", 43.4, 40, True),
        ("fixed-capacity-exceeded", 22.8, 20, True),
        ("v1-processors-busy", 96.4, 90, True),
        ("load-just-below-the-ceiling", 39.9, 40, False),
        ("v1-processors-warm", 89.9, 90, False),
        ("autoscaling-without-a-maximum", 205.0, None, False),
    ],
)
async def test_it_is_told_where_it_is_too_much(
    name: str, peak: float, ceiling: float | None, too_much: bool, tmp_path: Path
) -> None:
    report = await diagnosed(name, tmp_path)
    assert report.load is not None
    assert (report.load.peak, report.load.ceiling) == (peak, ceiling)
    assert warned(report) is too_much
    assert any("could not be compared" in it for it in report.notes) is (ceiling is None)


async def test_without_the_permission_it_is_said_to_be_unknown(tmp_path: Path) -> None:
    report = await diagnosed("load-not-permitted", tmp_path)
    assert not warned(report)
    assert report.load is None
    (note,) = report.notes
    assert note.startswith("The load of the gateway is not known: the bot's identity lacks ")
    assert METRICS in note


@pytest.mark.parametrize("fault", [forbidden(METRICS), server_error(METRICS)])
async def test_a_fault_is_found_all_the_same(scene: Scene, fault: Fault) -> None:
    scene.azure.set_fault(fault)
    report = await scene.workflow.diagnose(scene.gateway_id)
    assert (report.verdict, report.recommended) == ("fault", "upload_ilb_certificate")
    assert report.load_not_read
    assert not [it for it in report.notes if "load" in it]
