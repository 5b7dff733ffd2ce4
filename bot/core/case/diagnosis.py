"""Run the rules over a case, and say what the outcome is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.core.case.case import Case
from bot.core.case.either_way import either_way
from bot.core.case.finding import Finding, Match, OpenQuestion
from bot.core.case.rule import Rule
from bot.core.routing.routes import Backend, Route
from bot.core.routing.serving_route import serves

Verdict = Literal["healthy", "fault", "undecided"]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The findings of all rules in order of exclusion, and what stayed open."""

    findings: tuple[Finding, ...]
    undecided: tuple[OpenQuestion, ...]

    @property
    def verdict(self) -> Verdict:
        """`fault` if any finding is an error, else `undecided` if anything stayed open, else `healthy`."""
        if self.errors:
            return "fault"
        return "undecided" if self.undecided else "healthy"

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that are a fault; warnings and notes never change the verdict."""
        return tuple(finding for finding in self.findings if finding.severity == "error")


def diagnose(case: Case, rules: Sequence[Rule]) -> Diagnosis:
    """Let every rule look at the case, in order."""
    heard = _heard(case, rules)
    explains = {rule.id: rule.explains for rule in rules}
    explained: dict[tuple[str, Backend | None], list[Finding]] = {}
    for finding in heard.findings:
        for symptom in explains[finding.rule]:
            explained.setdefault((symptom, finding.match.backend), []).append(finding)
    left = (_unexplained(it, explained) for it in heard.findings)
    return Diagnosis(tuple(it for it in left if it is not None), heard.undecided)


def _unexplained(
    finding: Finding, explained: Mapping[tuple[str, Backend | None], Sequence[Finding]]
) -> Finding | None:
    """What of a symptom is left beside its causes; None: nothing is.

    A cause that only some sites meet does not explain what clients of others do.
    """
    causes = explained.get((finding.rule, finding.match.backend), ())
    if not causes:
        return finding
    met = {site for it in causes for site in it.match.sites}
    sites = tuple(it for it in finding.match.sites if it not in met)
    if not sites or not all(it.match.sites for it in causes):
        return None
    return replace(finding, match=replace(finding.match, sites=sites))


def _heard(case: Case, rules: Sequence[Rule]) -> Diagnosis:
    findings: list[Finding] = []
    undecided: list[OpenQuestion] = []
    for rule in rules:
        explained = _at_fault(findings) if rule.last_resort else frozenset()
        for said in rule.check(case):
            if said.backend is not None and said.backend in explained:
                continue
            if isinstance(said, Match):
                findings.append(Finding(rule.id, rule.severity, said, rule.sources))
            else:
                undecided.append(OpenQuestion(rule.id, said))
    found, left = either_way(undecided, {rule.id: rule for rule in rules})
    if found:
        place = {rule.id: number for number, rule in enumerate(rules)}
        findings = sorted((*findings, *found), key=lambda it: place[it.rule])
    return Diagnosis(tuple(findings), left)


def _at_fault(findings: Iterable[Finding]) -> frozenset[Backend | None]:
    return frozenset(it.match.backend for it in findings if it.severity == "error")


def starting_with(diagnosis: Diagnosis, route: Route | None) -> Diagnosis:
    """The same diagnosis, what concerns the route first: somebody asked about that site."""
    if route is None:
        return diagnosis

    def elsewhere(backend: Backend | None) -> bool:
        return backend is None or not serves(backend, route)

    return Diagnosis(
        tuple(sorted(diagnosis.findings, key=lambda it: elsewhere(it.match.backend))),
        tuple(sorted(diagnosis.undecided, key=lambda it: elsewhere(it.undecided.backend))),
    )
