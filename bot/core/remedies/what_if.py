"""Try every option on paper, and recommend the first that works.

A trial changes the gateway's document, reads it again, and lets the same rules judge it against what our own
connections saw. So a recommendation is a consequence of the rules, not a second copy of them:

* an option works if no error is left on the backends it was meant for, and none is new anywhere else;
* a connection that nobody has made yet is asked for (`attempts_to_judge`) and made before a proposal is judged;
* if no automated option works alone, pairs of them are tried, in the same order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from bot.core.analysis.follow_up_probes import attempts_on_paper
from bot.core.arm import edit
from bot.core.arm.certificates_reader import Certificates
from bot.core.arm.document import Document
from bot.core.arm.gateway_reader import read_gateway
from bot.core.case.attempts import missing_attempts
from bot.core.case.case import NOT_MADE, AssumedCertificate, Case
from bot.core.case.diagnosis import Diagnosis, diagnose
from bot.core.case.likeness import likeness_of
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView, view_of
from bot.core.model.asked_once import worked_out_once
from bot.core.model.certificate import Certificate, Unreadable
from bot.core.model.health import BackendHealth, SimulatedHealth
from bot.core.model.observation import Attempt
from bot.core.remedies import edit_builder
from bot.core.remedies.agic_steps import cluster_first
from bot.core.remedies.assumption import PathOpened, assuming
from bot.core.remedies.by_hand import by_hand
from bot.core.remedies.code import Code, as_code
from bot.core.remedies.combining import Combined, combined
from bot.core.remedies.foreseen import foreseen
from bot.core.remedies.judgement import judge
from bot.core.remedies.locked import behind_locks
from bot.core.remedies.new_connection import (
    answered_otherwise,
    failing_for_the_gateway_alone,
    not_seen_there,
    unreached_by_the_gateway,
)
from bot.core.remedies.option import NotApplicable, Option, Proposal
from bot.core.remedies.pages import still_without_page, without_page
from bot.core.remedies.relief import Judged, Relief, relief
from bot.core.remedies.trial import CannotTell, NoFaultLeft, Trial, TrialOutcome
from bot.core.remedies.weak_chain import Member, weak_accepted, weak_chains
from bot.core.routing.routes import Backend


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
        case = replace(self.case, gateway=gateway, health=_simulated_health(self.case))
        return assuming(case, proposal.assumptions)


_OF_PROXY = NotApplicable("it is for HTTP, and this is a backend of the TCP/TLS proxy")


@dataclass(frozen=True, slots=True)
class Proposed:
    """What one option would change for the backends `targets`, not judged yet; or why it does not apply."""

    option: Option
    found: Proposal | NotApplicable
    targets: tuple[Backend, ...] = ()

    @property
    def proposal(self) -> Proposal | None:
        """None where it does not apply."""
        return self.found if isinstance(self.found, Proposal) else None


def propose_options(
    what_if: WhatIf, diagnosis: Diagnosis, options: Iterable[Option]
) -> tuple[Proposed, ...]:
    """What each option would change, in their order. Nothing is proposed where no backend is at fault."""
    faulty = _faulty_views(diagnosis, what_if.case)
    return tuple(_propose(what_if, option, faulty) for option in options) if faulty else ()


def try_options(
    what_if: WhatIf,
    diagnosis: Diagnosis,
    options: Iterable[Option],
    proposed: tuple[Proposed, ...] | None = None,
) -> tuple[Trial, ...]:
    """One trial for each option, in their order, then the steps by hand for what the best one leaves.

    Nothing is tried where no backend is at fault; a healthy gateway may have steps by hand for a warning. `proposed`
    are the options' proposals for this very case, if they are known already.
    """
    faulty = _faulty_views(diagnosis, what_if.case)
    paper = _Paper(what_if, diagnosis)
    if proposed is None:
        proposed = propose_options(what_if, diagnosis, options)
    trials = tuple(_try(paper, it) for it in proposed)
    # That a person could do something elsewhere is no reason not to look for a pair that a button can do.
    if not any(trial.works and trial.automated for trial in trials):
        places = tuple(dict.fromkeys(it.backend for it in faulty))
        trials = _with_pairs(paper, trials, places)
    trials = behind_locks(trials, what_if.case.locks)
    rest = by_hand(what_if.case, diagnosis, what_if.rules, recommended(trials))
    return trials if rest is None else (*trials, rest)


def recommended(trials: Iterable[Trial]) -> Trial | None:
    """The first that works."""
    return next((trial for trial in trials if trial.works), None)


def faulty_backends(diagnosis: Diagnosis, backends: tuple[Backend, ...]) -> tuple[Backend, ...]:
    """The backends with an error, in the order of the findings; all of them where the gateway itself has one."""
    if any(it.match.backend is None and it.match.part is None for it in diagnosis.errors):
        return backends
    found = (finding.match.backend for finding in diagnosis.errors)
    return tuple(dict.fromkeys(backend for backend in found if backend is not None))


def _faulty_views(diagnosis: Diagnosis, case: Case) -> tuple[BackendView, ...]:
    """What an option looks at: each backend at fault, and then each request of clients that met a fault of its own."""
    backends = faulty_backends(diagnosis, case.backends)
    clients = (it.match.client for it in diagnosis.errors if it.match.client is not None)
    return (
        *(view_of(case, it) for it in backends),
        *(view_of(case, it.backend, it) for it in dict.fromkeys(clients)),
    )


def attempts_to_judge(what_if: WhatIf, trials: Iterable[Trial | Proposed]) -> tuple[Attempt, ...]:
    """The connections that would have to be made to judge these fully."""
    proposals = [trial.proposal for trial in trials if trial.proposal is not None]
    cases = [what_if.after(it) for it in proposals]
    own = [attempt for it in cases for attempt in missing_attempts(it)]
    own += [attempt for it in cases for attempt in attempts_on_paper(what_if.case, it)]
    asked = [attempt for it in proposals for attempt in it.asks]
    return tuple(
        dict.fromkeys([*own, *(it for it in asked if what_if.case.outcome(it) == NOT_MADE)])
    )


@dataclass(frozen=True)
class _Paper:
    """What every trial of one gateway is compared with. `diagnosis` also believes the gateway's own report."""

    what_if: WhatIf
    diagnosis: Diagnosis

    @worked_out_once
    def before(self) -> Judged:
        """The case as it is, by what our own connections saw: the same for each option, so it is judged once."""
        case = self.what_if.case
        return self.judged(replace(case, health=_simulated_health(case)))

    @worked_out_once
    def weak_accepted(self) -> frozenset[str] | None:
        """See `bot.core.remedies.weak_chain`: mostly nothing is weak, and no trial has to look for it."""
        return weak_accepted(self.what_if.case)

    @worked_out_once
    def answered_otherwise(self) -> Mapping[Member, CannotTell]:
        """See `bot.core.remedies.new_connection`; of the case as it is, so the same for each option."""
        return answered_otherwise(self.what_if.case)

    @worked_out_once
    def failing_for_the_gateway_alone(self) -> Mapping[Member, CannotTell]:
        """See there."""
        return failing_for_the_gateway_alone(self.what_if.case, self.before.diagnosis)

    def judged(self, case: Case) -> Judged:
        """What the rules say of a case."""
        return Judged(diagnose(case, self.what_if.rules), case.backends)


def _propose(what_if: WhatIf, option: Option, faulty: tuple[BackendView, ...]) -> Proposed:
    refusals: list[NotApplicable] = []
    found = Combined(what_if.document)
    targets: dict[Backend, None] = {}
    members: dict[str, str] = {}
    # Where it does not apply to a backend, it does not to those that are like it.
    refused_kinds: set[int | None] = set()
    for view in faulty:
        kind = likeness_of(view)
        if kind is not None and kind in refused_kinds:
            continue
        if view.client is not None and view.backend in targets:
            continue
        if option.one_member and members.get(view.pool.id, view.server) != view.server:
            continue
        fitting = option.layer4 or not view.settings.layer4
        proposal = option.propose(view, what_if.document) if fitting else _OF_PROXY
        if isinstance(proposal, NotApplicable):
            refusals.append(proposal)
            refused_kinds.add(kind)
            continue
        if found.add(proposal):
            targets[view.backend] = None
            members[view.pool.id] = view.server
    merged = found.proposal
    if merged is None:
        why = (
            refusals[0] if refusals else NotApplicable("it does not apply to the gateway as it is")
        )
        return Proposed(option, why)
    refused = foreseen(found.document) if merged.edits else None
    if refused is not None:
        return Proposed(option, NotApplicable(f"Azure would refuse it: {refused}"))
    return Proposed(option, merged, tuple(targets))


def _try(paper: _Paper, proposed: Proposed) -> Trial:
    option, found = proposed.option, proposed.found
    if isinstance(found, NotApplicable):
        return Trial(option, found)
    outcome, ends = _judge(paper, found, proposed.targets)
    made = _cluster_first(paper.what_if, found)
    return Trial(option, outcome, made, as_code=_as_code(paper.what_if, found), relief=ends)


def _with_pairs(
    paper: _Paper, trials: tuple[Trial, ...], faulty: tuple[Backend, ...]
) -> tuple[Trial, ...]:
    what_if = paper.what_if
    able = [(it, it.proposal) for it in trials if it.automated and it.proposal is not None]
    for (first, one), (second, other) in combinations(able, 2):
        both = combined((one, other), what_if.document)
        if both is None:
            continue
        outcome, ends = _judge(paper, both, faulty)
        if isinstance(outcome, NoFaultLeft):
            as_code = _as_code(what_if, both)
            made = _cluster_first(what_if, both)
            pair = Trial(first.option, outcome, made, second.option.id, as_code, ends)
            return tuple(pair if trial is first else trial for trial in trials)
    return trials


def _cluster_first(what_if: WhatIf, proposal: Proposal) -> Proposal:
    gateway, document = what_if.case.gateway, what_if.document
    return replace(proposal, first=cluster_first(gateway, document, proposal.edits))


def _as_code(what_if: WhatIf, proposal: Proposal) -> Code:
    # A certificate that is only supposed has no bytes that could stand in a text.
    if any(isinstance(it, AssumedCertificate) for it in proposal.assumptions):
        return ()
    return as_code(what_if.case.gateway, what_if.document, proposal.edits)


def _judge(
    paper: _Paper, proposal: Proposal, targets: Sequence[Backend]
) -> tuple[TrialOutcome, Relief]:
    what_if, reported = paper.what_if, paper.diagnosis
    # What the gateway says of the way to its backends counts only where it is the way that changes.
    opened = PathOpened() in proposal.assumptions
    before = paper.judged(what_if.case) if opened else paper.before
    then = what_if.after(proposal)
    after = paper.judged(then)
    outcome = judge(reported, before.diagnosis, after.diagnosis, targets)
    accepted = paper.weak_accepted
    weak = {} if accepted is None else weak_chains(then, accepted)
    # On the way that changes, what the gateway met until then says nothing.
    alone = {} if opened else paper.failing_for_the_gateway_alone
    otherwise = {} if opened else paper.answered_otherwise
    anew = {} if opened else unreached_by_the_gateway(what_if.case, then, {**alone, **otherwise})
    pageless = still_without_page(then, reported)
    empty = without_page(what_if.case, then, reported)
    if isinstance(outcome, NoFaultLeft):
        outcome = (
            next(iter(empty.values()), None)
            or _first_of(pageless, targets)
            or _first_of(otherwise, targets)
            or _first_of(alone, targets)
            or next(iter(anew.values()), None)
            or _too_weak(weak, targets)
            or not_seen_there(what_if.case, then, targets)
            or outcome
        )
    doubtful = {*weak, *alone, *otherwise, *anew, *pageless, *empty}
    return outcome, relief(reported, before, after, doubtful)


def _first_of(doubts: Mapping[Member, CannotTell], targets: Sequence[Backend]) -> CannotTell | None:
    members = ((it.place, it.server) for it in targets)
    return next((doubts[it] for it in members if it in doubts), None)


def _too_weak(weak: Mapping[Member, str], targets: Sequence[Backend]) -> CannotTell | None:
    places = {it.place for it in targets}
    because = next((it for (place, _), it in weak.items() if place in places), None)
    return CannotTell(because) if because else None


def _simulated_health(case: Case) -> SimulatedHealth:
    return (
        SimulatedHealth(case.health)
        if isinstance(case.health, BackendHealth)
        else SimulatedHealth()
    )
