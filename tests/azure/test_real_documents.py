"""What the real Azure sent passes through both ways without a change."""

import json
from typing import Any

import pytest

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
