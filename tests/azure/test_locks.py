"""The locks on a gateway, over the wire."""

from dataclasses import replace

import pytest

from bot.core.model.lock import Lock
from bot.core.model.unavailable import Unavailable
from bot.lab.azure import forbidden
from bot.lab.azure.faults import LOCKS
from bot.lab.azure.locks import ManagementLock
from tests.azure.conftest import FAST, ID, ID_V2, World, arm_at, open_world
from tests.azure.wild import Reply, answer, error, wild_server

GROUP = ID.partition("/providers/")[0]
ON_GROUP = Lock(f"{GROUP}/providers/Microsoft.Authorization/locks/keep", "keep", GROUP)


async def test_those_that_forbid_a_write_are_read() -> None:
    locks = (
        ManagementLock(GROUP, "keep"),
        ManagementLock(ID, "never delete", "CanNotDelete"),
        ManagementLock(ID_V2, "another's"),
    )
    async with open_world(replace(FAST, locks=locks)) as world:
        assert await world.arm.locks(ID, 5) == (ON_GROUP,)
        (request,) = [it for it in world.azure.requests if it.action == LOCKS]
    assert request.query == {"api-version": "2016-09-01"}


async def test_where_there_is_none_the_list_is_empty(world: World) -> None:
    assert await world.arm.locks(ID, 5) == ()


async def test_a_refusal_is_not_read_and_no_error(world: World) -> None:
    world.azure.set_fault(forbidden(LOCKS))
    assert isinstance(await world.arm.locks(ID, 5), Unavailable)


@pytest.mark.parametrize(
    "reply", [answer(200, {"items": []}), answer(200, []), error(404, "NotFound"), error(500, "X")]
)
async def test_what_is_no_list_is_not_read(reply: Reply) -> None:
    async with wild_server(reply) as server, arm_at(server.url) as arm:
        assert isinstance(await arm.locks(ID, 5), Unavailable)
