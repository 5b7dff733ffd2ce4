"""Wildcards: as a regular expression takes them, but never in more steps than the lengths multiplied."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model.glob import matches_glob


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("", "", True),
        ("", "a", False),
        ("*", "", True),
        ("a", "", False),
        ("a*c", "abc", True),
        ("a*c", "abcd", False),
        ("a*b*c", "aXbYbZc", True),
        ("?", "a", True),
        ("??", "a", False),
        ("b", "a", False),
    ],
)
def test_small_ones(pattern: str, text: str, fits: bool) -> None:
    assert matches_glob(pattern, text, one="?") is fits


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=10))
def test_it_takes_what_a_regular_expression_takes(pattern: str, text: str) -> None:
    parts = (".*" if it == "*" else "." if it == "?" else re.escape(it) for it in pattern)
    assert matches_glob(pattern, text, one="?") is bool(re.fullmatch("".join(parts), text))


def test_many_wildcards_do_not_multiply() -> None:
    # A regular expression would go through more ways than there is time for.
    assert not matches_glob("*a" * 40 + "b", "a" * 2_000)
