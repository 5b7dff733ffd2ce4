"""Steps by hand for the terminal: each with its command on a line of its own, below it."""

from collections.abc import Iterable, Iterator

from bot.cli.page import Line, command
from bot.core.model.marked import ending_command


def step_lines(steps: Iterable[str], indent: int, *, commands: bool = True) -> Iterator[Line]:
    """Numbered; without `commands` only what each step is about."""
    for number, step in enumerate(steps, 1):
        text, ending = ending_command(step)
        if ending is None:
            yield Line(text, f"{' ' * indent}{number}. ")
            continue
        said = text if commands else f"{text.removesuffix(':')}."
        yield Line(said, f"{' ' * indent}{number}. ")
        if commands:
            yield command(ending)
