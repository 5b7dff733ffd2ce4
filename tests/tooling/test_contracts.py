"""No import contract is idle: an import that breaks it is found."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tooling.tree import ROOT, project

CONTRACTS = [it["name"] for it in project()["tool"]["importlinter"]["contracts"]]

# Contract -> the file that breaks it and the line that does so.
OFFENCES = {
    "imports go one way": ("bot/core/offence.py", "import bot.workflow"),
    "the rooms of the core are layers": (
        "bot/core/model/offence.py",
        "import bot.core.routing.routes",
    ),
    "the edges know nothing of each other": ("bot/azure/offence.py", "import bot.probe"),
    "settings are read at the top and handed down as values": (
        "bot/workflow/offence.py",
        "import bot.settings",
    ),
    "only the command line names the edges and the lab": ("handlers/offence.py", "import bot.lab"),
    "the lab is an independent witness": ("bot/lab/offence.py", "import bot.core"),
    "core is pure": ("bot/core/clock.py", "import time"),
    "no rule knows another rule": (
        "bot/core/rules/offence.py",
        "import bot.core.rules.port_silent",
    ),
    "no option knows another option": (
        "bot/core/remedies/options/offence.py",
        "import bot.core.remedies.options.fqdn_in_pool",
    ),
    "Slack stays in the shell": ("bot/workflow/card.py", "import slack_sdk"),
    "Azure stays in its edge": ("handlers/token.py", "import azure.core"),
    "X.509 and TLS stay in the probes and the lab": (
        "bot/store/pem.py",
        "import cryptography.x509",
    ),
    "who listens to what is measured is known in one place each": (
        "bot/workflow/offender.py",
        "import prometheus_client",
    ),
    "databases stay in the store": ("bot/workflow/rows.py", "import asyncpg"),
}


def tree(folder: Path) -> Path:
    """A copy of what the contracts speak of."""
    for package in ("bot", "handlers"):
        shutil.copytree(ROOT / package, folder / package)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def linted(tree: Path) -> str:
    """What import-linter says of `tree`, once it has judged every contract."""
    lint = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--cache-dir", "cache"],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )
    verdicts = re.findall(r"^.+ (?:KEPT|BROKEN)$", lint.stdout, re.MULTILINE)
    assert len(verdicts) == len(CONTRACTS), lint.stdout + lint.stderr
    return lint.stdout


def broken(said: str) -> set[str]:
    """The contracts that do not hold."""
    return {*re.findall(r"^(.+) BROKEN$", said, re.MULTILINE)}


@pytest.fixture(scope="module")
def said_of_all(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said of a tree with every offence in it."""
    offended = tree(tmp_path_factory.mktemp("offended"))
    for file, line in OFFENCES.values():
        (offended / file).write_text(f"{line}\n", encoding="utf-8")
    return linted(offended)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_contract_is_broken_by_its_offence(contract: str, said_of_all: str) -> None:
    assert contract in broken(said_of_all)
    file, line = OFFENCES[contract]
    offender, offence = file.removesuffix(".py").replace("/", "."), line.removeprefix("import ")
    # Of what comes from outside only the package is named.
    own = offence.startswith(("bot.", "handlers."))
    named = offence if own else offence.partition(".")[0]
    # Each broken contract has a heading of its own; long lines are wrapped.
    reason = said_of_all.partition(f"\n{contract}\n---")[2].partition("\n---")[0]
    assert f"{offender} -> {named} " in " ".join(reason.split())


def test_the_tree_itself_breaks_none(tmp_path: Path) -> None:
    assert broken(linted(tree(tmp_path))) == set()


def test_no_import_is_excused() -> None:
    assert list(OFFENCES) == CONTRACTS
    for contract in project()["tool"]["importlinter"]["contracts"]:
        assert "ignore_imports" not in contract
