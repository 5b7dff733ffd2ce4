"""Edits as a Bicep fragment: ARM's own names, so every property can be said.

Literals: learn.microsoft.com/azure/azure-resource-manager/bicep/data-types (strings in single quotes, entries on
lines of their own).
"""

import re
from collections.abc import Iterator
from typing import Any

from bot.core.arm.document import GATEWAY_API_VERSION
from bot.core.model.gateway import Gateway
from bot.core.remedies.code.touched import TouchedEntry

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def text(gateway: Gateway, parts: tuple[TouchedEntry, ...]) -> str:
    """The gateway's resource with the entries that change; everything else in it stays."""
    collections: dict[str, list[dict[str, Any]]] = {}
    for part in parts:
        entry = {"name": part.name, "properties": dict(part.values)}
        collections.setdefault(part.collection, []).append(entry)
    body = {"name": gateway.name, "properties": collections}
    head = f"resource gateway 'Microsoft.Network/applicationGateways@{GATEWAY_API_VERSION}' = "
    note = "// Only what changes is shown; all other properties and entries stay as they are."
    return "\n".join((note, *_joined(head, _lines(body))))


def _lines(value: Any) -> Iterator[str]:
    match value:
        case dict():
            yield "{"
            for key, it in value.items():
                name = key if _PLAIN.fullmatch(key) else quoted(key)
                yield from (f"  {line}" for line in _joined(f"{name}: ", _lines(it)))
            yield "}"
        case list():
            yield "["
            for it in value:
                yield from (f"  {line}" for line in _lines(it))
            yield "]"
        case _:
            yield _literal(value)


def _joined(head: str, lines: Iterator[str]) -> Iterator[str]:
    yield head + next(lines)
    yield from lines


def _literal(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case _:
            return quoted(str(value))


def quoted(value: str) -> str:
    """A string literal on one line in which nothing is interpolated; what cannot be seen is written as its number."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'").replace("${", "\\${")
    shown = (ch if ch.isprintable() else f"\\u{{{ord(ch):x}}}" for ch in escaped)
    return f"'{''.join(shown)}'"
