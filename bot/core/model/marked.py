"""Names from outside within our sentences: set off by marks, so that every screen shows them as they are.

A sentence is carried as one text (kept, compared, joined); who shows it decides what a name looks like: code in Slack,
nothing special in a terminal. The marks are Unicode noncharacters, which are for a program's own use and never stand
for anything (https://www.unicode.org/faq/private_use.html#noncharacters).
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

BEGIN, END = "\ufdd0", "\ufdd1"
_COMMAND = "\ufdd2"
"""Follows the first mark where no name is set off, but a command to copy."""

_NAME = re.compile(f"{BEGIN}{_COMMAND}?([^{BEGIN}{END}]*){END}")
_COMMANDS = re.compile(f"{BEGIN}{_COMMAND}([^{BEGIN}{END}]*){END}")
_AT_END = re.compile(f"{BEGIN}{_COMMAND}([^{BEGIN}{END}]*){END}$")


def mark(name: str) -> str:
    """A name from outside, set off for a sentence; marks of its own are taken out, so it cannot end early."""
    return f"{BEGIN}{plain(name)}{END}"


def mark_command(command: str) -> str:
    """A command, set off for a sentence: it looks like a name, and at the end of one it can be shown by itself."""
    return f"{BEGIN}{_COMMAND}{plain(command)}{END}"


def ending_command(sentence: str) -> tuple[str, str | None]:
    """The sentence without the command at its end, and that command, if it ends with one."""
    found = _AT_END.search(sentence)
    return (sentence[: found.start()].rstrip(), found[1]) if found else (sentence, None)


def has_command(sentence: str) -> bool:
    """Whether a command to copy is in it."""
    return _COMMAND in sentence


def command_parts(sentence: str) -> Iterator[tuple[str, bool]]:
    """Its pieces in order, none with a mark in it, and of each whether it is a command to copy."""
    end = 0
    for found in _COMMANDS.finditer(sentence):
        yield plain(sentence[end : found.start()]), False
        yield found[1], True
        end = found.end()
    yield plain(sentence[end:]), False


def mark_all(names: Iterable[str]) -> str:
    """Several names as a list."""
    return ", ".join(map(mark, names))


def plain(sentence: str) -> str:
    """The sentence without marks."""
    if BEGIN not in sentence and END not in sentence:
        return sentence
    # `str.translate` looks at each character of a text that is not ASCII by itself: twenty times the time.
    return sentence.replace(BEGIN, "").replace(END, "").replace(_COMMAND, "")


def parts(sentence: str) -> Iterator[tuple[str, bool]]:
    """Its pieces in order, none with a mark in it, and of each whether it is a name."""
    end = 0
    for found in _NAME.finditer(sentence):
        if found.start() > end:
            yield plain(sentence[end : found.start()]), False
        yield found[1], True
        end = found.end()
    if end < len(sentence):
        yield plain(sentence[end:]), False


def without_marks(document: Any) -> Any:
    """A JSON document, with every text in it plain."""
    match document:
        case str():
            return plain(document)
        case dict():
            return {key: without_marks(it) for key, it in document.items()}
        case list():
            return [without_marks(it) for it in document]
    return document
