"""The Azure CLI's own parser, in an environment of its own (`make azure-cli`).

Where it is not installed the test is skipped, but not in CI: there its absence is a failure.
"""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PYTHON = ROOT / ".venv-az" / "bin" / "python"
SCRIPT = Path(__file__).parent / "tooling" / "az_parser.py"
LONGEST = 300
"""Seconds: it loads its whole table of commands first."""


def refused(commands: Sequence[Sequence[str]], state: Path) -> list[str]:
    """What the parser says of each command (a list of words) that it does not take; `state` is a folder of its own."""
    said = parsed(commands, state)
    return [
        f"{' '.join(words)}\n{answer['refused']}"
        for words, answer in zip(commands, said, strict=True)
        if "refused" in answer
    ]


def need() -> None:
    """Skip the test here and now where there is no Azure CLI."""
    if not PYTHON.exists():
        missing = "the Azure CLI is not installed here: make azure-cli"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)


def parsed(commands: Sequence[Sequence[str]], state: Path) -> list[dict[str, Any]]:
    """What `tests/tooling/az_parser.py` answers for each command."""
    need()
    done = subprocess.run(
        [PYTHON, SCRIPT],
        input=json.dumps([list(words) for words in commands]),
        cwd=state,
        env=_environment(state),
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said: list[dict[str, Any]] = json.loads(done.stdout)
    assert len(said) == len(commands)
    return said


def _environment(state: Path) -> dict[str, str]:
    """Nothing of the caller's Azure, and nothing to be contacted."""
    # https://learn.microsoft.com/cli/azure/azure-cli-configuration
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(state),
        "AZURE_CONFIG_DIR": str(state),
        "AZURE_CORE_COLLECT_TELEMETRY": "false",
        "AZURE_CORE_NO_COLOR": "true",
        "AZURE_EXTENSION_USE_DYNAMIC_INSTALL": "no",
    }
