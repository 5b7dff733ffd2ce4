"""The faults of a report as a person is told of them: first the one of the headline, then the others, each once."""

from bot.core.report.report import FindingFacts, Report, told_once

Same = tuple[FindingFacts, ...]
"""Findings that say the same of several backends."""


def headline_finding(report: Report) -> Same:
    """The finding that the verdict's sentence is about, with those that say the same elsewhere; empty without one."""
    return next(iter(_faults(report)), ())


def other_faults(report: Report) -> tuple[Same, ...]:
    """Every other fault, each once however many backends have it."""
    return _faults(report)[1:]


def warned(report: Report) -> tuple[Same, ...]:
    """What is to be watched although it is no fault, each once."""
    return tuple(it for it in told_once(report.findings) if it[0].severity == "warning")


def open_questions(report: Report) -> int:
    """How many questions stayed open beside the one that an undecided verdict is about."""
    return max(0, len(report.undecided) - (report.verdict == "undecided"))


def _faults(report: Report) -> tuple[Same, ...]:
    return tuple(it for it in told_once(report.findings) if it[0].severity == "error")
