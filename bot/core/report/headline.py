"""Which fault the verdict is about, and which option answers it: the two belong together."""

from collections.abc import Iterable, Mapping

from bot.core.case.diagnosis import Diagnosis
from bot.core.case.finding import Finding
from bot.core.remedies.relief import faulty_parts
from bot.core.remedies.trial import Trial
from bot.core.remedies.what_if import recommended


def answer_to(diagnosis: Diagnosis, trials: Iterable[Trial]) -> Trial | None:
    """The first option that works and ends the first fault; where there is none, the first that works."""
    every = tuple(trials)
    first = diagnosis.errors[:1]
    fitting = (it for it in every if it.works and any(ends(it, fault) for fault in first))
    return next(fitting, None) or recommended(every)


def answered_first(diagnosis: Diagnosis, best: Trial | None) -> Diagnosis:
    """The same diagnosis, beginning with a fault that the recommended option ends, if it ends any."""
    if best is None:
        return diagnosis
    answered = next((it for it in diagnosis.errors if ends(best, it)), None)
    if answered is None:
        return diagnosis
    findings = sorted(diagnosis.findings, key=lambda it: it is not answered)
    return Diagnosis(tuple(findings), diagnosis.undecided)


FaultKey = tuple[tuple[str | None, ...], str]
"""A fault: the place of the part that has it, and the rule that found it."""


def ended_by(trials: Iterable[Trial]) -> Mapping[FaultKey, tuple[str, ...]]:
    """The ids of the options that work, under each fault that they end; all at once, since there may be many."""
    found: dict[FaultKey, tuple[str, ...]] = {}
    for trial in trials:
        for part in trial.relief.heals if trial.works else ():
            for rule in part.rules:
                found[part.place, rule] = (*found.get((part.place, rule), ()), trial.option.id)
    return found


def fault_key(fault: Finding) -> FaultKey:
    """Under what `ended_by` has a fault."""
    (part,) = faulty_parts([fault])
    return part.place, fault.rule


def ends(trial: Trial, fault: Finding) -> bool:
    """Whether an option ends a fault, as far as was tried on paper."""
    place, rule = fault_key(fault)
    return any(it.place == place and rule in it.rules for it in trial.relief.heals)
