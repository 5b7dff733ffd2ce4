"""HTTP status ranges as ARM writes them: `200-399`, `401`."""

from collections.abc import Iterable


def in_ranges(status: int, ranges: Iterable[str]) -> bool:
    """Whether the status lies in one of the ranges, ends included; what is no range is passed over."""
    return any(low <= status <= high for low, high in map(_bounds, ranges))


def _bounds(text: str) -> tuple[int, int]:
    low, _, high = text.partition("-")
    try:
        return int(low), int(high or low)
    except ValueError:
        return 1, 0
