"""A second identity for writing: what is sent as which, seen by Azure, which lets each do what its role says."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from azure.identity.aio import (
    DefaultAzureCredential,
    ManagedIdentityCredential,
    WorkloadIdentityCredential,
)

from bot.azure import ResourceManager
from bot.azure.credentials import READER_TOKEN, WRITER_TOKEN, credential
from bot.azure.endpoint import parse
from bot.core.arm.permissions import Grant
from bot.core.changes.remark_text import outcome_text
from bot.core.problem import Problem
from bot.lab.azure import Recorded, forbidden
from bot.lab.azure.faults import PERMISSIONS, POLICY_CHECK, WRITE
from bot.lab.scenarios import scenario as named
from tests.azure.conftest import FAST, ID, World, open_world
from tests.azure.test_signing_in import managed_identity
from tests.azure.wild import answer
from tests.deploy.facts import role
from tests.workflow.conftest import Scene, open_scene

CLIENT = "22222222-2222-2222-2222-222222222222"
ASKS = (POLICY_CHECK, PERMISSIONS)
IDENTITIES = {READER_TOKEN: role("reader"), WRITER_TOKEN: (*role("writer"), *ASKS)}
"""The roles that the documents have people create, and of the optional operations those that a writer can use."""


@asynccontextmanager
async def two(url: str) -> AsyncIterator[ResourceManager]:
    arm = ResourceManager(url, (), CLIENT)
    try:
        yield arm
    finally:
        await arm.close()


def token_of(request: Recorded) -> str:
    return request.headers["Authorization"].removeprefix("Bearer ")


@asynccontextmanager
async def governed(folder: Path, writer: str = CLIENT) -> AsyncIterator[Scene]:
    """Microsoft's incident on v1, in an Azure that takes the roles seriously."""
    incident = named("ilb-ase")
    options = replace(incident.options, identities=IDENTITIES)
    world = replace(incident, options=options)
    async with asyncio.timeout(600), open_scene(world, folder, writer=writer) as scene:
        yield scene


async def test_only_the_put_and_what_is_asked_about_it_is_sent_as_the_writer(
    tmp_path: Path,
) -> None:
    """A whole change, with the two roles of the documents and not one operation more."""
    async with governed(tmp_path) as scene:
        healed = await scene.healed()
        assert healed.correlation
        as_writer = [it for it in scene.azure.requests if token_of(it) == WRITER_TOKEN]
        others = [it for it in scene.azure.requests if token_of(it) == READER_TOKEN]
        assert {it.action for it in as_writer} == {WRITE, POLICY_CHECK}
        assert [it.method for it in as_writer].count("PUT") == 1
        assert len(as_writer) + len(others) == len(scene.azure.requests)
        assert {it.method for it in others} == {"GET", "POST"}


async def test_without_a_second_identity_the_first_one_would_have_been_refused(
    tmp_path: Path,
) -> None:
    async with governed(tmp_path, writer="") as scene:
        ended = await scene.workflow.carry_out((await scene.approved()).id)
        assert ended.state == "failed"
        assert f"the bot's identity lacks {WRITE}" in outcome_text(ended)


async def test_a_writer_that_may_not_write_is_named(world: World) -> None:
    world.azure.set_fault(forbidden(WRITE))
    async with two(world.azure.url) as arm:
        document = await arm.read(ID)
        with pytest.raises(Problem, match=r"the writing identity \(AGW_WRITER_CLIENT_ID\) lacks"):
            await arm.put(ID, document, document["etag"], "change-1")


async def test_each_is_asked_what_it_may_do() -> None:
    async with (
        open_world(replace(FAST, identities=IDENTITIES)) as world,
        two(world.azure.url) as arm,
    ):
        assert await arm.grants(ID, 5, to_write=True) == (Grant((*IDENTITIES[WRITER_TOKEN],)),)
        refused = await arm.grants(ID, 5)
    # Its role lacks what the question takes, and the refusal names the right one.
    assert "the bot's identity lacks" in str(refused)


async def test_a_writer_that_cannot_sign_in_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int
) -> None:
    """And no other identity takes its place, though there is one."""
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "a-real-secret")
    refusal = answer(400, {"error": "invalid_request", "error_description": "no such identity"})
    async with (
        managed_identity(refusal, monkeypatch) as identity,
        two(f"https://127.0.0.1:{unused_tcp_port}") as arm,
    ):
        with pytest.raises(Problem) as caught:
            await arm.get_ready_to_put()
        with pytest.raises(Problem):
            await arm.put(ID, {}, "etag", "change-1")
    assert caught.value.code == "signin"
    assert caught.value.message.startswith(
        "Could not change a gateway: the writing identity (AGW_WRITER_CLIENT_ID) cannot sign in to Azure: "
    )
    assert "managed identity" in caught.value.hint
    assert {f"client_id={CLIENT}" in it.target for it in identity.requests} == {True}


async def test_which_credential_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AZURE_FEDERATED_TOKEN_FILE", raising=False)
    azure = parse("https://management.azure.com")
    kinds = []
    for client, federated in (("", ""), (CLIENT, ""), (CLIENT, "/var/run/secrets/azure/token")):
        if federated:
            monkeypatch.setenv("AZURE_FEDERATED_TOKEN_FILE", federated)
            monkeypatch.setenv("AZURE_TENANT_ID", CLIENT)
        made = credential(azure, client)
        kinds.append(type(made))
        await made.close()
    assert kinds == [
        DefaultAzureCredential,
        ManagedIdentityCredential,
        WorkloadIdentityCredential,
    ]
