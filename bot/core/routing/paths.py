"""Paths of requests: which pattern of a path map takes one, and what the HTTP settings make of it.

`*` stands at the end of a pattern only, case does not matter, and `/api/*` does not take `/api`
(learn.microsoft.com/azure/application-gateway/url-route-overview#pathpattern).
"""

from collections.abc import Iterable

from bot.core.model.gateway import PathRule


def path_fits(pattern: str, path: str) -> bool:
    """Whether a path pattern takes a path."""
    wanted, asked = pattern.lower(), path.lower()
    return asked.startswith(wanted[:-1]) if wanted.endswith("*") else asked == wanted


def taking_rule(rules: Iterable[PathRule], path: str) -> PathRule | None:
    """The first path rule that takes the path, in the order of the path map."""
    fitting = (it for it in rules if taking_pattern(it, path) is not None)
    return next(fitting, None)


def taking_pattern(rule: PathRule, path: str) -> str | None:
    """The first pattern of the rule that takes the path; None if none does."""
    return next((it for it in rule.paths if path_fits(it, path)), None)


def shortest_path(pattern: str) -> str:
    """The shortest path that a pattern takes."""
    return pattern.removesuffix("*") or "/"


def overridden_path(override: str | None, pattern: str | None, path: str) -> str:
    """The path that a backend is asked for; `pattern` None: the request came by no path rule.

    The override stands for what the pattern matched, and the rest of the path follows it (the table of "Override
    backend path" in learn.microsoft.com/azure/application-gateway/configuration-http-settings).
    """
    if not override:
        return path
    # A rewritten path need not begin with what the pattern matched.
    matched = len(shortest_path(pattern)) if pattern and path_fits(pattern, path) else 0
    return f"{override.rstrip('/')}/{path[matched:].lstrip('/')}"
