"""Paths of requests: the pattern that takes one, and what a path override makes of it."""

import pytest

from bot.core.model.gateway import PathRule
from bot.core.routing.paths import (
    overridden_path,
    path_fits,
    shortest_path,
    taking_pattern,
    taking_rule,
)


def path_rule(name: str, *patterns: str) -> PathRule:
    return PathRule(name, patterns, "pool", "https", redirect=None)


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/api/*", "/api/", True),
        ("/api/*", "/API/orders", True),
        ("/api/*", "/api", False),
        ("/api*", "/apis", True),
        ("/api", "/Api", True),
        ("/api", "/api/", False),
        ("/*", "/", True),
    ],
)
def test_which_paths_a_pattern_takes(pattern: str, path: str, fits: bool) -> None:
    assert path_fits(pattern, path) is fits


def test_the_first_rule_and_its_first_pattern_that_fit_are_taken() -> None:
    first, later = path_rule("first", "/img/*", "/api/*"), path_rule("later", "/api/v2/*", "/x")
    assert taking_rule((first, later), "/api/v2/a") == first
    assert taking_pattern(first, "/api/v2/a") == "/api/*"
    assert taking_rule((first, later), "/x") == later
    assert taking_rule((first, later), "/y") is None
    assert taking_pattern(later, "/y") is None


@pytest.mark.parametrize(
    ("pattern", "path"), [("/api/*", "/api/"), ("/api*", "/api"), ("/api", "/api"), ("*", "/")]
)
def test_the_shortest_path_of_a_pattern(pattern: str, path: str) -> None:
    assert shortest_path(pattern) == path
    assert pattern == "*" or path_fits(pattern, path)


@pytest.mark.parametrize(
    ("pattern", "path", "sent"),
    [
        (None, "/start/", "/override/start/"),
        (None, "/start/next/", "/override/start/next/"),
        ("/pathrule*", "/pathrule/start/", "/override/start/"),
        ("/pathrule*", "/pathrule/start/next/", "/override/start/next/"),
        ("/pathrule/start*", "/pathrule/start/", "/override/"),
        ("/pathrule/start*", "/pathrule/start/next/", "/override/next/"),
        ("/pathrule/", "/pathrule/", "/override/"),
    ],
)
def test_the_table_of_the_path_override(pattern: str | None, path: str, sent: str) -> None:
    """configuration-http-settings, "Override backend path"."""
    assert overridden_path("/override/", pattern, path) == sent


@pytest.mark.parametrize("override", [None, ""])
def test_without_an_override_the_path_stays_as_it_is(override: str | None) -> None:
    assert overridden_path(override, "/api/*", "/api/orders") == "/api/orders"
