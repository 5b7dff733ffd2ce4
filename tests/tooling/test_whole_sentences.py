"""No screen looks into a sentence to learn what it means: what it means stands in fields beside it.

A cut at a full stop finds the one inside a name as well, and a word that is looked for goes with the next rewording.
"""

import ast
from collections.abc import Iterator
from dataclasses import fields

import pytest

from bot.core.changes.change import Change
from bot.core.changes.plan import Line
from bot.core.report.option_facts import OptionFacts
from bot.core.report.report import BackendFacts, FindingFacts, Open, Report
from tests.tooling.tree import ROOT

SCREENS = ("handlers", "bot/cli", "bot/workflow", "bot/core/report")
PROSE = {
    Report: {"headline", "conclusion"},
    FindingFacts: {"summary", "cause", "remedy"},
    OptionFacts: {"reason", "effect", "because"},
    Open: {"because"},
    BackendFacts: {"health_message", "not_tried"},
    Change: {"outcome"},
    Line: {"before", "after"},
}
SENTENCES = frozenset().union(*PROSE.values())
SURGERY = frozenset(
    {
        "split",
        "rsplit",
        "splitlines",
        "partition",
        "rpartition",
        "removeprefix",
        "removesuffix",
        "startswith",
        "endswith",
        "find",
        "rfind",
        "index",
        "rindex",
        "count",
        "replace",
        "strip",
        "lstrip",
        "rstrip",
        "upper",
        "lower",
        "title",
        "capitalize",
        "casefold",
        "swapcase",
    }
)
CUT = (ast.In, ast.NotIn, ast.Eq, ast.NotEq)


def holds_sentence(node: ast.AST) -> bool:
    return any(isinstance(it, ast.Attribute) and it.attr in SENTENCES for it in ast.walk(node))


def is_sentence(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in SENTENCES


def offences(source: str) -> Iterator[str]:
    """Every expression that takes a sentence apart, searches it or compares it."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name("re")), args=args) if any(
                map(holds_sentence, args)
            ):
                yield ast.unparse(node)
            case ast.Call(func=ast.Attribute(value=text, attr=how)) if (
                how in SURGERY and holds_sentence(text)
            ):
                yield ast.unparse(node)
            case ast.Subscript(value=text) if is_sentence(text):
                yield ast.unparse(node)
            case ast.Compare(left=left, ops=ops, comparators=right):
                if any(isinstance(it, CUT) for it in ops) and any(map(is_sentence, [left, *right])):
                    yield ast.unparse(node)


@pytest.mark.parametrize("screens", SCREENS)
def test_no_screen_takes_a_sentence_apart(screens: str) -> None:
    files = sorted((ROOT / screens).rglob("*.py"))
    assert files
    found = {
        str(path.relative_to(ROOT)): list(offences(path.read_text(encoding="utf-8")))
        for path in files
    }
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize("kind", PROSE)
def test_every_sentence_is_a_field(kind: type) -> None:
    assert {it.name for it in fields(kind)} >= PROSE[kind]


@pytest.mark.parametrize(
    "source",
    [
        'does, _, ended = option.reason.partition(". It would ")',
        'report.headline.removeprefix(f"{report.gateway.name}: ")',
        '"healthy again" in change.outcome',
        "[it for it in found if it.summary != headline]",
        "option.effect[:1].upper()",
        'outside(it.because).split(". ")',
        're.search("NXDOMAIN", backend.not_tried)',
        'line.before.startswith("without ")',
    ],
)
def test_a_cut_is_found(source: str) -> None:
    assert list(offences(source))


@pytest.mark.parametrize(
    "source",
    [
        "yield sentence(option.reason, 600)",
        "same.setdefault((finding.rule, finding.summary), []).append(finding)",
        "option.because or option.reason",
        'said.split(". ")',
        '", ".join(it.because for it in report.undecided)',
    ],
)
def test_what_only_shows_a_sentence_is_not(source: str) -> None:
    assert not list(offences(source))
