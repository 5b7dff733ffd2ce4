"""The unit for a virtual machine, as systemd itself reads it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.facts import DEPLOY, is_known

UNIT = DEPLOY / "systemd" / "agw.service"
ANALYZE = shutil.which("systemd-analyze")
MOST_EXPOSED = 20
"""Tenths, of 100: what `systemd-analyze security` may find open."""

needs_systemd = pytest.mark.skipif(not ANALYZE, reason="systemd-analyze is not installed")


def here(folder: Path, text: str) -> Path:
    """The unit with a command that exists on this machine."""
    unit = folder / UNIT.name
    unit.write_text(text.replace("/opt/agw/bin/agw", sys.executable))
    return unit


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    assert ANALYZE
    return subprocess.run([ANALYZE, *arguments], capture_output=True, text=True, check=False)


@needs_systemd
def test_systemd_accepts_it(tmp_path: Path) -> None:
    ran = analyze("verify", here(tmp_path, UNIT.read_text()))
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@needs_systemd
def test_a_mistake_would_be_seen(tmp_path: Path) -> None:
    ran = analyze("verify", here(tmp_path, UNIT.read_text().replace("UMask=", "UMusk=")))
    assert "UMusk" in ran.stderr


@needs_systemd
def test_little_of_the_machine_is_open_to_it(tmp_path: Path) -> None:
    unit = here(tmp_path, UNIT.read_text())
    arguments = ("security", "--offline=yes", f"--threshold={MOST_EXPOSED}")
    ran = analyze(*arguments, unit)
    assert ran.returncode == 0, ran.stdout[-200:]


def test_its_settings_exist() -> None:
    names = re.findall(
        r"([A-Z_]+)=", "".join(re.findall(r"^Environment=(.*)$", UNIT.read_text(), re.M))
    )
    assert names
    assert all(map(is_known, names))
