"""`agw explain`: the catalogue of rules: symptom, cause, remedy and sources of one, or the list of all."""

import argparse
from collections.abc import Iterator

from bot.cli.page import BLANK, Line, labelled, shown, under
from bot.cli.terminal import SEVERITY
from bot.cli.tty import coloured, columns
from bot.core.case.rule import Rule
from bot.core.problem import Problem
from bot.core.rules import RULES
from bot.nearest import MOST, did_you_mean, near


async def run(given: argparse.Namespace) -> int:
    """Print the rule that was named, or every rule in the order in which causes are ruled out."""
    lines = _every() if given.rule is None else _one(_rule(given.rule))
    print(shown(lines, colour=coloured(), width=columns()))
    return 0


def _rule(name: str) -> Rule:
    known = {it.id: it for it in RULES}
    # As people type it: agw explain certificate-not-allow-listed.
    wanted = name.strip().lower().replace("-", "_")
    if wanted in known:
        return known[wanted]
    alike = near(wanted, known) or [it for it in known if wanted in it][:MOST]
    hint = did_you_mean(alike, "agw explain lists them.")
    raise Problem("bad_use", f"There is no rule {name!r}.", hint)


def _one(rule: Rule) -> Iterator[Line]:
    yield Line(rule.id, f"{rule.severity.upper()}  ", "bold", f"bold {SEVERITY[rule.severity]}")
    yield BLANK
    yield labelled("Symptom", rule.symptom)
    yield labelled("Cause", rule.cause)
    yield labelled("Remedy", rule.remedy)
    for number, source in enumerate(rule.sources):
        yield under(source) if number else labelled("Sources", source)


def _every() -> Iterator[Line]:
    for rule in RULES:
        yield Line(rule.id, f"{rule.severity:<9}", "bold", SEVERITY[rule.severity])
        yield Line(rule.symptom, " " * 9)
