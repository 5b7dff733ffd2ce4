"""The confusion table comes together where a run ends, whichever processes its tests ran in."""

import pytest

from tests.corpus.table import Confusion, Row, rows_of

RIGHT = Row("good", frozenset({"a", "b"}), frozenset({"a", "b"}), "x", "x")
WRONG = Row("bad", frozenset({"a"}), frozenset(), None, "x")


def sent(request: pytest.FixtureRequest, *rows: Row, when: str = "call") -> pytest.TestReport:
    """The report of a test that left these rows, as pytest-xdist brings it from one process to the other."""
    node = request.node
    for row in rows:
        row.noted(node)
    call = pytest.CallInfo.from_call(lambda: None, "call")
    report = pytest.TestReport.from_item_and_call(node, call)
    report.when = when  # type: ignore[assignment]
    node.user_properties.clear()
    made: pytest.TestReport = pytest.TestReport._from_json(report._to_json())
    return made


def test_rows_come_from_the_process_of_the_test(request: pytest.FixtureRequest) -> None:
    table = Confusion()
    for row in (RIGHT, WRONG):
        table.pytest_runtest_logreport(sent(request, row))
    assert table.rows == [RIGHT, WRONG]


def test_each_counts_once(request: pytest.FixtureRequest) -> None:
    assert list(rows_of(sent(request, RIGHT, when="teardown"))) == []
    assert list(rows_of(sent(request))) == []
