"""The identity's own permissions, over the wire."""

from dataclasses import replace

import pytest

from bot.core.arm.permissions import Grant
from bot.core.model.unavailable import Unavailable
from bot.lab.azure import forbidden
from bot.lab.azure.faults import PERMISSIONS
from tests.azure.conftest import FAST, ID, World, arm_at, open_world
from tests.azure.wild import Reply, answer, error, wild_server


async def test_they_are_read_as_they_are() -> None:
    async with open_world(replace(FAST, denied=("*/write",))) as world:
        assert await world.arm.grants(ID, 5) == (Grant(("*",), ("*/write",)),)
        (request,) = [it for it in world.azure.requests if it.action == PERMISSIONS]
    assert request.query == {"api-version": "2022-04-01"}


async def test_a_refusal_is_not_read_and_no_error(world: World) -> None:
    world.azure.set_fault(forbidden(PERMISSIONS))
    assert isinstance(await world.arm.grants(ID, 5), Unavailable)


@pytest.mark.parametrize(
    "reply",
    [
        answer(200, {"value": [{"actions": ["*"]}], "nextLink": "/more"}),
        answer(200, {"items": []}),
        answer(200, []),
        error(404, "NotFound"),
        error(500, "InternalServerError"),
    ],
)
async def test_what_is_no_whole_list_is_not_read(reply: Reply) -> None:
    async with wild_server(reply) as server, arm_at(server.url) as arm:
        assert isinstance(await arm.grants(ID, 5), Unavailable)
