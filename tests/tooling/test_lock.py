"""requirements.lock: every package pinned, with hashes, from nowhere in particular."""

import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.tooling.tree import ROOT, project

PIN = re.compile(
    r"(?P<name>[a-z0-9-]+)==(?P<version>[a-z0-9.]+)(?P<hashes>( --hash=sha256:[0-9a-f]{64})+)"
)
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
AZURE_CLI = (ROOT / ".ci" / "azure-cli.lock").read_text(encoding="utf-8")
LOCKS = pytest.mark.parametrize("lock", [LOCK, AZURE_CLI], ids=["bot", "azure-cli"])


def entries(lock: str) -> list[str]:
    """One logical line for each requirement: comments dropped, continued lines joined."""
    code = "\n".join(line for line in lock.splitlines() if not line.lstrip().startswith("#"))
    joined = re.sub(r" *\\\n *", " ", code)
    return [line for line in joined.splitlines() if line.strip()]


def unhashed(lock: str) -> list[str]:
    """The lines that are not one exact version with at least one SHA-256."""
    return [line for line in entries(lock) if not PIN.fullmatch(line)]


def unlocked(wanted: list[str], lock: str) -> list[str]:
    """The requirements that no pin of the lock satisfies."""
    pins = {it["name"]: it["version"] for line in entries(lock) if (it := PIN.fullmatch(line))}

    def satisfied(need: Requirement) -> bool:
        version = pins.get(canonicalize_name(need.name))
        return version is not None and need.specifier.contains(version)

    return [text for text in wanted if not satisfied(Requirement(text))]


@LOCKS
def test_every_requirement_has_hashes(lock: str) -> None:
    assert len(entries(lock)) > 40
    assert unhashed(lock) == []


@pytest.mark.parametrize(
    "line",
    [
        "idna==3.20",
        "idna>=3 --hash=sha256:" + "0" * 64,
        "idna==3.20 --hash=md5:" + "0" * 32,
        "--pre",
        "idna @ file:somewhere --hash=sha256:" + "0" * 64,
    ],
)
def test_a_line_without_pin_or_hash_is_found(line: str) -> None:
    assert unhashed(LOCK + line + "\n") == [line]


@LOCKS
def test_no_address_and_no_path_stands_in_it(lock: str) -> None:
    # Neither a URL nor a path of any system can be written without one of these.
    assert "/" not in lock.replace(" .ci/azure-cli.in", "")
    assert not re.search(r"\\(?!\n)", lock)


def test_the_lock_holds_what_the_project_asks_for() -> None:
    about = project()["project"]
    wanted = [
        *about["dependencies"],
        *about["optional-dependencies"]["dev"],
        *project()["build-system"]["requires"],
    ]
    assert unlocked(wanted, LOCK) == [], "run: make lock"


def test_the_azure_clis_lock_holds_what_its_file_asks_for() -> None:
    asked = (ROOT / ".ci" / "azure-cli.in").read_text(encoding="utf-8")
    assert unlocked(entries(asked), AZURE_CLI) == [], "run: make azure-cli-lock"


def test_a_requirement_that_the_lock_misses_is_found() -> None:
    wanted = ["idna", "idna<1", "no-such-package", "PyYAML"]
    assert unlocked(wanted, LOCK) == ["idna<1", "no-such-package"]
