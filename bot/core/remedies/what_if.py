"""Try every option on paper, and recommend the first that works.

A trial changes the gateway's document, reads it again, and lets the same rules judge it against what our own
connections saw. So a recommendation is a consequence of the rules, not a second copy of them:

* an option works if no error is left on the backends it was meant for, and none is new anywhere else;
* a connection that nobody has made yet is asked for (`missing`), made, and the trial repeated;
* if no automated option works alone, pairs of them are tried, in the same order.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from bot.core.arm import edit
from bot.core.arm.edit import Edit
from bot.core.arm.gateway_reader import Certificates, Document, read_gateway
from bot.core.case.attempts import missing_attempts
from bot.core.case.case import NOT_MADE, Case
from bot.core.case.diagnosis import Diagnosis, diagnose
from bot.core.case.finding import Finding, Match, OpenQuestion, Undecided
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate, Unreadable
from bot.core.model.health import BackendHealth, SimulatedHealth
from bot.core.model.observation import Attempt
from bot.core.remedies import edit_builder
from bot.core.remedies.code import Code, as_code
from bot.core.remedies.option import NotApplicable, Option, Proposal, Trial
from bot.core.routing.routes import Backend

Place = tuple[str, str]
"""Pool id and HTTP settings id: what stays the same when a pool member is exchanged on paper."""

Signature = tuple[str, Place | None, str]
"""Which rule said something about which server or part: how two diagnoses are compared."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a trial works on: the case, the document it was read from, and the rules."""

    case: Case
    document: Document
    certificates: Certificates
    rules: tuple[Rule, ...]

    def after(self, proposal: Proposal) -> Case:
        """The case as it would be with the proposal carried out.

        Raises:
            Conflict: the edits do not fit the document.
        """
        changed = edit.apply(proposal.edits, self.document)
        added: dict[str, Certificate | Unreadable] = {
            edit_builder.certificate_text(it): it for it in proposal.certificates
        }
        gateway = read_gateway(changed, {**self.certificates, **added})
        case = self.case.assuming_reachable() if proposal.opens else self.case
        return replace(
            case.assuming_dns(proposal.resolves),
            gateway=replace(gateway, operational_state="Running") if proposal.starts else gateway,
            health=SimulatedHealth() if proposal.takes_hello else _simulated_health(self.case),
            assumed_certificates=proposal.served,
        )


def try_options(
    what_if: WhatIf, diagnosis: Diagnosis, options: Iterable[Option]
) -> tuple[Trial, ...]:
    """One trial for each option, in their order; nothing is tried where no backend is at fault."""
    faulty = faulty_backends(diagnosis, what_if.case.backends)
    trials = tuple(_try(what_if, option, faulty) for option in options) if faulty else ()
    # That a person could do something elsewhere is no reason not to look for a pair that a button can do.
    if any(trial.works and trial.automated for trial in trials):
        return trials
    return _with_pairs(what_if, trials, faulty)


def recommended(trials: Iterable[Trial]) -> Trial | None:
    """The first that works."""
    return next((trial for trial in trials if trial.works), None)


def faulty_backends(diagnosis: Diagnosis, backends: tuple[Backend, ...]) -> tuple[Backend, ...]:
    """The backends with an error, in the order of the findings; all of them where the gateway itself has one."""
    if any(it.match.backend is None and it.match.part is None for it in diagnosis.errors):
        return backends
    found = (finding.match.backend for finding in diagnosis.errors)
    return tuple(dict.fromkeys(backend for backend in found if backend is not None))


def missing(what_if: WhatIf, trials: Iterable[Trial]) -> tuple[Attempt, ...]:
    """The connections that would have to be made to judge the trials fully."""
    proposals = [trial.proposal for trial in trials if trial.proposal is not None]
    own = [attempt for it in proposals for attempt in missing_attempts(what_if.after(it))]
    asked = [attempt for it in proposals for attempt in it.asks]
    return tuple(
        dict.fromkeys([*own, *(it for it in asked if what_if.case.outcome(it) == NOT_MADE)])
    )


def _try(what_if: WhatIf, option: Option, faulty: tuple[Backend, ...]) -> Trial:
    refusals: list[NotApplicable] = []
    merged: Proposal | None = None
    targets: list[Backend] = []
    for backend in faulty:
        proposal = option.propose(BackendView(what_if.case, backend), what_if.document)
        if isinstance(proposal, NotApplicable):
            refusals.append(proposal)
            continue
        joined = _merge(merged, proposal)
        # Servers of one pool mostly need the very same edits: those were seen to fit.
        fits = merged is not None and joined is not None and joined.edits == merged.edits
        if joined is not None and (fits or _fits(what_if, joined)):
            merged = joined
            targets.append(backend)
    if merged is None:
        why = (
            refusals[0] if refusals else NotApplicable("it does not apply to the gateway as it is")
        )
        return Trial(option, False, why.reason, steps=why.steps)
    works, reason = _judge(what_if, merged, targets)
    code = _as_code(what_if, merged)
    return Trial(option, works, reason, merged, steps=merged.steps, as_code=code)


def _with_pairs(
    what_if: WhatIf, trials: tuple[Trial, ...], faulty: tuple[Backend, ...]
) -> tuple[Trial, ...]:
    able = [trial for trial in trials if trial.automated]
    for first, second in combinations(able, 2):
        joined = _merge(first.proposal, second.proposal)
        if joined is None or not _fits(what_if, joined):
            continue
        works, reason = _judge(what_if, joined, list(faulty))
        if works:
            pair = replace(
                first,
                works=True,
                reason=reason,
                proposal=joined,
                together_with=second.option.id,
                steps=joined.steps,
                as_code=_as_code(what_if, joined),
            )
            return tuple(pair if trial is first else trial for trial in trials)
    return trials


def _as_code(what_if: WhatIf, proposal: Proposal) -> Code:
    # A certificate that is only supposed has no bytes that could stand in a text.
    if proposal.served:
        return ()
    return as_code(what_if.case.gateway, what_if.document, proposal.edits)


def _judge(what_if: WhatIf, proposal: Proposal, targets: list[Backend]) -> tuple[bool, str]:
    # What the gateway says of the way to its backends counts only where it is the way that changes.
    known = (
        what_if.case
        if proposal.opens
        else replace(what_if.case, health=_simulated_health(what_if.case))
    )
    before = diagnose(known, what_if.rules)
    after = diagnose(what_if.after(proposal), what_if.rules)
    meant = {_place(backend) for backend in targets}
    old = {_signature(finding) for finding in before.errors}
    left = [it for it in after.errors if _concerns(it, meant)]
    new = [it for it in after.errors if _signature(it) not in old and not _concerns(it, meant)]
    asked = {_open_signature(question) for question in before.undecided}
    open_now = [it for it in after.undecided if _matters(it, meant, asked)]
    if left:
        return False, f"{proposal.summary}. It would not be enough: {left[0].match.summary}"
    if new:
        return False, f"{proposal.summary}. It would break something else: {new[0].match.summary}"
    if open_now:
        because = open_now[0].undecided.because
        return False, f"{proposal.summary}. Whether it helps cannot be told: {because}"
    # A fault that only the gateway reports vanishes in every paper trial: that proves nothing.
    if not all(any(_concerns(it, {place}) for it in before.errors) for place in meant):
        because = "only the gateway's own report shows the fault"
        return False, f"{proposal.summary}. Whether it helps cannot be told: {because}"
    return True, f"{proposal.summary}. Tried on paper: no fault is left on {_labels(targets)}"


def _simulated_health(case: Case) -> SimulatedHealth:
    return (
        SimulatedHealth(case.health)
        if isinstance(case.health, BackendHealth)
        else SimulatedHealth()
    )


def _matters(question: OpenQuestion, meant: set[Place], asked: set[Signature]) -> bool:
    """Whether an open question stands in the way: about a backend that is meant, or a new one."""
    backend = question.undecided.backend
    concerns = _place(backend) in meant if backend else question.undecided.part is None
    return concerns or _open_signature(question) not in asked


def _merge(first: Proposal | None, second: Proposal | None) -> Proposal | None:
    """Both in one, or None if they contradict each other."""
    if first is None or second is None:
        return first or second
    edits = (*first.edits, *(it for it in second.edits if it not in first.edits))
    if len({_target(it) for it in edits}) < len(edits):
        return None
    return Proposal(
        summary=first.summary if first.summary == second.summary else _both(first, second),
        edits=edits,
        resolves=tuple(dict.fromkeys((*first.resolves, *second.resolves))),
        served=tuple(dict.fromkeys((*first.served, *second.served))),
        opens=first.opens or second.opens,
        takes_hello=first.takes_hello or second.takes_hello,
        starts=first.starts or second.starts,
        by_hand=first.by_hand or second.by_hand,
        certificates=tuple(dict.fromkeys((*first.certificates, *second.certificates))),
        asks=tuple(dict.fromkeys((*first.asks, *second.asks))),
        steps=tuple(dict.fromkeys((*first.steps, *second.steps))),
    )


def _both(first: Proposal, second: Proposal) -> str:
    return f"{first.summary}; and {second.summary}"


def _target(one: Edit) -> tuple[str, str]:
    # A list of references takes several; everything else is set once.
    return (one.place, one.target if isinstance(one, edit.Reference) else "")


def _fits(what_if: WhatIf, proposal: Proposal) -> bool:
    try:
        edit.apply(proposal.edits, what_if.document)
    except edit.Conflict:
        return False
    return True


def _place(backend: Backend) -> Place:
    return (backend.pool.id, backend.settings.id)


def _concerns(finding: Finding, places: set[Place]) -> bool:
    # What is wrong with the gateway as a whole concerns them all; what is wrong with another part does not.
    backend = finding.match.backend
    return _place(backend) in places if backend else finding.match.part is None


def _signature(finding: Finding) -> Signature:
    return _sign(finding.rule, finding.match)


def _open_signature(question: OpenQuestion) -> Signature:
    return _sign(question.rule, question.undecided)


def _sign(rule: str, said: Match | Undecided) -> Signature:
    backend = said.backend
    if backend is None:
        return (rule, None, said.part or "")
    return (rule, _place(backend), backend.server)


def _labels(targets: Iterable[Backend]) -> str:
    return ", ".join(_unique(backend.label for backend in targets))


def _unique(labels: Iterable[str]) -> Iterator[str]:
    return iter(dict.fromkeys(labels))
