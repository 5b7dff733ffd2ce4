"""Which faults a change ends, and which it does not, in words: the same on every screen."""

from collections.abc import Iterable, Iterator, Sequence

from bot.core.remedies.relief import FaultyPart, Relief

MOST = 6
"""Parts or reasons told one by one; a pool may have 1,200 members."""


def relief_lines(relief: Relief) -> Iterator[tuple[str, str]]:
    """What is told of (heals, does not heal, ...), and the parts; nothing is told of what there is none of."""
    if relief.heals:
        yield "heals", _counted([it.label for it in relief.heals])
    for what, parts in (
        ("does not heal", relief.still_at_fault),
        ("cannot tell whether it heals", relief.cannot_tell),
        ("breaks", relief.breaks),
    ):
        if parts:
            yield what, _counted(list(_reasons(parts)), "; ")


def _reasons(parts: Iterable[FaultyPart]) -> Iterator[str]:
    """Each reason once, with all the parts that share it."""
    same: dict[str, list[FaultyPart]] = {}
    for part in parts:
        same.setdefault(part.because, []).append(part)
    for because, them in same.items():
        yield f"{_counted([it.label for it in them])}: {because}"


def _counted(texts: Sequence[str], between: str = ", ") -> str:
    more = len(texts) - MOST
    told = between.join(texts[:MOST])
    return f"{told} and {more:,} more" if more > 0 else told
