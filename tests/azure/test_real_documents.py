"""What the real Azure sent passes through both ways without a change."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bot.core.analysis.health_message import classify
from bot.core.arm.health_reader import read_health, read_trial
from bot.core.model.health import BackendHealth
from tests.azure.conftest import ID, arm_at
from tests.azure.real import recordings
from tests.azure.wild import Reply, Request, answer, wild_server


@pytest.mark.parametrize("document", recordings("gateways/*.json"))
async def test_a_recorded_gateway(document: Any) -> None:
    def reply(request: Request) -> Reply:
        listed = request.target.lower().partition("?")[0].endswith("/applicationgateways")
        return answer(200, {"value": [document]} if listed else document)

    async with wild_server(reply) as server, arm_at(server.url, ["s"]) as arm:
        assert await arm.read(ID) == document
        assert (await arm.list_gateways()).gateways == (document,)
        await arm.put(ID, document, "etag", "change-1")
        assert json.loads(server.requests[-1].body) == document


def servers(part: Any) -> Iterator[Any]:
    """Every server of a report, however deep."""
    if isinstance(part, dict):
        yield from part.get("servers") or ()
    for it in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from servers(it)


@pytest.mark.parametrize("report", recordings("health/*.json"))
def test_a_recorded_health_report(report: Any) -> None:
    found = read_health(report) if "backendAddressPools" in report else read_trial(report)
    assert isinstance(found, BackendHealth)
    assert [it.server for it in found.servers] == [it["address"] for it in servers(report)]
    for it in found.servers:
        assert it.state in ("healthy", "unhealthy")
        assert it.message is None or classify(it.message) != "other"
