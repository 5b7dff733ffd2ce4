from tests.core.rules.kinds import kinds

WHOLE = """
def seen(made):
    return list(RULE.check(made))

def test_matches_it():
    assert seen(1)

def test_is_quiet_beside_it():
    assert quiet(RULE, 2)

def test_a_missing_answer_is_not_a_quiet_one():
    assert diagnose(3, RULES).undecided
"""


def test_each_kind_is_told_by_a_word_of_the_name() -> None:
    assert kinds(WHOLE) == {"matches", "quiet", "undecided"}
    assert kinds(WHOLE.replace("_quiet_beside", "_silent_beside")) == {"matches", "undecided"}
    assert kinds(WHOLE.replace("_missing_", "_lost_")) == {"matches", "quiet"}


def test_a_test_that_asks_no_rule_does_not_count() -> None:
    assert kinds(WHOLE.replace("seen(1)", "other(1)")) == {"quiet", "undecided"}
    assert kinds(WHOLE.replace("RULE.check(made)", "RULE.severity")) == {"quiet", "undecided"}
    assert kinds("def test_matches_itself():\n    assert test_matches_itself()") == set()
