"""The catalogue of rules as a page to read; `bot/core/rules/README.md` is made of it by `make catalogue`."""

from collections.abc import Iterable

from bot.core.case.rule import Rule

HEAD = """\
# The rules

Generated from the rules themselves by `make catalogue`; do not edit.
In the order in which causes are ruled out. `error` makes the verdict `fault`; warnings and infos never change it.
"""


def catalogue(rules: Iterable[Rule]) -> str:
    """The page in Markdown."""
    return HEAD + "".join(map(_entry, rules))


def _entry(rule: Rule) -> str:
    sources = "\n".join(f"  - <{source}>" for source in rule.sources)
    return (
        f"\n## {rule.id}\n\n"
        f"- Severity: {rule.severity}\n"
        f"- Symptom: {rule.symptom}\n"
        f"- Cause: {rule.cause}\n"
        f"- Remedy: {rule.remedy}\n"
        f"- Sources:\n{sources}\n"
    )
