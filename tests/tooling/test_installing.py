"""`pip install .` brings everything that the bot needs, says nothing, and leaves the checkout as it was."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import Path

import pytest

from tests.tooling.making import make
from tests.tooling.tree import ROOT, tracked_files

PACKAGES = ("bot", "handlers")
COMPLAINT = re.compile(r"warn|deprecat|error", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Installed:
    """A checkout that was installed from, and where to."""

    checkout: Path
    before: Mapping[str, bytes]
    target: Path
    said: str


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The bot as `pip install` leaves it; nothing of this environment is touched."""
    return install(tmp_path_factory, "--target", "{target}", ".")


@pytest.fixture(scope="module")
def editable(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """As the Makefile does it."""
    return install(
        tmp_path_factory, "--ignore-installed", "--prefix", "{target}", "--editable", "."
    )


def install(temporary: pytest.TempPathFactory, *how: str) -> Installed:
    checkout, target = temporary.mktemp("checkout"), temporary.mktemp("target")
    for path in tracked_files():
        copy = checkout / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    before = contents(checkout)
    ran = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--no-index", "--no-deps", "--no-build-isolation"]
        + [it.format(target=target) for it in how],
        cwd=checkout,
        env=without_pip_settings(),
        capture_output=True,
        text=True,
        check=False,
    )
    said = ran.stdout + ran.stderr
    assert ran.returncode == 0, said
    return Installed(checkout, before, target, said)


def without_pip_settings() -> dict[str, str]:
    """Neither a mirror nor a proxy of this machine has anything to say here."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    return {**kept, "PIP_CONFIG_FILE": os.devnull}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file, and every folder (with a slash), by its path."""
    return {
        f"{it.relative_to(folder)}{'' if it.is_file() else '/'}": it.read_bytes()
        if it.is_file()
        else b""
        for it in sorted(folder.rglob("*"))
    }


@pytest.mark.parametrize("how", ["installed", "editable"])
def test_the_checkout_stays_as_it_was(how: str, request: pytest.FixtureRequest) -> None:
    it: Installed = request.getfixturevalue(how)
    assert len(it.before) > 500
    after = contents(it.checkout)
    assert after.keys() == it.before.keys()
    assert after == it.before


@pytest.mark.parametrize("how", ["installed", "editable"])
def test_pip_warns_of_nothing(how: str, request: pytest.FixtureRequest) -> None:
    it: Installed = request.getfixturevalue(how)
    assert "Successfully installed agw-" in it.said
    assert COMPLAINT.search(it.said) is None, it.said


def test_every_module_and_every_file_beside_one_is_there(installed: Installed) -> None:
    there = {
        name: content
        for name, content in contents(installed.target).items()
        if name.split("/")[0] in PACKAGES and not name.endswith("/") and "__pycache__" not in name
    }
    tracked = {
        name: content
        for name, content in installed.before.items()
        if name.split("/")[0] in PACKAGES and not name.endswith("/")
    }
    assert {"bot/lab/slack/page/js/main.js", "bot/core/rules/README.md"} <= tracked.keys()
    assert there == tracked


def test_nothing_else_is_there(installed: Installed) -> None:
    (about,) = installed.target.glob("agw-*.dist-info")
    assert {it.name for it in installed.target.iterdir()} == {*PACKAGES, "bin", about.name}


def test_the_command_that_was_installed_tells_its_version(
    installed: Installed, tmp_path: Path
) -> None:
    (about,) = installed.target.glob("agw-*.dist-info")
    ran = subprocess.run(
        [installed.target / "bin" / "agw", "--version"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(installed.target)},
        capture_output=True,
        text=True,
        check=False,
    )
    version = Distribution.at(about).version
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, f"agw {version}\n", "")


def test_a_folder_that_cannot_be_written_is_named_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ran = make("--silent", "install", f"TO={tmp_path}/file/agw", f"PYTHON={sys.executable}")
    first, *_ = ran.stderr.splitlines()
    assert ran.returncode != 0
    assert first.startswith(f"agw cannot be installed into {tmp_path}/file/agw: use sudo")
    assert "make install TO=" in first
