"""Steps by hand as a checklist: one after the other, each with its command to copy."""

from collections.abc import Iterable, Iterator

from bot.core.model.marked import ending_command
from handlers import ids
from handlers.blocks.forms import with_box
from handlers.blocks.kit import Block, preformatted, section, sections
from handlers.blocks.text import outside


def to_tick(steps: Iterable[str]) -> Iterator[Block]:
    """Each step with a box to tick: for modals, which belong to one person."""
    for number, step in enumerate(steps, start=1):
        text, command = ending_command(step)
        yield with_box(section(f"{number}. {outside(text, 2000)}"), ids.TICK, "Done")
        if command is not None:
            yield preformatted("", command)


def numbered(steps: Iterable[str]) -> Iterator[Block]:
    """The same for everybody, in as few paragraphs as possible."""
    return sections(f"{number}. {outside(step, 2000)}" for number, step in enumerate(steps, 1))
