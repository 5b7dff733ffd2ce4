"""Bicep, read by a real parser: the grammar of tree-sitter-bicep."""

import re
from collections.abc import Iterator
from typing import Any

import tree_sitter_bicep
from tree_sitter import Language, Node, Parser

_PARSER = Parser(Language(tree_sitter_bicep.language()))
_ESCAPED = {"\\'": "'", "\\\\": "\\", "\\$": "$"}
_NUMBER = re.compile(r"\\u\{([0-9a-f]+)\}")


def resource(text: str) -> dict[str, Any]:
    """The body of the one resource in the text; fails on whatever is no Bicep, and on anything filled in."""
    root = _PARSER.parse(text.encode()).root_node
    assert not root.has_error, str(root)
    assert "interpolation" not in {node.type for node in _every(root)}
    (declared,) = (node for node in root.children if node.type == "resource_declaration")
    (body,) = (node for node in declared.children if node.type == "object")
    read: dict[str, Any] = _value(body)
    return read


def _every(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _every(child)


def _value(node: Node) -> Any:
    text = (node.text or b"").decode()
    match node.type:
        case "object":
            return dict(_entry(it) for it in node.named_children if it.type == "object_property")
        case "array":
            return [_value(it) for it in node.named_children]
        case "string":
            return _unescaped(text[1:-1])
        case "number":
            return int(text)
        case "boolean":
            return text == "true"
        case "null":
            return None
    raise AssertionError(f"{node.type}: {text}")


def _entry(node: Node) -> tuple[str, Any]:
    key, value = node.named_children
    name = _value(key) if key.type == "string" else (key.text or b"").decode()
    return name, _value(value)


def _unescaped(text: str) -> str:
    # learn.microsoft.com/azure/azure-resource-manager/bicep/data-types, "Strings"
    plain, rest = "", text
    while rest:
        pair, number = rest[:2], _NUMBER.match(rest)
        if number:
            plain += chr(int(number[1], 16))
            rest = rest[number.end() :]
            continue
        plain += _ESCAPED.get(pair, rest[0])
        rest = rest[2 if pair in _ESCAPED else 1 :]
    return plain
