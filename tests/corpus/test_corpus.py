"""Every scenario, diagnosed and remedied by the real workflow, as its label says.

The lab's gateway is the witness: it judges its backends by code of its own, and it turns healthy or
it does not; where it called them healthy all along, its clients are served or they are not.
"""

import asyncio
import html
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.cli.answer import answer
from bot.cli.page import Line, height
from bot.cli.terminal import render
from bot.core.changes.remark_text import all_in_words
from bot.core.model.marked import ending_command, plain
from bot.core.remedies.relief import NO_RELIEF, Relief
from bot.core.report.incident import Incident
from bot.core.report.option_facts import to_do
from bot.core.report.report import Report, to_json
from bot.core.rules import RULES
from bot.lab.azure import all_healthy, any_unhealthy
from bot.lab.scenario import Expected, Scenario
from bot.lab.scenarios import SCENARIOS
from handlers.blocks import modals
from handlers.blocks.card import CardView, card
from handlers.blocks.evidence import evidence
from tests.corpus.running import ADA, Running, running
from tests.corpus.sample import labels, one_of_each
from tests.corpus.screens import Screens
from tests.corpus.table import Row, lines
from tests.handlers.bench import shown

SEVERITIES = {rule.id: rule.severity for rule in RULES}

ONE_SCREEN = 32
"""Rows; most answers take fewer than 30, and the longest have sentences of Azure's or OpenSSL's in them."""


def _cases() -> Iterator[Any]:
    """All of them; those that repeat what the sample shows are for `make corpus`."""
    sample = {each.name for each in one_of_each()}
    for each in SCENARIOS:
        marks = () if each.name in sample else (pytest.mark.repeats,)
        yield pytest.param(each, id=each.name, marks=marks)


@pytest.mark.parametrize("scenario", [*_cases()])
async def test_it_ends_as_its_label_says(
    scenario: Scenario, tmp_path: Path, request: pytest.FixtureRequest, screens: Screens
) -> None:
    expected = scenario.expected
    async with asyncio.timeout(600), running(scenario, tmp_path) as run:
        witnessed = await run.settled()
        assert any_unhealthy(witnessed) is (expected.cause is not None and not expected.hidden)
        report = await run.diagnosed()
        screens.add(scenario.name, await run.card(report))
        row = _row(scenario, report)
        row.noted(request.node)
        told = "\n".join(_told(report))
        assert (row.found, report.recommended) == (row.causes, expected.option), told
        otherwise = "undecided" if expected.undecided else "healthy"
        assert report.verdict == ("fault" if expected.cause else otherwise), told
        assert set(expected.undecided) <= {it.rule for it in report.undecided}, told
        assert list(_lacks(report)) == [], told
        assert _rows(report) <= ONE_SCREEN, told
        assert set(expected.notes) <= {it.rule for it in report.findings}, told
        if expected.heals:
            assert not (expected.hidden and await run.serves_clients())
            change = await run.remedied(report)
            assert change.state == "healthy", all_in_words(change.remarks)
            relief = change.plan.relief
            assert relief == Relief(heals=relief.heals) != NO_RELIEF
            await _is_healed(run)
            assert await run.serves_clients() or not expected.hidden
        elif await run.changed_by_hand():
            await _is_healed(run)


async def _is_healed(run: Running) -> None:
    """The lab's gateway says so, after one change, and a new diagnosis does."""
    await run.azure.wait_health(run.gateway, all_healthy)
    assert sum(request.method == "PUT" for request in run.azure.requests) == 1
    again = await run.diagnosed()
    assert again.verdict == "healthy", "\n".join(_told(again))


def _rows(report: Report) -> int:
    """Of a terminal with 80 columns, for the answer of `agw diagnose`."""
    text = answer(report, f"agw diagnose {report.gateway.name}", colour=False, width=80)
    return height([Line(it, whole=True) for it in text.split("\n")], 80)


def _lacks(report: Report) -> Iterator[str]:
    """What a person does not get who has no button to press, on one screen or another."""
    best = next((it for it in report.options if it.recommended), None)
    if best is not None and best.first:
        told = shown(modals.details_view(report, (), "")["blocks"])
        if "kubectl annotate ingress" not in told:
            yield "details: what comes before the button"
        whole = card(CardView(Incident("i", "g", "g", "C1", "1.1", ADA, "g", report.made, report)))
        if "steps by hand: *Details*" not in shown(list(whole.blocks)):
            yield "card: that something comes before the button"
    if report.verdict == "healthy" and any(it.served is False for it in report.clients):
        yield "every screen: a fault beside clients whose requests fail"
    for step in (step for it in report.options for step in it.steps):
        # A command that is not marked as one is wrapped with the words around it, and cannot be copied.
        if re.search(r": (az|curl|openssl|nslookup|nc) ", step):
            yield f"terminal: a command as one, in: {plain(step)}"
    if report.verdict != "fault" or (best is not None and best.automated):
        return
    # Where nothing is known to help, it is the option that says what to compare.
    shown_first = to_do(report.options)
    known = shown_first.id if shown_first is not None else None
    options = to_json(report)["options"]
    steps: list[str] = next((it["steps"] for it in options if it["id"] == known), [])
    if not any(re.search(r": (az|curl|openssl|nslookup|time) ", it) for it in steps):
        yield "JSON: a step with its command"
    begins = [it.steps[:1] for it in report.options if it.id == known]
    # A modal shows the command by itself, below the words.
    first = " ".join(plain(ending_command(step)[0]) for it in begins for step in it)[:60].rstrip()
    seen = " ".join(render(report, colour=False, width=100).split())
    if not first or f"1. {first}" not in seen:
        yield "terminal: the steps"
    details = modals.details_view(report, (), "")["blocks"]
    thread = [block for page in evidence(report) for block in page.blocks]
    for screen, blocks in (("details", details), ("thread", thread)):
        text = shown(blocks).replace("`", "")
        if f"1. {first}" not in html.unescape(text):
            yield f"{screen}: the steps"


def _row(scenario: Scenario, report: Report) -> Row:
    expected = scenario.expected
    found = frozenset(it.rule for it in report.findings if it.severity == "error")
    causes = frozenset(expected.causes)
    return Row(scenario.name, causes, found, expected.option, report.recommended)


def _told(report: Report) -> list[str]:
    """The report in lines, for whoever has to find out why it is not as expected."""
    found = [f"{it.severity} {it.rule}: {it.summary}" for it in report.findings]
    undecided = [f"undecided {it.rule}: {it.because}" for it in report.undecided]
    options = [f"option {it.id} {it.works}: {it.reason}" for it in report.options]
    said = [f"{it.server} {it.health}: {it.health_message}" for it in report.backends]
    return ["", *found, *undecided, *options, *said]


def test_labels_name_rules_of_the_right_severity() -> None:
    for scenario in SCENARIOS:
        expected: Expected = scenario.expected
        assert {SEVERITIES[cause] for cause in expected.causes} <= {"error"}, scenario.name
        assert {SEVERITIES[note] for note in expected.notes} <= {"warning", "info"}, scenario.name


def test_the_corpus_is_large_enough() -> None:
    faults = [each for each in SCENARIOS if each.expected.cause]
    healthy = [each for each in SCENARIOS if not each.expected.cause]
    assert len(SCENARIOS) >= 60
    assert len(healthy) >= 12
    assert sum(len(each.expected.causes) > 1 for each in faults) >= 5


def test_the_sample_has_every_cause_note_and_remedy() -> None:
    def every(scenarios: Iterable[Scenario]) -> set[str]:
        return {name for it in scenarios for name in labels(it)}

    assert every(one_of_each()) == every(SCENARIOS)


def test_a_wrong_answer_shows_in_the_table() -> None:
    rows = [
        Row("good", frozenset({"a"}), frozenset({"a"}), "x", "x"),
        Row("bad", frozenset({"a"}), frozenset({"b"}), None, "x"),
    ]
    told = list(lines(rows))
    assert told[0] == "2 scenarios, 1 as expected"
    assert "WRONG bad: expected a, None; found b, x" in told
    counted = {words[0]: words[1:] for line in told if len(words := line.split()) == 5}
    assert counted["a"] == ["2", "1", "1", "0"]
    assert counted["b"] == ["0", "0", "0", "1"]
