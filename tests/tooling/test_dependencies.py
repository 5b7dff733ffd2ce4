"""Each dependency says why it is there."""

import re
from itertools import pairwise

from tests.tooling.tree import ROOT

PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def without_reason(text: str) -> list[str]:
    """The entries of `dependencies` and of the extras that have no comment line of their own above them."""
    lines = re.findall(r"^(?:dependencies|otel|dev) = \[\n(.*?)^\]", text, re.DOTALL | re.MULTILINE)
    return [
        line.strip()
        for above, line in pairwise(("\n" + "".join(lines)).splitlines())
        if line.lstrip().startswith('"') and not re.match(r"\s*# \S", above)
    ]


def test_every_dependency_has_its_reason() -> None:
    assert PYPROJECT.count('    "slack-bolt') == 1
    assert without_reason(PYPROJECT) == []


def test_a_dependency_without_reason_is_found() -> None:
    text = 'dependencies = [\n    # Why.\n    "one",\n    "two",\n]\ndev = [\n    "three",\n]\n'
    assert without_reason(text) == ['"two",', '"three",']
