"""The states of a gateway in which nothing can be changed: no button that would be refused."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.workflow.conftest import Scene


def in_state(**properties: str) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        document["properties"].update(properties)

    return change


@pytest.mark.parametrize(
    "state",
    [
        {"operationalState": "Stopped"},
        {"operationalState": "Stopping"},
        {"operationalState": "Starting"},
        {"provisioningState": "Deleting"},
    ],
)
async def test_where_nothing_can_be_changed_nothing_is_offered(
    scene: Scene, state: dict[str, str]
) -> None:
    await scene.incident()
    scene.azure.edit(scene.gateway, in_state(**state))
    report = await scene.workflow.diagnose(scene.gateway_id)
    offered = await scene.workflow.offers(scene.incident_of(report))
    assert [it.plan.option for it in offered] == []


async def test_a_gateway_whose_last_change_was_cancelled_can_be_changed(scene: Scene) -> None:
    scene.azure.edit(scene.gateway, in_state(provisioningState="Canceled"))
    assert (await scene.healed()).state == "healthy"
