"""An option's trial in parts, and all of them in one text."""

from typing import Any

import pytest

from bot.core.case.finding import Finding, Match
from bot.core.remedies.option import NotApplicable, Proposal
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.trial import (
    CannotTell,
    FaultsLeft,
    NewFaults,
    NoFaultLeft,
    Trial,
    TrialOutcome,
)
from bot.core.report.option_facts import option_facts, option_json

# Texts that hold what a reader of sentences would look for.
EFFECT = "open the way. It would help; Tried on paper: no. Whether"
LEFT = "port 443 is shut. It would not be enough: no"


def finding(rule: str) -> Finding:
    return Finding(rule, "error", Match(LEFT, ()), ())


TWICE = (finding("port_silent"), finding("port_silent"), finding("pool_empty"))


@pytest.mark.parametrize(
    ("outcome", "kind", "because", "parts", "ended"),
    [
        (
            NoFaultLeft(("a:443", "b:443")),
            "no_fault_left",
            None,
            {"backends": ["a:443", "b:443"]},
            "Tried on paper: no fault is left on a:443, b:443",
        ),
        (
            FaultsLeft(TWICE),
            "faults_left",
            LEFT,
            {"rules": ["port_silent", "pool_empty"]},
            f"It would not be enough: {LEFT}",
        ),
        (
            NewFaults(TWICE[:1]),
            "new_faults",
            LEFT,
            {"rules": ["port_silent"]},
            f"It would break something else: {LEFT}",
        ),
        (CannotTell(LEFT), "cannot_tell", LEFT, {}, f"Whether it helps cannot be told: {LEFT}"),
    ],
)
def test_what_was_tried_has_its_parts_and_one_text_made_of_them(
    outcome: TrialOutcome, kind: str, because: str | None, parts: dict[str, Any], ended: str
) -> None:
    trial = Trial(OPTIONS[0], outcome, Proposal(EFFECT, steps=("do it",)))
    found = option_json(option_facts(trial, trial))
    assert (found["effect"], found["because"]) == (EFFECT, because)
    assert found["outcome"] == {"kind": kind, "backends": [], "rules": []} | parts
    assert found["reason"] == f"{EFFECT}. {ended}"
    assert (found["tried"], found["recommended"], found["steps"]) == (True, True, ["do it"])
    assert found["works"] is (because is None)


def test_what_is_not_applicable_has_a_reason_and_no_effect() -> None:
    trial = Trial(OPTIONS[0], NotApplicable(LEFT, ("ask",)))
    found = option_json(option_facts(trial, None))
    assert (found["effect"], found["because"], found["reason"]) == (None, LEFT, LEFT)
    assert found["outcome"] == {"kind": "not_applicable", "backends": [], "rules": []}
    assert (found["tried"], found["works"], found["steps"]) == (False, False, ["ask"])
