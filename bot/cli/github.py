"""A report for a pipeline on GitHub: an annotation for each finding, and the whole as the step's summary.

Workflow commands and their escapes:
https://docs.github.com/actions/reference/workflow-commands-for-github-actions and, for the escapes,
https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from bot.cli.lines import clean
from bot.cli.markdown import markdown
from bot.core.model.marked import mark
from bot.core.problem import Problem
from bot.core.report.report import Report, told_once

MOST = 10
"""Annotations of one kind that GitHub shows of a step."""

LARGEST_SUMMARY = 1024 * 1024
"""Bytes of one step's summary; GitHub takes none of a longer one."""

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _DATA | str.maketrans({":": "%3A", ",": "%2C"})
_LEVEL = {"error": "error", "warning": "warning", "info": "notice"}


def show(report: Report) -> None:
    """Annotations on stdout, and the summary in the file that GitHub names, if it names one."""
    for line in annotations(report):
        print(line)
    add_summary(markdown(report))


def failed(problem: Problem) -> None:
    """An annotation that says why there is no report."""
    print(annotation("error", "agw could not diagnose", str(problem)), flush=True)


def annotation(level: str, title: str, said: str) -> str:
    """One workflow command; neither text can end it early or begin another."""
    return f"::{level} title={clean(title).translate(_PROPERTY)}::{clean(said).translate(_DATA)}"


def annotations(report: Report) -> Iterator[str]:
    """The verdict where there is no fault, then each finding once, as many as GitHub shows."""
    name = report.gateway.name
    told = {level: list[str]() for level in _LEVEL.values()}
    if report.verdict == "undecided":
        told["warning"].append(annotation("warning", f"{name}: undecided", report.headline))
    elif report.verdict == "healthy":
        told["notice"].append(annotation("notice", f"{name}: no fault", report.headline))
    for it, *_ in told_once(report.findings):
        level = _LEVEL[it.severity]
        told[level].append(annotation(level, f"{name}: {it.rule}", f"{it.summary} {it.remedy}"))
    for every in told.values():
        yield from every[:MOST]


def add_summary(text: str) -> None:
    """Append to the step's summary.

    Raises:
        Problem: `bad_setting`, the file cannot be written.
    """
    named = os.environ.get("GITHUB_STEP_SUMMARY")
    if not named:
        return
    file = Path(named)
    try:
        held = file.stat().st_size if file.exists() else 0
        if held + len(text.encode()) > LARGEST_SUMMARY:
            text = (
                "The report is too long for a summary: `agw diagnose --format markdown` has it.\n"
            )
        with file.open("a", encoding="utf-8") as summary:
            summary.write(f"{text}\n")
    except OSError as error:
        why = error.strerror or type(error).__name__
        said = f"The step's summary cannot be written to {mark(named)}: {why}."
        hint = "GITHUB_STEP_SUMMARY must name a file that this user may write, or nothing."
        raise Problem("bad_setting", said, hint) from None
