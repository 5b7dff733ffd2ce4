"""Ask one rule about one case."""

from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Match, Undecided
from bot.core.case.rule import Rule
from bot.core.model.marked import plain
from bot.core.rules import RULES


def matches(rule: Rule, case: Case) -> list[str]:
    """The summaries of what the rule saw; fails if it stayed undecided as well."""
    said = list(rule.check(case))
    assert not [it for it in said if isinstance(it, Undecided)]
    return [plain(it.summary) for it in said if isinstance(it, Match)]


def doubts(rule: Rule, case: Case) -> list[str]:
    """Why the rule stayed undecided; fails if it saw its symptom."""
    said = list(rule.check(case))
    assert not [it for it in said if isinstance(it, Match)]
    return [plain(it.because) for it in said if isinstance(it, Undecided)]


def quiet(rule: Rule, case: Case) -> bool:
    """Whether the rule has nothing at all to say."""
    return not list(rule.check(case))


def left_open(rule: Rule, case: Case) -> set[str]:
    """Which rules hold the open question of a case of which this rule has nothing to say.

    Fails if the diagnosis as a whole accuses anyone, or calls the gateway healthy.
    """
    assert quiet(rule, case)
    whole = diagnose(case, RULES)
    assert not whole.errors
    assert whole.verdict == "undecided"
    assert all(it.undecided.because for it in whole.undecided)
    return {it.rule for it in whole.undecided}
