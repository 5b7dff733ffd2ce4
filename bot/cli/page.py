"""Lines for a person at a terminal: as wide as it is, coloured where that is wanted, cleaned of what came from outside.

Everything passes `Page`: names, messages and certificates of others can neither move the cursor nor mean anything to
rich, which gets them as plain text and never as markup (https://rich.readthedocs.io/en/stable/markup.html#escaping).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import accumulate

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style

from bot.cli.lines import clean, unbroken, with_spaces

LABEL = 14
"""Columns of the labels."""

_UNDER_LONG = "  "
_WORD = re.compile(r"[^ ]+ *")


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph behind `lead`, under which all its rows stand. Styles are rich's.

    `whole`: it is a command to copy, and is never broken.
    """

    text: str = ""
    lead: str = ""
    style: str = ""
    lead_style: str = ""
    whole: bool = False


BLANK = Line()


def labelled(label: str, text: str) -> Line:
    """A paragraph beside what it is about."""
    return Line(text, f"{label:<{LABEL}}", lead_style="bold")


def under(text: str) -> Line:
    """A paragraph under one with a label."""
    return Line(text, " " * LABEL)


def command(text: str, indent: int = 2) -> Line:
    """A command on a line of its own: however long, it can be copied as one."""
    return Line(text, " " * indent, "cyan", whole=True)


def shown(lines: Iterable[Line], *, colour: bool, width: int) -> str:
    """The lines as one text, without an end of line at its end."""
    # The height says that the width is meant: for a dumb terminal rich would otherwise take 80.
    console = Console(
        file=StringIO(),
        force_terminal=True,
        color_system="standard" if colour else None,
        no_color=not colour,
        width=width,
        height=25,
    )
    with console.capture() as captured:
        console.print(Page(lines), soft_wrap=True, end="")
    return captured.get().removesuffix("\n")


def height(lines: Iterable[Line], width: int) -> int:
    """How many rows of a terminal the lines take, those of long commands among them."""
    return sum(_heights(lines, width))


def fits(lines: Iterable[Line], width: int, rows: int) -> bool:
    """Whether the lines take no more rows than that; what comes after those is not even broken into rows."""
    return all(taken <= rows for taken in accumulate(_heights(lines, width)))


def _heights(lines: Iterable[Line], width: int) -> Iterator[int]:
    for line in lines:
        for lead, row in _rows(line, width):
            yield max(1, -(-cell_len(lead + row) // width))


class Page:
    """Lines as rich prints them."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = lines

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width, plain = console.width, console.color_system is None
        for line in self._lines:
            style = line.lead_style
            if plain or not (style or line.style):
                # In one piece: a large gateway has tens of thousands of rows, and most have no style.
                yield Segment("".join(f"{lead}{row}\n" for lead, row in _rows(line, width)))
                continue
            for lead, row in _rows(line, width):
                yield Segment(lead, Style.parse(style))
                yield Segment(row, Style.parse(line.style))
                yield Segment.line()
                style = ""


def _rows(line: Line, width: int) -> Iterator[tuple[str, str]]:
    """Each with its lead, or what stands under that."""
    lead = clean(line.lead)
    text = clean(line.text) if line.whole else unbroken(line.text)
    if cell_len(lead) > width // 2 and not line.whole:
        # A name of others is in it: what it leads to needs more than the room beside it.
        lead, text = _UNDER_LONG, f"{lead}{text}".lstrip(" ")
    room = width - cell_len(lead)
    if line.whole or cell_len(text) <= room:
        yield lead, with_spaces(text)
        return
    for row in (_broken_ascii if text.isascii() else _broken)(text, room):
        yield lead, with_spaces(row)
        lead = " " * cell_len(lead)


def _broken_ascii(text: str, room: int) -> Iterator[str]:
    """As `_broken`, without a look at each word: a large gateway has tens of thousands of rows."""
    begin = 0
    while len(text) - begin > room:
        end = text.rfind(" ", begin + 1, begin + room + 1)
        if end < 0:
            end = text.find(" ", begin + room)
        if end < 0:
            break
        yield text[begin:end].rstrip(" ")
        begin = end + 1
        while text[begin : begin + 1] == " ":
            begin += 1
    yield text[begin:].rstrip(" ")


def _broken(text: str, room: int) -> Iterator[str]:
    """Rows of whole words: half of one that is too long could not be copied."""
    begin = used = 0
    for word in _WORD.finditer(text):
        if used and used + cell_len(word[0].rstrip(" ")) > room:
            yield text[begin : word.start()].rstrip(" ")
            begin, used = word.start(), 0
        used += cell_len(word[0])
    yield text[begin:].rstrip(" ")
