"""What was expected, what was found: the confusion table of a run over the corpus."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest

NOTHING = "(none)"
PROPERTY = "corpus"
_NONE = frozenset({NOTHING})


@dataclass(frozen=True, slots=True)
class Row:
    """One scenario: the causes and the option that were expected, and those that came."""

    scenario: str
    causes: frozenset[str]
    found: frozenset[str]
    option: str | None
    recommended: str | None

    @property
    def is_right(self) -> bool:
        return self.causes == self.found and self.option == self.recommended

    def noted(self, node: pytest.Item) -> None:
        """Leave the row with its test: the process that runs it may be another than the one that tells the end."""
        said = (self.scenario, sorted(self.causes), sorted(self.found))
        node.user_properties.append((PROPERTY, (*said, self.option, self.recommended)))


def rows_of(report: pytest.TestReport) -> Iterator[Row]:
    """The rows that a test has left."""
    if report.when != "call":
        return
    for name, said in report.user_properties:
        if name == PROPERTY:
            assert isinstance(said, tuple | list)
            scenario, causes, found, *options = said
            yield Row(scenario, frozenset(causes), frozenset(found), *options)


class Confusion:
    """The table at the end of a run. It listens where the run ends: with pytest-xdist that is no test's process."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.rows += rows_of(report)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.rows:
            terminalreporter.section("corpus")
            for line in lines(self.rows):
                terminalreporter.write_line(line)


def lines(rows: Iterable[Row]) -> Iterator[str]:
    """The table, one line for each cause and each option, then what went wrong."""
    rows = sorted(rows, key=lambda row: row.scenario)
    right = sum(row.is_right for row in rows)
    yield f"{len(rows)} scenarios, {right} as expected"
    yield from _count("cause", [(row.causes or _NONE, row.found or _NONE) for row in rows])
    yield from _count(
        "recommended option", [(_option(row.option), _option(row.recommended)) for row in rows]
    )
    for row in rows:
        if not row.is_right:
            yield (
                f"WRONG {row.scenario}: expected {_words(row.causes)}, {row.option};"
                f" found {_words(row.found)}, {row.recommended}"
            )


def _option(option: str | None) -> frozenset[str]:
    return frozenset({option or NOTHING})


def _words(ids: Iterable[str]) -> str:
    return " + ".join(sorted(ids)) or NOTHING


def _count(title: str, pairs: list[tuple[frozenset[str], frozenset[str]]]) -> Iterator[str]:
    expected = Counter(each for wanted, _ in pairs for each in wanted)
    hit = Counter(each for wanted, found in pairs for each in wanted & found)
    extra = Counter(each for wanted, found in pairs for each in found - wanted)
    yield f"{title:<34}{'expected':>9}{'found':>7}{'missed':>8}{'wrong':>7}"
    for each in sorted({*expected, *extra}):
        missed = expected[each] - hit[each]
        yield f"  {each:<32}{expected[each]:>9}{hit[each]:>7}{missed:>8}{extra[each]:>7}"
