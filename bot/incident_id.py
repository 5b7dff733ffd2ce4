"""Which incident the work at hand belongs to, for every line of the log that is written meanwhile.

A value beside the arguments, because libraries log as well, and know nothing of incidents.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_CURRENT: ContextVar[str] = ContextVar("incident", default="")


def incident_id() -> str:
    """The id of the incident; empty outside of one."""
    return _CURRENT.get()


@contextmanager
def within(incident: str) -> Iterator[None]:
    """What is done in the block, and in tasks that it starts, belongs to this incident."""
    token = _CURRENT.set(incident)
    try:
        yield
    finally:
        _CURRENT.reset(token)
