"""Judging within a time: what the rules have said by then is true, and the rest is said to be open."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bot.core.case.case import Case
from bot.core.case.diagnosis import Diagnosis
from bot.core.case.finding import OpenQuestion, Undecided
from bot.core.case.rule import Rule, Said

NO_TIME = "there was no time to judge everything that was seen"


class TimedRules:
    """The same rules, each of which falls silent when the time is over. Used from one thread at a time."""

    def __init__(self, rules: Sequence[Rule], is_over: Callable[[], bool]) -> None:
        self._is_over = is_over
        self._silent: list[str] = []
        self.rules = tuple(replace(it, check=self._timed(it)) for it in rules)

    def were_heard(self) -> bool:
        """Whether all of them were heard to the end so far."""
        return not self._silent

    def marked(self, diagnosis: Diagnosis | None) -> Diagnosis:
        """The same diagnosis; if a rule was not heard to its end, it says so. None: there is none yet."""
        if diagnosis is None:
            self._silent.append(self.rules[0].id)
            diagnosis = Diagnosis((), ())
        if self.were_heard():
            return diagnosis
        question = OpenQuestion(self._silent[0], Undecided(NO_TIME))
        return replace(diagnosis, undecided=(question, *diagnosis.undecided))

    def _timed(self, rule: Rule) -> Callable[[Case], Iterator[Said]]:
        def check(case: Case) -> Iterator[Said]:
            if not self._is_over():
                for said in rule.check(case):
                    yield said
                    if self._is_over():
                        break
                else:
                    return
            self._silent.append(rule.id)

        return check
