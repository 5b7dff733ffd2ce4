"""Makefile and .ci/run name commands that exist."""

import os
import re
import shutil
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.tooling.making import make
from tests.tooling.tree import ROOT, project

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
CI = ROOT / ".ci" / "run"


def unknown_commands(makefile: str) -> set[str]:
    """The commands of .venv/bin and the modules of `python -m` that are not there."""
    commands = set(re.findall(r"\$\(BIN\)/([\w-]+)", makefile))
    modules = set(re.findall(r"python -m ([\w.]+)", makefile))
    installed = Path(sys.executable).parent
    return {name for name in commands if not (installed / name).exists()} | {
        name for name in modules if not exists(name)
    }


def exists(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # a parent package is missing
        return False


def test_every_command_of_the_makefile_exists() -> None:
    assert unknown_commands(MAKEFILE) == set()


def test_a_command_that_does_not_exist_is_found() -> None:
    made_up = "a:\n\t$(BIN)/nothing -x\n\t$(BIN)/python -m bot.nowhere.at_all\n\t$(BIN)/ruff\n"
    assert unknown_commands(made_up) == {"nothing", "bot.nowhere.at_all"}


def test_the_console_script_leads_to_a_function() -> None:
    module, _, function = project()["project"]["scripts"]["agw"].partition(":")
    assert callable(getattr(import_module(module), function))


@pytest.mark.parametrize("target", ["run", "test", "bench"])
def test_make_knows_the_promised_targets(target: str) -> None:
    made = make("--dry-run", target)
    assert made.returncode == 0, made.stderr
    assert ".venv/bin/" in made.stdout


def test_no_target_hides_behind_a_file_of_its_name() -> None:
    targets = set(re.findall(r"^([a-z][\w-]*):", MAKEFILE, re.MULTILINE))
    phony = set(re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[0].split())
    assert targets == phony


def test_make_install_checks_every_hash_and_installs_no_tool() -> None:
    made = make("--dry-run", "install", "TO=somewhere")
    steps = [line for line in made.stdout.splitlines() if " install " in line and "-m pip" in line]
    locks = re.findall(r"--require-hashes.* -r (\S+)", made.stdout)
    assert locks == ["requirements.lock", "requirements-build.lock"]
    assert len(steps) == 3
    assert "--no-deps --no-build-isolation ." in steps[2]


@pytest.mark.parametrize("target", ["run", "install"])
def test_an_old_python_is_refused_in_one_sentence(target: str, tmp_path: Path) -> None:
    for file in ("Makefile", "pyproject.toml", "requirements-dev.lock"):
        shutil.copy(ROOT / file, tmp_path)
    made = make(target, "PYTHON=false", f"TO={tmp_path / '.venv'}", cwd=tmp_path)
    assert made.returncode == 2
    assert made.stdout == ""
    assert made.stderr.splitlines()[0].startswith("agw needs Python 3.11 or newer; ")
    assert not (tmp_path / ".venv").exists()


def test_the_ci_script_runs_the_tests() -> None:
    assert os.access(CI, os.X_OK)
    subprocess.run(["bash", "-n", str(CI)], check=True)
    assert CI.read_text(encoding="utf-8").rstrip().endswith("\nmake test")
