"""The table of faults is made from its rows, and each row from a test that is there."""

from typing import get_args

import pytest

from tests.faults import table
from tests.faults.row import Part
from tests.faults.table import ROWS
from tests.tooling.tree import ROOT


def test_the_written_table_is_fresh() -> None:
    written = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    assert written == table.page(), "run: make catalogue"


def test_no_row_is_without_a_test() -> None:
    assert [it.test for it in ROWS if not table.is_a_test(it.test)] == []


def test_every_part_may_fail() -> None:
    assert {it.part for it in ROWS} == set(get_args(Part))


def test_no_row_stands_there_twice() -> None:
    assert len({(it.part, it.fault, it.step) for it in ROWS}) == len(ROWS)


def test_no_cell_breaks_the_table() -> None:
    cells = [cell for it in ROWS for cell in (it.fault, it.step, it.outcome)]
    assert [cell for cell in cells if not cell.strip() or "|" in cell or "\n" in cell] == []


@pytest.mark.parametrize(
    ("test", "found"),
    [
        ("store/test_leases.py::test_of_many_one_gets_it", True),
        ("store/test_leases.py::test_of_nobody", False),
        ("store/conftest.py::store", False),
    ],
)
def test_a_test_is_found_only_where_it_is(test: str, found: bool) -> None:
    assert table.is_a_test(test) == found


def test_in_make_test_each_file_has_one_on_postgresql() -> None:
    tests = table.on_both()
    files = {it.partition("::")[0] for it in tests}
    assert {it.partition("::")[0] for it, always in tests.items() if always} == files


def test_a_store_is_only_said_to_be_needless_where_it_is() -> None:
    both = [it.test for it in ROWS if table.stores(it) == "both"]
    assert [it for it in both if not table.has_both(it) and it not in table.on_both()] == []
    assert [it.test for it in ROWS if it.only and table.has_both(it.test)] == []
