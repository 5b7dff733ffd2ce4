"""Does exactly the Dockerfile's steps without an engine: `make try-image`.

Every absolute path of the image lies below an empty folder; only what the Dockerfile copies gets there. Base images and
users are not imitated: the Python is the one that runs this. Then the image's command is started in the lab's world,
with nothing writable but what the Dockerfile made, and its health check is asked.
"""

import asyncio
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.lab.scenarios import scenario
from bot.lab.world import World, open_world
from tests.deploy.test_dockerfile import steps
from tests.tooling.tree import ROOT, tracked_files

PATHS = re.compile(r"(?<![\w./-])/(?:src|opt/agw|var/lib/agw)\b")
READY = "agw is connected to Slack."


@dataclass(slots=True)
class Image:
    """What the steps have led to. All stages share one folder, because they share no path."""

    root: Path
    work: Path = Path()
    arguments: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    health: list[str] = field(default_factory=list)
    entry: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)

    def here(self, text: str) -> str:
        """The text with this machine's paths."""
        return PATHS.sub(lambda found: f"{self.root}{found[0]}", text)

    def run(self, text: str) -> None:
        # A plain user cannot give files away; whose they are is no matter without root.
        told = re.sub(r" -[og] \d+", "", self.here(text)).replace(
            "make ", f"make PYTHON={sys.executable} "
        )
        environment = {**os.environ, **self.arguments}
        subprocess.run(["sh", "-euc", told], cwd=self.work, env=environment, check=True)

    def copy(self, text: str) -> None:
        *sources, to = text.split()
        if sources[0].startswith("--from"):
            assert self.here(sources[1]) == self.here(to), "stages share this path"
            return
        tracked = [it.relative_to(ROOT) for it in tracked_files()]
        for source in sources:
            for path in tracked:
                if path == Path(source) or Path(source) in path.parents:
                    inside = path.relative_to(source) if Path(source) in path.parents else path
                    copied = self.work / (to if Path(source) in path.parents else ".") / inside
                    copied.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(ROOT / path, copied)

    def take(self, instruction: str, text: str) -> None:
        match instruction:
            case "WORKDIR":
                self.work = Path(self.here(text))
                self.work.mkdir(parents=True)
            case "ARG":
                name, _, value = text.partition("=")
                self.arguments[name] = os.environ.get(name, value)
            case "COPY":
                self.copy(text)
            case "RUN":
                self.run(text)
            case "ENV":
                # SQLite's URL has its path behind three slashes.
                pairs = (it.partition("=") for it in shlex.split(text))
                self.environment = {
                    name: value.replace("sqlite:///", f"sqlite:///{self.root}", 1)
                    for name, _, value in pairs
                }
            case "HEALTHCHECK":
                self.health = json.loads(text.partition("CMD ")[2])
            case "ENTRYPOINT":
                self.entry = json.loads(text)
            case "CMD":
                self.command = json.loads(text)


async def try_it(image: Image, world: World) -> None:
    """Start it as an engine would, and ask how it is."""
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **image.environment}
    environment |= {
        it: world.environment[it] for it in world.environment if it != "AGW_DATABASE_URL"
    }
    command = [image.here(it) for it in (*image.entry, *image.command)]
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, cwd="/", stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(60):
            assert (await process.stdout.readline()).decode().strip() == READY
        check = await asyncio.create_subprocess_exec(*map(image.here, image.health))
        assert await check.wait() == 0, "the health check fails"
        process.terminate()
        async with asyncio.timeout(20):
            assert await process.wait() == 0, "it did not end when it was asked to"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def main() -> None:
    began = time.monotonic()
    with TemporaryDirectory() as folder:
        image = Image(Path(folder))
        for instruction, text in steps():
            image.take(instruction, text)
        async with open_world(scenario("ilb-ase")) as world:
            await try_it(image, world)
    print(f"The image's steps work, and its bot is healthy ({time.monotonic() - began:.0f} s).")


if __name__ == "__main__":
    asyncio.run(main())
