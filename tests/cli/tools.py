"""Programs that a test needs and a machine may lack."""

import os
import shutil

import pytest


def needs(*programs: str) -> None:
    """Skip the test where one is missing; in CI that is a failure."""
    for program in programs:
        if shutil.which(program) is None:
            refuse = pytest.fail if "CI" in os.environ else pytest.skip
            refuse(f"{program} is not installed: apt-get install {program}")
