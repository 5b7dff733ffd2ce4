"""Texts from outside reach a terminal without anything that moves its cursor, wherever they stand in a report."""

import unicodedata
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from bot.cli import planned_text, terminal
from bot.cli.lines import clean
from bot.core.remedies.what_if import recommended
from bot.core.report.planned import planned
from bot.lab.scenarios import scenario as named
from tests.bench.diagnosis import opened

HARM = "\x1b]8;;http://evil.example\x07x\x9b2J\u202e\u2066\x00\r\nagw: all is well\u2028\x1b[31m"


def harmed(value: Any, depth: int = 0) -> Any:
    """The same value with something harmful at the end of every free text in it."""
    match value:
        case str():
            return value + HARM
        case tuple():
            return tuple(harmed(it, depth + 1) for it in value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            free = [it.name for it in fields(value) if it.init and "Literal" not in str(it.type)]
            return replace(value, **{it: harmed(getattr(value, it), depth + 1) for it in free})
    return value


def lines_of(text: str) -> list[str]:
    assert all(it == "\n" or unicodedata.category(it)[0] != "C" for it in text), text
    return text.splitlines()


async def test_no_text_of_a_report_or_a_plan_reaches_the_terminal_as_it_came() -> None:
    async with opened(named("ilb-ase")) as (diagnostician, gateway_id):
        examined = await diagnostician.examine(gateway_id)
    report = examined.report
    gateway = replace(report.gateway, name=HARM, resource_group=HARM, tier=HARM)
    told = replace(
        report,
        headline=report.headline + HARM,
        notes=(HARM,),
        gateway=gateway,
        backends=harmed(report.backends),
        undecided=harmed(report.undecided),
        options=harmed(report.options),
    )
    shown = lines_of(terminal.render(told, colour=False, width=100))
    assert "agw: all is well" not in shown
    best = recommended(examined.trials)
    assert best is not None
    made = planned(examined.what_if, best, best)
    made = replace(made, option=harmed(made.option), plan=harmed(made.plan))
    shown = lines_of(planned_text.render(HARM, made, colour=False, width=100))
    assert "agw: all is well" not in shown


@pytest.mark.parametrize(
    "harm", list("\x00\x07\x08\x0d\x1b\x7f\x85\x9b\x9d\u200e\u202e\u2066\u2028\ufdd0")
)
def test_each_kind_of_control_is_taken_out(harm: str) -> None:
    assert harm not in clean(f"a{harm}b")
