"""Recorded answers of the real Azure. They lie beside the project, so a test that wants them may have to skip."""

import json
from pathlib import Path
from typing import Any

import pytest

_FOLDER = Path(__file__).parents[3] / "shared" / "real"


def recordings(pattern: str) -> list[Any]:
    """One parameter for each recording, or a single one that skips."""
    found = sorted(_FOLDER.glob(pattern))
    if not found:
        reason = f"no recording {pattern} beside the project"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason), id="absent")]
    return [pytest.param(json.loads(path.read_text()), id=path.stem) for path in found]
