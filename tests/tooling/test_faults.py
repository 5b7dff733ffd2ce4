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


@pytest.mark.parametrize(
    ("test", "kinds"),
    [
        ("store/test_leases.py::test_of_many_one_gets_it", "both"),
        ("store/test_replaced.py::test_a_deleted_file", "SQLite"),
        ("store/test_replaced.py::test_tables_that_are_gone", "PostgreSQL"),
        ("workflow/test_partition.py::test_a_partition_never_gives_a_second_put", "PostgreSQL"),
        ("probe/test_connecting.py::test_nothing_listens", "-"),
    ],
)
def test_the_store_is_read_from_the_test(test: str, kinds: str) -> None:
    assert table.stores(test) == kinds
