"""The table of all rows, as it stands in docs/faults.md, and what the tests in it say of themselves."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache

from tests.faults import azure, backend, process, slack, store
from tests.faults.row import Row
from tests.tooling.tree import ROOT

ROWS = (*azure.ROWS, *slack.ROWS, *store.ROWS, *backend.ROWS, *process.ROWS)

BOTH = frozenset({"store", "url"})
"""Fixtures of `tests/store` that give a test one database of each kind, one after the other."""

NEEDLESS = ("azure/", "cli/", "probe/", "workflow/test_deadline.py")
"""Where no store takes part."""

ALWAYS = ("workflow/test_kill.py",)
"""What `make test` runs on both kinds; of other files it runs the first row on both, and `make faults` the others."""


@cache
def _functions(file: str) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {it.name: it for it in tree.body if isinstance(it, kinds)}


def is_a_test(test: str) -> bool:
    """Whether pytest finds it."""
    file, _, name = test.partition("::")
    return name.startswith("test_") and name in _functions(file)


def stores(row: Row) -> str:
    """On which kinds of database its test runs."""
    if row.only is not None:
        return f"{row.only.store} ({row.only.because})"
    return "-" if row.test.startswith(NEEDLESS) else "both"


def has_both(test: str) -> bool:
    """Whether it takes one database of each kind by itself."""
    file, _, name = test.partition("::")
    return bool(BOTH & {it.arg for it in _functions(file)[name].args.args})


@cache
def on_both() -> Mapping[str, bool]:
    """The tests that `tests/conftest.py` runs on one kind after the other; whether `make test` runs both."""
    found: dict[str, bool] = {}
    files: set[str] = set()
    for it in ROWS:
        file = it.test.partition("::")[0]
        if stores(it) == "both" and not has_both(it.test):
            found[it.test] = file in ALWAYS or file not in files
            files.add(file)
    return found


def page() -> str:
    """The table, as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# What may go wrong, and how it ends"
    yield ""
    yield "Made by `make catalogue` from `tests/faults/`: no row without a test. A test that says *both* runs on SQLite"
    yield "and on PostgreSQL, partly in `make faults`; *-*: no store takes part."
    for part in dict.fromkeys(it.part for it in ROWS):
        yield from ("", f"## {part}", "")
        yield "| Fault | Step | Outcome | Store | Test |"
        yield "|---|---|---|---|---|"
        for it in ROWS:
            if it.part == part:
                cells = (it.fault, it.step, it.outcome, stores(it), f"`{it.test}`")
                yield f"| {' | '.join(cells)} |"
