"""`make catalogue`: write bot/core/rules/README.md anew from the rules, and docs/faults.md from the tests' faults."""

from pathlib import Path

from bot.core import rules
from bot.core.report.rule_catalogue import catalogue
from tests.faults import table
from tests.tooling.tree import ROOT

if __name__ == "__main__":
    readme = Path(rules.__file__).with_name("README.md")
    readme.write_text(catalogue(rules.RULES), encoding="utf-8")
    (ROOT / "docs" / "faults.md").write_text(table.page(), encoding="utf-8")
