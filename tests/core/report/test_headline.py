"""The headline and the recommendation are about the same fault."""

from dataclasses import replace

from bot.core.case.diagnosis import Diagnosis, diagnose
from bot.core.case.finding import Finding
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.relief import Relief, faulty_parts
from bot.core.remedies.trial import CausesRemoved, FaultsLeft, Trial
from bot.core.report.headline import answer_to, answered_first, ended_by, fault_key
from bot.core.rules import RULES
from tests.core.make import incident

_, CASE = incident()
FOUND = diagnose(CASE, RULES)
FIRST = FOUND.errors[0]
OTHER = replace(FIRST, rule="another", match=replace(FIRST.match, backend=None, part="listener"))
BOTH = Diagnosis((FIRST, OTHER), ())


def trial(number: int, *ended: Finding) -> Trial:
    """An option that works, and ends exactly these."""
    parts = faulty_parts(ended)
    return Trial(OPTIONS[number], CausesRemoved(()), relief=Relief(heals=parts))


def test_the_fault_that_the_recommendation_ends_comes_first() -> None:
    assert answered_first(BOTH, trial(0, OTHER)).findings == (OTHER, FIRST)
    assert answered_first(BOTH, trial(0, FIRST, OTHER)).findings == (FIRST, OTHER)


def test_without_an_answer_the_order_of_exclusion_stays() -> None:
    assert answered_first(BOTH, None) == BOTH
    assert answered_first(BOTH, trial(0)) == BOTH
    same_place = replace(OTHER, rule="third")
    assert answered_first(BOTH, trial(0, same_place)) == BOTH


def test_who_asked_about_a_site_gets_what_ends_its_fault() -> None:
    for_other, for_first = trial(0, OTHER), trial(1, FIRST)
    useless = Trial(OPTIONS[2], FaultsLeft((FIRST,)), relief=Relief(heals=faulty_parts([FIRST])))
    assert answer_to(BOTH, (useless, for_other, for_first)) == for_first
    assert answer_to(BOTH, (useless, for_other)) == for_other
    assert answer_to(BOTH, (useless,)) is None
    assert answer_to(Diagnosis((), ()), (for_other,)) == for_other


def test_every_fault_has_the_options_that_work_and_end_it() -> None:
    both, one = trial(0, FIRST, OTHER), trial(1, OTHER)
    useless = Trial(OPTIONS[2], FaultsLeft((FIRST,)), relief=Relief(heals=faulty_parts([FIRST])))
    found = ended_by((both, useless, one))
    assert found[fault_key(FIRST)] == (OPTIONS[0].id,)
    assert found[fault_key(OTHER)] == (OPTIONS[0].id, OPTIONS[1].id)
    assert fault_key(replace(FIRST, rule="third")) not in found
