"""Somebody else writes the gateway while our change is rolled out: Azure cancels ours and goes on with theirs.

By design of the service (Azure/azure-cli, issue 21156): so what counts is what the gateway holds in the end.
"""

import asyncio
from collections.abc import Callable

import aiohttp

from bot.core.arm import edit
from bot.core.arm.document import Json
from bot.core.changes.change import Change
from bot.core.changes.remark_text import outcome_text
from bot.workflow import Refused, Step
from tests.workflow.conftest import ADA, Scene, codes

API = "2024-10-01"


class Stranger:
    """Writes the gateway once, as soon as Azure has taken our change."""

    def __init__(self, scene: Scene, change: Change, method: str, body: Callable[[Json], Json]):
        self._scene = scene
        self._change = change
        self._method = method
        self._body = body
        self._wrote: asyncio.Task[int] | None = None

    def watch(self, step: Step) -> None:
        if step.key == "azure" and self._wrote is None:
            self._wrote = asyncio.create_task(self._write())

    async def status(self) -> int:
        assert self._wrote is not None, "Azure never took our change"
        return await self._wrote

    async def _write(self) -> int:
        document = self._scene.azure.gateway(self._scene.gateway)
        url = f"{self._scene.azure.url}{document['id']}?api-version={API}"
        headers = {"Authorization": "Bearer lab"}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.request(self._method, url, json=self._body(document)) as answer,
        ):
            return answer.status


def tagged(document: Json) -> Json:
    """All that is there, ours included, and a tag."""
    return {**document, "tags": {"owner": "somebody else"}}


def only_tags(_: Json) -> Json:
    return {"tags": {"owner": "somebody else"}}


async def carried_out(
    scene: Scene, method: str, body: Callable[[Json], Json]
) -> tuple[Change, Change]:
    """The approved change, and its end after a stranger wrote in the middle of it."""
    change = await scene.approved()
    stranger = Stranger(scene, change, method, body)
    ended = await scene.workflow.carry_out(change.id, stranger.watch)
    assert await stranger.status() in (200, 201)
    return change, ended


def ours(scene: Scene, change: Change) -> bool:
    return edit.holds(change.plan.edits, scene.azure.gateway(scene.gateway))


async def test_one_that_keeps_our_change_heals_as_well_and_is_told_of(scene: Scene) -> None:
    change, ended = await carried_out(scene, "PUT", tagged)
    assert ended.state == "healthy", outcome_text(ended)
    assert codes(ended) == ["verified", "differs"]
    assert "tags" in ended.remarks[1].parts["where"]
    assert ours(scene, change)
    # One of them is the stranger's.
    assert scene.puts == 2


async def test_one_that_drops_our_change_is_left_alone_and_nothing_is_sent_again(
    scene: Scene,
) -> None:
    before = scene.azure.gateway(scene.gateway)
    change, ended = await carried_out(scene, "PUT", lambda _: before)
    assert ended.state == "failed"
    assert codes(ended) == ["superseded"]
    assert not ours(scene, change)
    assert scene.puts == 2
    undo = await scene.workflow.offer_undo(change.id, ADA, change.card)
    assert isinstance(undo, Refused)


async def test_tags_that_are_patched_in_between_change_nothing_of_ours(scene: Scene) -> None:
    change, ended = await carried_out(scene, "PATCH", only_tags)
    assert ended.state == "healthy", outcome_text(ended)
    assert ours(scene, change)
    assert scene.puts == 1
