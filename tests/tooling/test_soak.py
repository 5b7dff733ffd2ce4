"""A soak that is ended early leaves nothing behind."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests import postgresql
from tests.children import ROOT

LOOK = 0.05
JOBS = 2


def test_a_soak_that_is_ended_ends_its_databases(tmp_path: Path) -> None:
    postgresql.server()
    # Its servers run as another user, who may not look into pytest's own folder.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with subprocess.Popen(
            [sys.executable, "-m", "tests.soak", *_many(JOBS)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": name},
            stderr=subprocess.DEVNULL,
        ) as soak:
            while len(servers := list(folder.glob("*/data/postmaster.pid"))) < JOBS:
                assert soak.poll() is None
                time.sleep(LOOK)
            numbers = [int(it.read_text().split()[0]) for it in servers]
            soak.send_signal(signal.SIGTERM)
        assert list(folder.glob("postgresql-*")) == []
    for it in numbers:
        with pytest.raises(ProcessLookupError):
            os.kill(it, 0)


def _many(jobs: int) -> tuple[str, ...]:
    return ("--store", "postgresql", "--n", str(jobs), "--jobs", str(jobs))
