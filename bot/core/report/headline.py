"""Which fault the verdict is about, and which option answers it: the two belong together."""

from collections.abc import Iterable

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


def ends(trial: Trial, fault: Finding) -> bool:
    """Whether an option ends a fault, as far as was tried on paper."""
    (part,) = faulty_parts([fault])
    return any(it.place == part.place and fault.rule in it.rules for it in trial.relief.heals)
