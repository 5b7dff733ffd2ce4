"""`make catalogue`: write bot/core/rules/README.md anew from the rules."""

from pathlib import Path

from bot.core import rules
from bot.core.report.rule_catalogue import catalogue

if __name__ == "__main__":
    page = Path(rules.__file__).with_name("README.md")
    page.write_text(catalogue(rules.RULES), encoding="utf-8")
