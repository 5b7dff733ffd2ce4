"""Which faults of a report are told, each once: the headline's first."""

from dataclasses import replace

from bot.core.report.faults import headline_finding, open_questions, other_faults, warned
from bot.core.report.report import FindingFacts, Open, Report
from tests.core.report.test_code_handout import report


def finding(rule: str, severity: str = "error", server: str = "10.0.0.1") -> FindingFacts:
    first = report().findings[0]
    made = replace(first, rule=rule, summary=f"{rule} is wrong", server=server)
    return replace(made, severity=severity)  # type: ignore[arg-type]


def of(*findings: FindingFacts) -> Report:
    return replace(report(), findings=findings)


def test_the_first_fault_is_the_headlines_with_all_that_say_the_same() -> None:
    warning, first = finding("w", "warning"), finding("a")
    twin, second = replace(first, server="10.0.0.2"), finding("b")
    told = of(warning, first, second, twin)
    assert headline_finding(told) == (first, twin)
    assert other_faults(told) == ((second,),)
    assert warned(told) == ((warning,),)


def test_without_a_fault_there_is_none() -> None:
    told = of(finding("w", "warning"), finding("i", "info"))
    assert headline_finding(told) == ()
    assert other_faults(told) == ()


def test_the_question_that_the_verdict_is_about_is_not_counted_among_the_open_ones() -> None:
    two = (Open("a", "x"), Open("b", "y"))
    fault = replace(report(), undecided=two)
    assert fault.verdict == "fault"
    assert open_questions(fault) == 2
    assert open_questions(replace(fault, verdict="undecided")) == 1
    assert open_questions(replace(fault, undecided=())) == 0
