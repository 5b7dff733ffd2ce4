"""Nobody can add half a rule."""

from pathlib import Path

import pytest

from bot.core import rules
from bot.core.case.rule import Rule
from bot.core.report.rule_catalogue import catalogue
from bot.core.rules import RULES
from tests.core.rules.kinds import kinds

FOLDER = Path(rules.__file__).parent


def test_every_file_is_one_registered_rule_of_the_same_name() -> None:
    files = {it.stem for it in FOLDER.glob("*.py")} - {"__init__"}
    assert {rule.id for rule in RULES} == files
    assert len(RULES) == len(files)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_is_whole(rule: Rule) -> None:
    assert rule.sources
    assert all(source.startswith("https://") for source in rule.sources)
    for text in (rule.symptom, rule.cause, rule.remedy):
        assert text.endswith(".")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_is_tested_to_match_to_be_quiet_and_without_its_evidence(rule: Rule) -> None:
    """What counts as which is said in `tests.core.rules.kinds`."""
    tests = Path(__file__).with_name(f"test_{rule.id}.py").read_text(encoding="utf-8")
    assert f"from bot.core.rules.{rule.id} import RULE\n" in tests
    assert kinds(tests) == {"matches", "quiet", "undecided"}


def test_what_a_rule_explains_is_a_rule_that_comes_after_it() -> None:
    order = [rule.id for rule in RULES]
    for rule in RULES:
        later = order[order.index(rule.id) + 1 :]
        assert set(rule.explains) <= set(later), rule.id


def test_the_last_resort_stands_behind_every_other_error() -> None:
    errors = [rule for rule in RULES if rule.severity == "error"]
    assert [rule.last_resort for rule in errors] == sorted(rule.last_resort for rule in errors)


def test_the_written_catalogue_is_fresh() -> None:
    written = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert written == catalogue(RULES), "run: make catalogue"
