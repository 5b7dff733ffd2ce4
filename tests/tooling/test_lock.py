"""The locks: every package pinned, with hashes, from nowhere in particular; the bot's holds nothing but the bot's."""

import re
from collections.abc import Iterable
from importlib.metadata import distributions, requires

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.tooling.tree import ROOT, project

PIN = re.compile(
    r"(?P<name>[a-z0-9-]+)==(?P<version>[a-z0-9.]+)(?P<hashes>( --hash=sha256:[0-9a-f]{64})+)"
)
BOT, OTEL, DEV, BUILD, AZURE_CLI, PEERS = (
    (ROOT / name).read_text(encoding="utf-8")
    for name in (
        "requirements.lock",
        "requirements-otel.lock",
        "requirements-dev.lock",
        "requirements-build.lock",
        ".ci/azure-cli.lock",
        ".ci/peers.lock",
    )
)
LOCKS = pytest.mark.parametrize(
    "lock",
    [BOT, OTEL, DEV, BUILD, AZURE_CLI, PEERS],
    ids=["bot", "otel", "dev", "build", "azure-cli", "peers"],
)
ABOUT = project()["project"]
NEEDED = ABOUT["dependencies"]
TRACES = ABOUT["optional-dependencies"]["otel"]
TOOLS = ABOUT["optional-dependencies"]["dev"]
BUILDS = project()["build-system"]["requires"]

LOCKED_FOR = {"python_version": "3.11", "python_full_version": "3.11.0"}
"""`make lock` is run with the oldest Python that the bot runs on."""


def entries(lock: str) -> list[str]:
    """One logical line for each requirement: comments dropped, continued lines joined."""
    code = "\n".join(line for line in lock.splitlines() if not line.lstrip().startswith("#"))
    joined = re.sub(r" *\\\n *", " ", code)
    return [line for line in joined.splitlines() if line.strip()]


def unhashed(lock: str) -> list[str]:
    """The lines that are not one exact version with at least one SHA-256."""
    return [line for line in entries(lock) if not PIN.fullmatch(line)]


def pins(lock: str) -> dict[str, str]:
    """Name -> version."""
    return {it["name"]: it["version"] for line in entries(lock) if (it := PIN.fullmatch(line))}


def unlocked(wanted: list[str], lock: str) -> list[str]:
    """The requirements that no pin of the lock satisfies."""
    locked = pins(lock)

    def satisfied(need: Requirement) -> bool:
        version = locked.get(canonicalize_name(need.name))
        return version is not None and need.specifier.contains(version)

    return [text for text in wanted if not satisfied(Requirement(text))]


def closure(wanted: Iterable[str]) -> set[str]:
    """The names of these packages and of all that they need in turn, as installed here."""
    found: set[tuple[str, str]] = set()
    waiting = [Requirement(text) for text in wanted]
    while waiting:
        need = waiting.pop()
        for extra in {"", *need.extras}:
            if (need.name, extra) in found:
                continue
            found.add((need.name, extra))
            of_it = (Requirement(text) for text in requires(need.name) or ())
            waiting += [
                it
                for it in of_it
                if it.marker is None or it.marker.evaluate({**LOCKED_FOR, "extra": extra})
            ]
    return {canonicalize_name(name) for name, _ in found}


@LOCKS
def test_every_requirement_has_hashes(lock: str) -> None:
    assert len(entries(lock)) > 5
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
    assert unhashed(BOT + line + "\n") == [line]


@LOCKS
def test_no_address_and_no_path_stands_in_it(lock: str) -> None:
    # Neither a URL nor a path of any system can be written without one of these.
    assert "/" not in re.sub(r" \.ci/(azure-cli|peers)\.in", "", lock)
    assert not re.search(r"\\(?!\n)", lock)


@pytest.mark.parametrize(
    ("wanted", "lock"),
    [
        (NEEDED, BOT),
        ([*NEEDED, *TRACES], OTEL),
        ([*NEEDED, *TRACES, *TOOLS, *BUILDS], DEV),
        (BUILDS, BUILD),
    ],
    ids=["bot", "otel", "dev", "build"],
)
def test_a_lock_holds_what_the_project_asks_for(wanted: list[str], lock: str) -> None:
    assert wanted
    assert unlocked(wanted, lock) == [], "run: make lock"


@pytest.mark.parametrize("lock", [BOT, OTEL, BUILD], ids=["bot", "otel", "build"])
def test_what_is_tested_is_what_is_installed(lock: str) -> None:
    assert set(entries(lock)) - set(entries(DEV)) == set(), "run: make lock"


def test_a_production_install_brings_only_what_the_bot_needs() -> None:
    assert set(pins(BOT)) - closure(NEEDED) == set()
    assert set(pins(OTEL)) - closure([*NEEDED, *TRACES]) == set()
    assert set(entries(BOT)) - set(entries(OTEL)) == set()
    assert set(pins(BOT)) & {canonicalize_name(Requirement(it).name) for it in TOOLS} == set()


def test_a_need_of_a_need_is_found() -> None:
    assert {"azure-identity", "msal", "pyjwt", "cryptography", "cffi"} <= closure(
        ["azure-identity"]
    )
    assert "pytest" not in closure(["azure-identity"])
    # Of an extra, only where it is asked for.
    assert "cryptography" not in closure(["pyjwt"])
    assert "cryptography" in closure(["pyjwt[crypto]"])


@pytest.mark.parametrize(
    ("name", "lock"), [("azure-cli", AZURE_CLI), ("peers", PEERS)], ids=["azure-cli", "peers"]
)
def test_the_lock_of_a_tool_holds_what_its_file_asks_for(name: str, lock: str) -> None:
    asked = entries((ROOT / ".ci" / f"{name}.in").read_text(encoding="utf-8"))
    assert asked
    assert unlocked(asked, lock) == [], f"run: make {name}-lock"


def test_a_requirement_that_the_lock_misses_is_found() -> None:
    wanted = ["idna", "idna<1", "no-such-package", "PyYAML"]
    assert unlocked(wanted, DEV) == ["idna<1", "no-such-package"]


def test_the_oldest_python_takes_every_package() -> None:
    # A package may drop a release such as 3.11.2, which Debian 12 has; pip then finds nothing for the pin.
    locked = pins(DEV)
    installed = {
        name: it.metadata["Requires-Python"] or ""
        for it in distributions()
        if locked.get(name := canonicalize_name(it.metadata["Name"])) == it.version
    }
    assert len(installed) > 50
    oldest = LOCKED_FOR["python_full_version"]
    assert {
        name for name, wants in installed.items() if not SpecifierSet(wants).contains(oldest)
    } == set()
