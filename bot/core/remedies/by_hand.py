"""What a person can do about each fault for which there is no button: the guides of the rules, in one option.

Every cause ends in steps. It comes last among the options, so that whatever was proved on paper goes first. Where the
gateway is healthy, it has the steps for the warnings that have some.
"""

from collections.abc import Iterable, Iterator, Sequence

from bot.core.analysis import commands
from bot.core.arm.document import Document
from bot.core.case.case import Case
from bot.core.case.diagnosis import Diagnosis
from bot.core.case.finding import Finding
from bot.core.case.guide import Guide, Step
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView, view_of
from bot.core.model.marked import mark_all, mark_command
from bot.core.remedies.option import NotApplicable, Option, Proposal
from bot.core.remedies.relief import FaultyPart, Relief, faulty_parts
from bot.core.remedies.trial import CannotTell, CausesRemoved, Trial

OPTION_ID = "remove_cause"
SOMEBODY = "Whoever is in charge of it"
MOST_FINDINGS = 6
"""Kinds of fault whose steps are told; the findings name the others."""


def by_hand(
    case: Case, diagnosis: Diagnosis, rules: Iterable[Rule], best: Trial | None
) -> Trial | None:
    """The steps for every fault that the best option leaves; None where it leaves none.

    Without any fault, those for what is warned of.
    """
    if diagnosis.verdict == "healthy":
        return _against_warnings(case, diagnosis, rules)
    ended = {it.place for it in best.relief.heals} if best else set()
    left = tuple(it for it in faulty_parts(diagnosis.errors) if it.place not in ended)
    if not left:
        return None
    known = {rule.id: rule for rule in rules}
    places = {it.place for it in left}
    errors = [it for it in diagnosis.errors if faulty_parts([it])[0].place in places]
    groups = _groups(errors)
    guided = [(known[it[0].rule], it) for it in groups]
    steps = tuple(dict.fromkeys(_steps(case, guided)))
    told = (*(it.sentence for it in steps), *_rest(guided), *_end(case))
    proposal = Proposal(summary=_summary(steps), steps=told)
    # Nobody has seen what comes once a cause is gone.
    return Trial(_option(guided), _outcome(guided, left), proposal, relief=Relief(cannot_tell=left))


def _against_warnings(case: Case, diagnosis: Diagnosis, rules: Iterable[Rule]) -> Trial | None:
    known = {rule.id: rule for rule in rules if rule.guide}
    warned = [it for it in diagnosis.findings if it.rule in known]
    if not warned:
        return None
    guided = [(known[it[0].rule], it) for it in _groups(warned)]
    steps = tuple(dict.fromkeys(_steps(case, guided)))
    told = (*(it.sentence for it in steps), *_rest(guided))
    outcome = CausesRemoved(tuple(it.label for it in faulty_parts(warned)))
    return Trial(_option(guided), outcome, Proposal(summary=_summary(steps), steps=told))


def _groups(errors: Sequence[Finding]) -> list[list[Finding]]:
    """Findings of one rule in one place together: a pool may have 1,200 members with the same fault."""
    groups: dict[object, list[Finding]] = {}
    for finding in errors:
        backend = finding.match.backend
        where = backend.place if backend else finding.match.part
        groups.setdefault((finding.rule, where), []).append(finding)
    return list(groups.values())


Guided = Sequence[tuple[Rule, list[Finding]]]


def _steps(case: Case, guided: Guided) -> Iterator[Step]:
    for rule, findings in guided[:MOST_FINDINGS]:
        steps = tuple(rule.guide.steps(case, findings[0].match)) if rule.guide else ()
        yield from steps or _from_remedy(rule, findings[0])


def _rest(guided: Guided) -> Iterator[str]:
    """What has the same steps, and what has no room here."""
    for rule, findings in guided[:MOST_FINDINGS]:
        others = [it.match.backend.server for it in findings[1:] if it.match.backend]
        if others:
            more = len(others) - MOST_FINDINGS
            shown = f"{mark_all(others[:MOST_FINDINGS])}{f' and {more:,} more' if more > 0 else ''}"
            yield f"The same ({rule.id}) for {shown}."
    more = len(guided) - MOST_FINDINGS
    if more > 0:
        yield f"There are {more:,} more kinds of fault: diagnose again once these are gone."


def _from_remedy(rule: Rule, finding: Finding) -> Iterator[Step]:
    """For a rule without steps of its own: its remedy, and the commands that showed what is wrong."""
    yield Step(SOMEBODY, rule.remedy)
    for it in finding.match.evidence:
        if it.command:
            yield Step(
                SOMEBODY, "This shows what is wrong, and whether it is done:", it.command, True
            )


def _end(case: Case) -> Iterator[str]:
    seconds = max((view_of(case, it).probe_request.interval for it in case.backends), default=30)
    yield (
        f"Then the gateway sees it within two probe intervals ({2 * seconds} s):"
        f" {mark_command(commands.show_health(case.gateway))}"
    )
    yield "Diagnose again: what else is wrong shows only then."


def _guides(guided: Guided) -> list[Guide]:
    return [rule.guide for rule, _ in guided if rule.guide]


def _option(guided: Guided) -> Option:
    titles = list(dict.fromkeys(it.title for it in _guides(guided)))
    more = len(titles) - 1
    title = titles[0] if titles else "Remove the cause by hand"
    return Option(
        id=OPTION_ID,
        title=f"{title}, and {more} more" if more > 0 else title,
        automated=False,
        sources=tuple(dict.fromkeys(url for rule, _ in guided for url in rule.sources)),
        propose=_nothing_to_propose,
    )


def _nothing_to_propose(view: BackendView, document: Document) -> NotApplicable:
    return NotApplicable("it is made of the findings, not of one backend")


def _summary(steps: Iterable[Step]) -> str:
    """It stands after the option's title, which says what to do."""
    who = dict.fromkeys(it.who for it in steps)
    names = (f"{it[:1].lower()}{it[1:]}" if it.startswith("Who") else it for it in who)
    return f"{' and '.join(names)} can do it by hand"


def _is_known(rule: Rule) -> bool:
    return rule.guide is None or rule.guide.cause_known


def _outcome(guided: Guided, left: Sequence[FaultyPart]) -> CausesRemoved | CannotTell:
    if not any(_is_known(rule) for rule, _ in guided):
        return CannotTell("the cause is not known; only the gateway's own report shows the fault")
    return CausesRemoved(tuple(it.label for it in left))
