"""Which kinds of tests a rule's test file has: a rule is whole only with all three.

A test says by a word of its name what it is about: `matches` (the symptom is there), `quiet` (the near miss), and
`undecided` or `missing` (the evidence that the rule needs is not to be had). The last two may stand in one name with
others, so the rarer word decides. A name alone is no proof: the test has to hand `RULE`, or all `RULES`, to something
that runs them, itself or through a function of its own file.
"""

import ast
from collections.abc import Iterator
from typing import Literal

Kind = Literal["matches", "quiet", "undecided"]

WORDS: tuple[tuple[str, Kind], ...] = (
    ("undecided", "undecided"),
    ("missing", "undecided"),
    ("quiet", "quiet"),
    ("matches", "matches"),
)


def kinds(source: str) -> set[Kind]:
    """The kinds of those tests in a file that really ask a rule."""
    functions = {it.name: it for it in ast.parse(source).body if isinstance(it, ast.FunctionDef)}
    found = {
        name: next((kind for word, kind in WORDS if word in name.split("_")), None)
        for name in functions
        if name.startswith("test_") and _asks(functions, name, set())
    }
    return {kind for kind in found.values() if kind is not None}


def _asks(functions: dict[str, ast.FunctionDef], name: str, been: set[str]) -> bool:
    been.add(name)
    calls = list(_calls(functions[name]))
    if any(_is_rule(it) for call in calls for it in (*call.args, call.func)):
        return True
    called = {call.func.id for call in calls if isinstance(call.func, ast.Name)}
    return any(_asks(functions, it, been) for it in called & functions.keys() - been)


def _calls(function: ast.FunctionDef) -> Iterator[ast.Call]:
    return (it for it in ast.walk(function) if isinstance(it, ast.Call))


def _is_rule(node: ast.expr) -> bool:
    """`RULE` or `RULES` as an argument, or `RULE.check` as what is called."""
    if isinstance(node, ast.Attribute):
        return node.attr == "check" and _is_rule(node.value)
    return isinstance(node, ast.Name) and node.id in ("RULE", "RULES")
