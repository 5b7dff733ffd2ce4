"""The image: a small one, without root, that says how it is."""

import json
import re
import subprocess
import sys
from pathlib import Path

from dockerfile_parse import DockerfileParser  # type: ignore[import-untyped]

from tests.deploy.facts import is_answered, is_known
from tests.tooling.tree import ROOT, tracked_files

DOCKERFILE = ROOT / "Dockerfile"


def steps() -> list[tuple[str, str]]:
    """Each instruction with its text."""
    with DOCKERFILE.open("rb") as file:
        found = DockerfileParser(fileobj=file).structure
    return [(it["instruction"], it["value"]) for it in found if it["instruction"] != "COMMENT"]


def last(instruction: str) -> str:
    return [text for name, text in steps() if name == instruction][-1]


def test_the_linter_has_nothing_to_say() -> None:
    linter = Path(sys.executable).with_name("hadolint")
    ran = subprocess.run([linter, DOCKERFILE], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, "")


def test_the_linter_can_complain(tmp_path: Path) -> None:
    worse = tmp_path / "Dockerfile"
    worse.write_text(f"{DOCKERFILE.read_text()}\nRUN apt-get install curl\n")
    linter = Path(sys.executable).with_name("hadolint")
    assert subprocess.run([linter, worse], capture_output=True, check=False).returncode == 1


def test_it_does_not_run_as_root() -> None:
    assert re.fullmatch("[1-9][0-9]*:[1-9][0-9]*", last("USER"))


def test_base_images_are_named_without_a_registry_and_with_a_version() -> None:
    bases = [text.split()[0] for name, text in steps() if name == "FROM"]
    assert len(bases) == 2
    assert all(re.fullmatch(r"python:3\.11-[a-z-]+", it) for it in bases)


def test_everything_that_is_copied_is_tracked() -> None:
    tracked = {str(it.relative_to(ROOT)) for it in tracked_files()}
    sources = [
        source
        for name, text in steps()
        if name == "COPY" and "--from" not in text
        for source in text.split()[:-1]
    ]
    assert "requirements.lock" in sources
    assert all(any(it == path or path.startswith(f"{it}/") for path in tracked) for it in sources)


def test_its_settings_exist() -> None:
    names = re.findall(r"([A-Z_]+)=", last("ENV"))
    assert "AGW_HEALTH_LISTEN" in names
    assert all(map(is_known, names))


def test_the_health_check_asks_what_the_bot_answers() -> None:
    command = json.loads(last("HEALTHCHECK").partition("CMD ")[2])
    (path,) = re.findall(r"http://127\.0\.0\.1:8080(/\w+)", command[-1])
    assert is_answered(path)
    compile(command[-1], "HEALTHCHECK", "exec")
