"""Runs `make` for tests, which may themselves be run by one."""

import os
import subprocess
from pathlib import Path

from tests.tooling.tree import ROOT


def make(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """A `make` of its own: nothing of an outer one reaches it, and no warning of theirs gets into what it says."""
    environment = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    return subprocess.run(
        ["make", *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
