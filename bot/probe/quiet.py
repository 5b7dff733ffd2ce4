"""Reading certificates without the warnings about them: what is wrong with them is not ours to fix."""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_ONE_AT_A_TIME = threading.RLock()
"""Python keeps its filters of warnings for all threads together
(https://docs.python.org/3/library/warnings.html#warnings.catch_warnings)."""


@contextmanager
def quiet(category: type[Warning] = Warning) -> Iterator[None]:
    """Without warnings of this kind."""
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore", category)
        yield
