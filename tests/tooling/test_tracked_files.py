"""What git tracks would be the same on any machine."""

import re

import pytest

from tests.tooling.tree import ROOT, tracked_files

# The second half: no index, mirror or proxy is named; pip's own configuration decides.
HOME = re.compile(r"(?<![\w.])/(?:home|Users|root)/\w|\b[A-Z]:\\Users\\", re.ASCII)
INDEX = re.compile(r"--(?:extra-)?index-url|--find-links|--trusted-host|\bPIP_INDEX_URL\b")
# This file names what it looks for.
FILES = [path for path in tracked_files() if path.name != "test_tracked_files.py"]


def hits(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in FILES
        if (found := pattern.search(path.read_text(encoding="utf-8", errors="replace")))
    ]


def test_no_file_holds_a_home_path() -> None:
    assert len(FILES) > 200
    assert hits(HOME) == []


def test_no_file_holds_the_path_of_this_checkout() -> None:
    assert hits(re.compile(re.escape(str(ROOT)) + r"\b")) == []


def test_no_file_names_a_package_index() -> None:
    assert hits(INDEX) == []


@pytest.mark.parametrize(
    "text", ["/home/ann/agw", "'/Users/ann/x'", f"see /{'root'}/notes", r"C:\Users\ann"]
)
def test_a_home_path_is_found(text: str) -> None:
    assert HOME.search(text)


@pytest.mark.parametrize(
    "text", [f"certificates/{'root'}/x", "portal.azure.com/home/x", "/home", "/roots/x"]
)
def test_what_is_no_home_path_is_not(text: str) -> None:
    assert not HOME.search(text)
