"""The commands under the evidence show whoever runs them what the bot says it saw."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.lab.world import World
from tests.cli.conftest import Here
from tests.cli.running import environment, world_of
from tests.cli.tools import needs


def at_the_lab(command: str, world: World) -> str:
    """The same command with the backend's address, and nothing else, replaced by where the lab has it."""
    for (address, port), (host, real) in world.backends.connect_to.items():
        command = command.replace(f"{address}:{port}", f"{host}:{real}")
    return command


async def shell(command: str) -> str:
    process = await asyncio.create_subprocess_shell(
        command, env=environment({}), stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(20):
        out, _ = await process.communicate()
    return out.decode()


async def report(world: World, here: Here) -> Any:
    ran = await here(world.environment, "diagnose", world.scenario.expected.gateway, "--json")
    return ran.document


def commands(document: Any, program: str) -> Iterator[str]:
    """Each command once."""
    every = [it for finding in document["findings"] for it in finding["commands"]]
    return (it for it in dict.fromkeys(every) if it.startswith(program))


def shows_chain(command: str) -> bool:
    """Whether it lists subjects and issuers, and not what is in the first certificate."""
    return "grep" in command


@pytest.mark.parametrize("name", ["ilb-ase", "ilb-ase-v2", "root-not-uploaded"])
async def test_openssl_shows_the_same_certificate(name: str, here: Here) -> None:
    needs("openssl")
    async with world_of(name) as world:
        document = await report(world, here)
        served = {
            (made["sni"], made["chain"][0]["sha256"])
            for backend in document["backends"]
            for made in backend["handshakes"]
        }
        shown = set()
        for command in commands(document, "openssl s_client"):
            if shows_chain(command):
                continue
            said = await shell(at_the_lab(command, world))
            found = re.search("sha256 Fingerprint=([0-9A-F:]+)", said, re.IGNORECASE)
            assert found, f"{command}\n{said}"
            sni = re.search(r"-servername (\S+)", command)
            shown.add((sni and sni[1], found[1].replace(":", "").lower()))
        # The handshake that the gateway itself makes is always among them.
        probed = {backend["probe"]["sni"] for backend in document["backends"]}
        assert probed <= {sni for sni, _ in shown}
        assert shown <= served


@pytest.mark.parametrize("name", ["ilb-ase-v2", "root-not-uploaded"])
async def test_openssl_shows_the_same_chain(name: str, here: Here) -> None:
    needs("openssl")
    async with world_of(name) as world:
        document = await report(world, here)
        chains = {
            made["sni"]: [it["subject"].replace(" ", "") for it in made["chain"]]
            for backend in document["backends"]
            for made in backend["handshakes"]
        }
        asked = [it for it in commands(document, "openssl s_client") if shows_chain(it)]
        assert asked
        for command in asked:
            said = (await shell(at_the_lab(command, world))).replace(" ", "")
            sni = re.search(r"-servername (\S+)", command)
            assert re.findall(r"^\d+s:(.*)$", said, re.MULTILINE) == chains[sni and sni[1]]


async def test_openssl_shows_that_only_the_small_hello_is_taken(here: Here) -> None:
    needs("openssl")
    async with world_of("large-hello-reset") as world:
        document = await report(world, here)
        small, large = commands(document, "openssl s_client")
        assert "Cipher is TLS_" in await shell(at_the_lab(small, world))
        assert "Cipher is (NONE)" in await shell(at_the_lab(large, world))
    async with world_of("large-hello-taken") as world:
        assert "Cipher is TLS_" in await shell(at_the_lab(large, world))


@pytest.mark.parametrize(
    "name", ["host-unknown", "server-error", "v1-host-unknown", "default-probe-unknown-host"]
)
async def test_curl_shows_the_same_status(name: str, here: Here) -> None:
    needs("curl")
    async with world_of(name) as world:
        document = await report(world, here)
        probed = {backend["http"]["status"] for backend in document["backends"]}
        (command, *_) = commands(document, "curl")
        status = await shell(at_the_lab(command, world))
        assert probed == {int(status)}, command
