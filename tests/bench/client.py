"""The client in C that makes the same TLS connections as the probe: what nothing on this machine does with less."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import certifi


@dataclass(frozen=True, slots=True)
class Connected:
    """Seconds of CPU and of time, how many connections were answered, how many chains verified, OpenSSL's version."""

    cpu: float
    took: float
    answered: int
    verified: int
    version: str


async def connected(
    client: Path, port: int, roots: Path, counts: Sequence[int], *, with_http: bool
) -> Connected:
    """As many connections at once as the first count says; each of the next counts, as those before come to an end."""
    process = await asyncio.create_subprocess_exec(
        *(str(client), str(port), str(int(with_http)), str(roots), *map(str, counts)),
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    cpu, took, answered, verified, version = said.decode().split(maxsplit=4)
    return Connected(float(cpu), float(took), int(answered), int(verified), version.split()[1])


def write_roots(path: Path, own: str) -> None:
    """The roots against which it verifies: the public ones, and one more."""
    path.write_text(f"{Path(certifi.where()).read_text()}\n{own}")
