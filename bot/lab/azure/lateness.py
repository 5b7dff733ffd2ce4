"""What shows, or happens, only when a gateway has been read so many times: counted, so that no clock decides."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.lab.values import Json


@dataclass(slots=True)
class _Late:
    reads: int
    then: Callable[[], None]


@dataclass(slots=True)
class Lateness:
    """For one gateway."""

    _late: list[_Late] = field(default_factory=list)
    _old: Json | None = None
    _old_reads: int = 0

    def after(self, reads: int, then: Callable[[], None]) -> None:
        """Do it at the read after so many."""
        self._late.append(_Late(reads, then))

    def show_old(self, reads: int, document: Json) -> None:
        """Show this document at so many reads."""
        self._old, self._old_reads = document, reads

    def read(self) -> Json | None:
        """The gateway is read: the old document, if it is still shown."""
        for it in tuple(self._late):
            if it.reads == 0:
                self._late.remove(it)
                it.then()
            it.reads -= 1
        if self._old_reads == 0:
            return None
        self._old_reads -= 1
        return self._old
