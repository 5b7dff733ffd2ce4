"""The store fails while a change is carried out: never an answer of Azure, and nothing is lost by it."""

from pathlib import Path

from bot.core.changes.remark_text import outcome_text
from bot.lab.azure import AzureEvent
from bot.lab.scenarios import scenario as named
from tests import databases
from tests.databases import Kind, Outage
from tests.store.make import entries_of
from tests.workflow.conftest import QUICK, Scene, codes, open_scene

PATIENCE: dict[Kind, float] = {"sqlite": 0.05, "postgresql": 1.0}
"""Seconds for a lock, or for an answer of a server that is a process of its own."""


def lock_from_the_put_on(scene: Scene, outage: Outage, requests: int) -> None:
    """Nobody can use the database when the PUT has arrived, until Azure has answered so many requests more."""
    left, begun = requests, False

    def look(event: AzureEvent) -> None:
        nonlocal left, begun
        if event.request is None:
            return
        if event.request.method == "PUT":
            outage.begin()
            begun = True
        elif begun:
            left -= 1
            if left == 0:
                outage.end()
                stop()

    stop = scene.azure.subscribe(look)


async def test_a_store_that_is_locked_from_the_put_on_changes_no_word_of_it(tmp_path: Path) -> None:
    database = await databases.here(tmp_path)
    patience = PATIENCE[database.kind]
    async with (
        databases.outage(database) as outage,
        open_scene(named("ilb-ase"), tmp_path, QUICK, patience, outage.database) as scene,
    ):
        change = await scene.approved()
        lock_from_the_put_on(scene, outage, requests=3)
        ended = await scene.workflow.carry_out(change.id)
        assert (ended.state, codes(ended), scene.puts) == ("healthy", ["verified"], 1), (
            outcome_text(ended)
        )
        assert await scene.workflow.store.change(change.id) == ended
        actions = [it.action async for it in entries_of(scene.workflow.store, scene.gateway)]
        assert actions[-4:] == ["put_intended", "put_answered", "read_back", "verified"]


async def test_a_replica_that_loses_the_change_says_nothing_and_the_next_one_ends_it(
    tmp_path: Path,
) -> None:
    async with open_scene(named("ilb-ase"), tmp_path) as scene:
        change = await scene.approved()
        store = scene.workflow.store
        lease = await store.take(f"change:{change.id}", "another life", 60)
        assert lease is not None
        left = await scene.workflow.carry_out(change.id)
        assert (left.state, scene.puts) == ("approved", 0)
        await store.let_go(lease)
        ended = await scene.workflow.carry_out(change.id)
        assert (ended.state, scene.puts) == ("healthy", 1)


async def test_the_last_word_is_stored_with_the_end(tmp_path: Path) -> None:
    async with open_scene(named("ilb-ase"), tmp_path) as scene:
        change = await scene.healed()
        seen = []
        while words := await scene.workflow.store.unsaid(10):
            for it in words:
                seen.append((it.word.kind, it.word.about))
                await scene.workflow.store.said(it.seq)
        assert seen[-2:] == [("card", change.id), ("reply", change.id)]
