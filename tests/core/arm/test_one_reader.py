"""Unknown JSON is looked into in one place; who needs a part of it asks `bot.core.arm.document`."""

import ast
from pathlib import Path

import pytest

BOT = Path(__file__).parents[3] / "bot"
READER = BOT / "core" / "arm" / "document.py"
READING = sorted(
    it
    for room in ("core", "azure", "workflow")
    for it in (BOT / room).rglob("*.py")
    if it != READER
)
KINDS = {"Mapping", "MutableMapping", "Sequence", "dict", "list"}


def looks_into_json(tree: ast.AST) -> list[int]:
    """The lines that ask of a value whether it is an object or a list."""
    asked = (it for it in ast.walk(tree) if isinstance(it, ast.Call))
    return [
        it.lineno
        for it in asked
        if isinstance(it.func, ast.Name)
        and it.func.id == "isinstance"
        and KINDS & {name.id for name in ast.walk(it.args[1]) if isinstance(name, ast.Name)}
    ]


@pytest.mark.unmeasured
@pytest.mark.parametrize("path", READING, ids=lambda it: str(it.relative_to(BOT)))
def test_nobody_else_looks_into_json(path: Path) -> None:
    assert looks_into_json(ast.parse(path.read_text("utf-8"))) == []


def test_the_reader_does() -> None:
    assert looks_into_json(ast.parse(READER.read_text("utf-8")))


@pytest.mark.unmeasured
@pytest.mark.parametrize("path", READING, ids=lambda it: str(it.relative_to(BOT)))
def test_nobody_else_parses_json(path: Path) -> None:
    calls = (it for it in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(it, ast.Call))
    assert [it.lineno for it in calls if ast.unparse(it.func) in ("json.loads", "json.load")] == []
