"""Branches are counted while modules are imported and while a test itself runs, not in what pytest does around it."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager

import coverage
import pytest

_MEASURING = pytest.StashKey[coverage.Coverage]()


def pytest_collection_finish(session: pytest.Session) -> None:
    if (measuring := coverage.Coverage.current()) is not None:
        measuring.stop()
        session.config.stash[_MEASURING] = measuring


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Not measured is what calls the same lines so often that others show every branch of them."""
    measuring = item.config.stash.get(_MEASURING, None)
    if measuring is None or item.get_closest_marker("unmeasured") is not None:
        return (yield)
    with _measured(measuring):
        return (yield)


@contextmanager
def _measured(measuring: coverage.Coverage) -> Iterator[None]:
    measuring.start()
    try:
        yield
    finally:
        measuring.stop()
