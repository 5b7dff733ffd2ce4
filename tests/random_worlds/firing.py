"""In how many cases each rule fired. A rule that seldom does may be lost unnoticed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.core.rules import RULES
from tests.random_worlds.comparing import fired
from tests.random_worlds.trying import Tried

SELDOM = 1 / 100
"""A rule that fires in a smaller part of the cases is one of those."""

Firing = Mapping[str, Sequence[Tried]]


def firing_in(results: Iterable[Tried]) -> Firing:
    """By a rule's id, the cases in which it fired."""
    found: dict[str, list[Tried]] = defaultdict(list)
    for each in results:
        for rule in fired(each.report):
            found[rule].append(each)
    return found


def lines(firing: Firing, cases: int) -> Iterator[str]:
    """Of so many cases: each rule and the smallest in which it fired, most frequent first; and which seldom did."""
    yield "rules that fired, in how many cases; and the smallest of them"
    for name, found in sorted(firing.items(), key=lambda it: (-len(it[1]), it[0])):
        least = min(found, key=lambda it: it.size)
        changes = "+".join((*least.faults, *least.remarks)) or "nothing"
        yield f"  {len(found):>6}  {name:<44} CASE={least.case} {changes}"
    few = sorted((len(firing.get(it.id, ())), it.id) for it in RULES)
    told = ", ".join(f"{name} {count}" for count, name in few if count < SELDOM * cases)
    yield f"rules that fired in fewer than {SELDOM * cases:g} cases: {told or 'none'}"
