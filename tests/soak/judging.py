"""What must be true at the end of each case, whatever went wrong on the way."""

from collections.abc import Iterator

from tests.soak.living import Lived
from tests.soak.screen import WORKING
from tests.soak.trouble import Trouble

_UNCHANGED = ("nothing was changed", "not carried out", "changed nothing")


def faults_of(case: Trouble, lived: Lived) -> Iterator[str]:
    """Each promise that was not kept, in one clause."""
    if lived.puts > 1:
        yield f"{lived.puts} PUTs reached Azure for one approval"
    if any(it in lived.card for it in WORKING):
        yield "the card still says that work is under way"
    said = lived.card.lower()
    if lived.changed and any(it in said for it in _UNCHANGED):
        yield "the card says that nothing was changed, but Azure holds the change"
    if "healthy again" in said and not (lived.changed and lived.well):
        yield "the card says that the gateway is healthy again, but it is not"
    if (
        lived.changed
        and lived.well
        and case.azure != "operation fails"
        and "healthy again" not in said
    ):
        yield "the change was carried out and heals, but the card does not say so"
    if lived.puts == 0 and not any(it in said for it in _UNCHANGED):
        yield "nothing was sent, and the card does not say so"
    if len(lived.replies) != 1:
        yield f"the last word came {len(lived.replies)} times, not once"
