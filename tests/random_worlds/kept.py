"""What a run has found so far, in a file, so that one that was ended goes on. What other code found does not count."""

import pickle
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path

import bot
from tests import eventloop, random_worlds
from tests.random_worlds.runs import How, Run
from tests.random_worlds.trying import Tried
from tests.random_worlds.worlds import Case

_PARTS = (bot, random_worlds, eventloop)
"""The code that results come from."""


class Kept:
    """The results of one way of trying, by this code."""

    def __init__(self, file: Path, how: How) -> None:
        self._file = file
        self._key = f"{how} {_code()}"

    def read(self) -> dict[Case, Tried]:
        """What is known already; from here on nothing else is in the file."""
        found = {it.case: it for it in self._read()}
        with self._file.open("wb") as file:
            for each in (self._key, *found.values()):
                pickle.dump(each, file)
        return found

    def add(self, tried: Tried) -> None:
        with self._file.open("ab") as file:
            pickle.dump(tried, file)

    def forget(self) -> None:
        """The run is complete."""
        self._file.unlink(missing_ok=True)

    def _read(self) -> Iterator[Tried]:
        # Who is killed while writing leaves half a result at the end.
        broken = suppress(FileNotFoundError, EOFError, pickle.UnpicklingError)
        with broken, self._file.open("rb") as file:
            if pickle.load(file) == self._key:
                while True:
                    yield pickle.load(file)


def _code() -> str:
    read = sha256()
    for part in _PARTS:
        assert part.__file__
        path = Path(part.__file__)
        for each in sorted(path.parent.rglob("*.py")) if path.name == "__init__.py" else [path]:
            read.update(str(each).encode() + each.read_bytes())
    return read.hexdigest()


def resumed(kept: Kept, run: Run, how: How, cases: Sequence[Case]) -> Generator[Tried, None, None]:
    """The results of these cases, in their order; only what is not known yet is tried."""
    known = kept.read()
    with closing(run(how, [it for it in cases if it not in known])) as fresh:
        for case in cases:
            if case in known:
                yield known[case]
                continue
            kept.add(found := next(fresh))
            yield found
