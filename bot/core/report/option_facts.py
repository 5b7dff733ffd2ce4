"""What a report tells of an option: what it would do, how trying it ended and why, in parts, and their public JSON."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, assert_never

from bot.core.case.finding import Finding
from bot.core.remedies.by_hand import OPTION_ID
from bot.core.remedies.option import NotApplicable
from bot.core.remedies.trial import (
    CannotTell,
    CausesRemoved,
    FaultsLeft,
    NewFaults,
    NoFaultLeft,
    Trial,
    TrialOutcome,
)

OutcomeKind = Literal[
    "no_fault_left",
    "causes_removed",
    "faults_left",
    "new_faults",
    "cannot_tell",
    "not_applicable",
]


@dataclass(frozen=True, slots=True)
class OutcomeFacts:
    """How trying an option ended.

    `backends` are the labels of those on which no fault is left; `rules` are the ids of those that would find a fault
    that is left, or new.
    """

    kind: OutcomeKind
    backends: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OptionFacts:
    """One option: `tried` on paper, or not applicable here at all; `steps` are for doing it by hand.

    `effect` is what it would do (None: not applicable), `outcome` how the trial ended, `because` why it does not work
    (None: it does); `reason` is all of these in one text; `first` are those of the steps that come
    before a button. A report that was stored before there were parts has `reason` only, and `outcome` is None.
    `button` is the title once more, for a replica of the version before, which reads it.
    `as_code` is the same change as (language, text), for people who keep their gateway in code.
    """

    id: str
    title: str
    button: str
    recommended: bool
    works: bool
    tried: bool
    automated: bool
    reason: str
    together_with: str | None

    steps: tuple[str, ...]
    sources: tuple[str, ...]
    as_code: tuple[tuple[str, str], ...] = ()
    effect: str | None = None
    outcome: OutcomeFacts | None = None
    because: str | None = None
    first: tuple[str, ...] = ()


def option_facts(trial: Trial, best: Trial | None) -> OptionFacts:
    """What came of a trial; `best` is the one that is recommended."""
    return OptionFacts(
        id=trial.option.id,
        title=trial.option.title,
        button=trial.option.title,
        recommended=trial is best,
        works=trial.works,
        tried=trial.proposal is not None,
        automated=trial.automated if trial.proposal else trial.option.automated,
        reason=trial.reason,
        together_with=trial.together_with,
        steps=trial.steps,
        sources=trial.option.sources,
        as_code=trial.as_code,
        effect=trial.effect,
        outcome=_outcome(trial.outcome),
        because=trial.because,
        first=trial.proposal.first if trial.proposal else (),
    )


def ranked(options: Iterable[OptionFacts]) -> list[OptionFacts]:
    """The recommended option first, then those that work, then the rest, each group in its own order."""
    return sorted(options, key=lambda it: (not it.recommended, not it.works))


def to_do(options: Iterable[OptionFacts]) -> OptionFacts | None:
    """The option whose steps somebody has to take: none if there is a button for the best one.

    Where nothing is recommended it is the one that says what to compare, and whom to ask.
    """
    options = tuple(options)
    best = next((it for it in options if it.recommended), None)
    if best is not None:
        return best if best.steps and not best.automated else None
    return next((it for it in options if it.tried and it.steps and it.id == OPTION_ID), None)


def option_json(option: OptionFacts) -> dict[str, Any]:
    """Its part of the public document."""
    return {
        "id": option.id,
        "title": option.title,
        "recommended": option.recommended,
        "works": option.works,
        "tried": option.tried,
        "automated": option.automated,
        "reason": option.reason,
        "effect": option.effect,
        "outcome": _outcome_json(option.outcome) if option.outcome else None,
        "because": option.because,
        "together_with": option.together_with,
        "steps": list(option.steps),
        "as_code": [{"language": language, "text": text} for language, text in option.as_code],
        "sources": list(option.sources),
    }


def _outcome(outcome: TrialOutcome) -> OutcomeFacts:
    match outcome:
        case NoFaultLeft(backends):
            return OutcomeFacts("no_fault_left", backends=backends)
        case CausesRemoved(parts):
            return OutcomeFacts("causes_removed", backends=parts)
        case FaultsLeft(findings):
            return OutcomeFacts("faults_left", rules=_rules(findings))
        case NewFaults(findings):
            return OutcomeFacts("new_faults", rules=_rules(findings))
        case CannotTell():
            return OutcomeFacts("cannot_tell")
        case NotApplicable():
            return OutcomeFacts("not_applicable")
        case _ as never:
            assert_never(never)


def _rules(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(it.rule for it in findings))


def _outcome_json(outcome: OutcomeFacts) -> dict[str, Any]:
    return {
        "kind": outcome.kind,
        "backends": list(outcome.backends),
        "rules": list(outcome.rules),
    }
