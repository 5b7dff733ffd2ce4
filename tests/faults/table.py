"""The table of all rows, as it stands in docs/faults.md, and what the tests in it say of themselves."""

import ast
from collections.abc import Iterator
from functools import cache

from tests.faults import azure, backend, process, slack, store
from tests.tooling.tree import ROOT

ROWS = (*azure.ROWS, *slack.ROWS, *store.ROWS, *backend.ROWS, *process.ROWS)

BOTH = frozenset({"store", "url", "either_store"})
"""Fixtures that give a test one database of each kind, one after the other."""

SERVER = frozenset({"postgresql", "server_url", "server_store", "open_replicas"})
"""Names in a test that runs on PostgreSQL alone."""

NEEDLESS = ("azure/", "probe/", "workflow/test_deadline.py")
"""Where no store is needed."""


@cache
def _functions(file: str) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {it.name: it for it in tree.body if isinstance(it, kinds)}


def is_a_test(test: str) -> bool:
    """Whether pytest finds it."""
    file, _, name = test.partition("::")
    return name.startswith("test_") and name in _functions(file)


def stores(test: str) -> str:
    """On which kinds of database a test runs, as its fixtures and its text say."""
    file, _, name = test.partition("::")
    function = _functions(file)[name]
    if BOTH & {it.arg for it in function.args.args}:
        return "both"
    names = {it.id for it in ast.walk(function) if isinstance(it, ast.Name)}
    used = names | {it.arg for it in function.args.args}
    if used & SERVER:
        return "PostgreSQL"
    return "-" if file.startswith(NEEDLESS) else "SQLite"


def page() -> str:
    """The table, as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# What may go wrong, and how it ends"
    yield ""
    yield "Made by `make catalogue` from `tests/faults/`: no row without a test. A test that says *both* runs on SQLite"
    yield "and on PostgreSQL; *-* needs no store."
    for part in dict.fromkeys(it.part for it in ROWS):
        yield from ("", f"## {part}", "")
        yield "| Fault | Step | Outcome | Store | Test |"
        yield "|---|---|---|---|---|"
        for it in ROWS:
            if it.part == part:
                cells = (it.fault, it.step, it.outcome, stores(it.test), f"`{it.test}`")
                yield f"| {' | '.join(cells)} |"
