"""Azure Policy's check of a document, over the wire."""

from dataclasses import replace

import pytest

from bot.core.arm.document import GATEWAY_API_VERSION
from bot.core.model.unavailable import Unavailable
from bot.lab.azure import forbidden
from bot.lab.azure.faults import POLICY_CHECK
from bot.lab.azure.policies import DenyPolicy
from bot.lab.values import Json
from tests.azure.conftest import FAST, ID, World, arm_at, open_world
from tests.azure.wild import Reply, answer, error, wild_server

GROUP = ID.partition("/providers/")[0]


def without_tag(document: Json) -> bool:
    return "owner" not in document.get("tags", {})


POLICIES = (
    DenyPolicy(GROUP.partition("/resourceGroups/")[0], "owner-needed", without_tag),
    DenyPolicy(GROUP, "never", lambda document: False),
    DenyPolicy(f"{GROUP}-2", "elsewhere", lambda document: True),
)


async def test_the_assignments_that_would_deny_it_are_read() -> None:
    async with open_world(replace(FAST, policies=POLICIES)) as world:
        document = await world.arm.read(ID)
        assert await world.arm.policy_denials(ID, document, 5) == ("owner-needed",)
        tagged = {**document, "tags": {"owner": "netops"}}
        assert await world.arm.policy_denials(ID, tagged, 5) == ()
        (first, _) = [it for it in world.azure.requests if it.action == POLICY_CHECK]
    assert (first.method, first.query) == ("POST", {"api-version": "2022-03-01"})
    assert isinstance(first.body, dict)
    asked = first.body["resourceDetails"]
    assert asked["apiVersion"] == GATEWAY_API_VERSION
    assert asked["resourceContent"]["properties"] == document["properties"]


async def test_a_refusal_is_not_read_and_no_error(world: World) -> None:
    world.azure.set_fault(forbidden(POLICY_CHECK))
    assert isinstance(await world.arm.policy_denials(ID, {}, 5), Unavailable)


@pytest.mark.parametrize(
    "reply", [answer(200, {"items": []}), answer(200, []), error(404, "NotFound"), error(500, "X")]
)
async def test_what_is_no_check_is_not_known(reply: Reply) -> None:
    async with wild_server(reply) as server, arm_at(server.url) as arm:
        assert isinstance(await arm.policy_denials(ID, {}, 5), Unavailable)
