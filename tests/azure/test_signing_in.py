"""Whose token goes where. The real credential is used here as well, asking a server of the test for its token."""

import asyncio
import gc
import logging
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.azure import ResourceManager, signing_in
from bot.core.model.health import HealthNotKnown
from bot.core.problem import Problem
from tests.azure.conftest import ID, World, arm_at
from tests.azure.wild import SILENT, Reply, WildServer, answer, wild_server

SERVICE_PRINCIPAL = {
    "AZURE_TENANT_ID": "11111111-1111-1111-1111-111111111111",
    "AZURE_CLIENT_ID": "22222222-2222-2222-2222-222222222222",
    "AZURE_CLIENT_SECRET": "a-real-secret",
}

TOKEN = answer(
    200, {"access_token": "T", "expires_on": str(int(time.time()) + 3600), "resource": "R"}
)


@asynccontextmanager
async def managed_identity(
    reply: Reply, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[WildServer]:
    """The managed identity of an App Service, which answers like this when it is asked for a token."""
    async with wild_server(reply) as server:
        monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential")
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{server.url}/token")
        monkeypatch.setenv("IDENTITY_HEADER", "header")
        yield server


async def problem_of_reading(url: str) -> Problem:
    async with arm_at(url) as arm:
        with pytest.raises(Problem) as caught:
            await arm.read(ID)
    return caught.value


async def test_on_loopback_no_real_credential_is_used(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SERVICE_PRINCIPAL.items():
        monkeypatch.setenv(name, value)
    await world.arm.read(ID)
    await world.arm.health(ID, 5)
    assert {each.headers["Authorization"] for each in world.azure.requests} == {"Bearer lab"}


async def test_over_the_network_only_https() -> None:
    with pytest.raises(Problem) as caught:
        ResourceManager("http://10.0.0.1")
    assert caught.value.code == "bad_setting"


async def test_a_token_is_asked_for_the_endpoint(
    monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int
) -> None:
    url = f"https://127.0.0.1:{unused_tcp_port}"
    async with managed_identity(TOKEN, monkeypatch) as identity:
        found = await problem_of_reading(url)
    # Signed in; but nobody is at that address.
    assert found.code == "unreachable"
    assert {f"resource={url}" in each.target for each in identity.requests} == {True}


async def test_no_token_is_to_be_had(monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int) -> None:
    async with managed_identity(answer(400, {"error": "invalid_request"}), monkeypatch):
        found = await problem_of_reading(f"https://127.0.0.1:{unused_tcp_port}")
    assert found.code == "signin"


async def test_signing_in_has_an_end(monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int) -> None:
    monkeypatch.setattr(signing_in, "SIGN_IN_WITHIN", 0.3)
    async with managed_identity(SILENT, monkeypatch):
        found = await problem_of_reading(f"https://127.0.0.1:{unused_tcp_port}")
    assert found.code == "signin"
    assert "took more than 0.3 seconds" in found.message


async def test_nobody_has_signed_in(monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int) -> None:
    # The environment is the one place where azure-identity looks without leaving the process.
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
    async with arm_at(f"https://127.0.0.1:{unused_tcp_port}") as arm:
        with pytest.raises(Problem) as reading:
            await arm.read(ID)
        with pytest.raises(Problem) as writing:
            await arm.put(ID, {}, "etag", "change-1")
        health = await arm.health(ID, 5)
    assert reading.value.code == writing.value.code == "signin"
    assert reading.value.message.startswith(
        "Could not read gateway agw-one: the bot cannot sign in to Azure: "
    )
    assert "az login" in reading.value.hint
    assert isinstance(health, HealthNotKnown)
    assert "cannot sign in" in health.reason


async def test_a_proxy_is_for_the_world_outside(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with wild_server(answer(403)) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        await world.arm.read(ID)
        assert proxy.requests == []


async def test_a_put_that_the_proxy_refuses_was_not_sent(
    monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int
) -> None:
    async with managed_identity(TOKEN, monkeypatch), wild_server(answer(407)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        async with arm_at(f"https://127.0.0.1:{unused_tcp_port}") as arm:
            with pytest.raises(Problem) as caught:
                await arm.put(ID, {}, "etag", "change-1")
    assert caught.value.code == "unreachable"
    assert [each.method for each in proxy.requests] == ["CONNECT"]


async def test_neither_token_nor_document_is_logged(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    document = {**await world.arm.read(ID), "tags": {"by": "a-password"}}
    await world.arm.put(ID, document, document["etag"], "change-1")
    assert "applicationGateways/agw-one" in caplog.text
    assert "Bearer" not in caplog.text
    assert "a-password" not in caplog.text


async def test_calls_side_by_side_share_one_connection(world: World) -> None:
    await asyncio.gather(*(world.arm.read(ID) for _ in range(5)))
    assert len(world.requests("GET")) == 5


async def test_closing(world: World) -> None:
    unused = ResourceManager(world.azure.url)
    await unused.close()
    used = ResourceManager(world.azure.url)
    await used.read(ID)
    await used.close()
    await used.close()
    del unused, used
    # What was left open would warn now, and a warning is an error.
    gc.collect()


async def test_the_command_line_does_not_load_azure() -> None:
    code = "import sys, bot.cli.wiring; sys.exit(any(it.startswith('azure') for it in sys.modules))"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    assert await process.wait() == 0
