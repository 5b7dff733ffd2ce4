"""Would a change end the incident? Judged by two diagnoses: of the case as it is, and as it would be."""

from collections.abc import Sequence

from bot.core.case.diagnosis import Diagnosis
from bot.core.case.finding import Finding, Match, OpenQuestion, Undecided
from bot.core.remedies.trial import CannotTell, FaultsLeft, NewFaults, NoFaultLeft, TrialOutcome
from bot.core.routing.routes import Backend, Place

Signature = tuple[str, Place | None, str]
"""Which rule said something about which server or part: how two diagnoses are compared."""


def judge(
    reported: Diagnosis, before: Diagnosis, after: Diagnosis, targets: Sequence[Backend]
) -> TrialOutcome:
    """How it would end for the backends that a change is meant for, and for all others.

    `reported` also believes the gateway's own report; `before` and `after` are judged without it, as a change on paper
    cannot ask it again.
    """
    meant = {backend.place for backend in targets}
    old = {_signature(finding) for finding in before.errors}
    left = [it for it in after.errors if _concerns(it, meant)]
    if left:
        return FaultsLeft(tuple(left))
    new = [it for it in after.errors if _signature(it) not in old and not _concerns(it, meant)]
    if new:
        return NewFaults(tuple(new))
    asked = {_open_signature(question) for question in before.undecided}
    open_now = [it for it in after.undecided if _matters(it, meant, asked)]
    if open_now:
        return CannotTell(open_now[0].undecided.because)
    # A fault that only the gateway reports vanishes in every paper trial: that proves nothing.
    if not all(any(_concerns(it, {place}) for it in before.errors) for place in meant):
        return CannotTell("only the gateway's own report shows the fault")
    unseen = [it for it in reported.errors if _concerns(it, meant) and _signature(it) not in old]
    if unseen:
        return CannotTell(f"only the gateway's own report shows this: {unseen[0].match.summary}")
    return NoFaultLeft(tuple(dict.fromkeys(backend.label for backend in targets)))


def _matters(question: OpenQuestion, meant: set[Place], asked: set[Signature]) -> bool:
    """Whether an open question stands in the way: about a backend that is meant, or a new one."""
    backend = question.undecided.backend
    concerns = backend.place in meant if backend else question.undecided.part is None
    return concerns or _open_signature(question) not in asked


def _concerns(finding: Finding, places: set[Place]) -> bool:
    # What is wrong with the gateway as a whole concerns them all; what is wrong with another part does not.
    backend = finding.match.backend
    return backend.place in places if backend else finding.match.part is None


def _signature(finding: Finding) -> Signature:
    return _sign(finding.rule, finding.match)


def _open_signature(question: OpenQuestion) -> Signature:
    return _sign(question.rule, question.undecided)


def _sign(rule: str, said: Match | Undecided) -> Signature:
    backend = said.backend
    if backend is None:
        return (rule, None, said.part or "")
    return (rule, backend.place, backend.server)
