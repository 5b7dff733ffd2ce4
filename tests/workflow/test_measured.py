"""What is counted of diagnoses and changes, where it ends otherwise than well."""

from collections.abc import Mapping

import pytest

from bot.core.problem import Problem
from bot.lab.values import Json
from bot.telemetry import (
    CHANGE_SECONDS,
    CHANGES,
    DIAGNOSES,
    DIAGNOSIS_SECONDS,
    Metric,
    heard_by,
)
from bot.workflow import Granted
from tests.workflow.conftest import ADA, Scene


def stopped(document: Json) -> None:
    document["properties"]["operationalState"] = "Stopped"


class Heard:
    """Keeps what is recorded, without calls to Azure."""

    def __init__(self) -> None:
        self.records: list[tuple[Metric, float, Mapping[str, str]]] = []

    def record(self, metric: Metric, value: float, labels: Mapping[str, str]) -> None:
        self.records.append((metric, value, labels))

    def of(self, *metrics: Metric) -> list[tuple[str, ...]]:
        return [(it.name, *labels.values()) for it, _, labels in self.records if it in metrics]


async def test_a_gateway_that_cannot_be_read_is_a_failed_diagnosis(scene: Scene) -> None:
    heard = Heard()
    with heard_by(heard), pytest.raises(Problem):
        await scene.workflow.diagnose(f"{scene.gateway_id}-gone")
    assert heard.of(DIAGNOSES, DIAGNOSIS_SECONDS) == [
        ("agw_diagnosis_seconds",),
        ("agw_diagnoses_total", "failed"),
    ]


async def test_an_offer_that_is_rejected_ends_and_takes_no_time(scene: Scene) -> None:
    heard = Heard()
    with heard_by(heard):
        offer = await scene.offer()
        assert isinstance(await scene.workflow.reject(offer.id, ADA), Granted)
        # Pressed once more: it has ended already.
        await scene.workflow.reject(offer.id, ADA)
    assert heard.of(CHANGES, CHANGE_SECONDS) == [("agw_changes_total", "rejected")]


async def test_a_change_that_is_refused_ends_with_its_time(scene: Scene) -> None:
    heard = Heard()
    with heard_by(heard):
        change = await scene.approved()
        scene.azure.edit(scene.gateway, stopped)
        ended = await scene.workflow.carry_out(change.id)
    assert ended.state == "refused"
    assert heard.of(CHANGES, CHANGE_SECONDS) == [
        ("agw_changes_total", "refused"),
        ("agw_change_seconds",),
    ]
