"""Whether a change is proven: what was looked at after it, and what that says of the state in which it ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.core.arm.document import Document
from bot.core.arm.verification import differences, where
from bot.core.case.diagnosis import Diagnosis
from bot.core.case.finding import Finding
from bot.core.changes.change import Change, ChangeState
from bot.core.changes.plan import Plan
from bot.core.changes.remark import Remark
from bot.core.changes.remark_text import remark
from bot.core.model.health import BackendHealth, Health
from bot.core.report.report import Report

Watched = Literal["healthy", "unhealthy", "unknown"]

FAILED = frozenset({"operation_failed", "state_failed"})
"""Remarks after which nothing is called healthy: Azure itself says that the change failed."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked at after a change: backend health, and a diagnosis of the whole gateway, or why there is none."""

    health: Watched
    diagnosis: Diagnosis | None = None
    report: Report | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """The state in which a change ends, and what is to be said of it."""

    state: ChangeState
    remarks: tuple[Remark, ...]


def watched(health: Health, plan: Plan) -> Watched:
    """The health of everything the plan affects, in one word."""
    if not isinstance(health, BackendHealth):
        return "unknown"
    states = [
        found.state if (found := health.of(*place)) is not None else "unknown"
        for place in plan.watched
    ]
    if states and all(state in ("healthy", "draining") for state in states):
        return "healthy"
    return "unhealthy" if "unhealthy" in states or "partial" in states else "unknown"


def proof(change: Change, looked: Looked) -> Proof:
    """How a change ends that the gateway holds, going by what was looked at.

    Healthy is only what is: the gateway says so of what the change is for, a diagnosis finds no fault anywhere on the
    gateway, no client is known to get an error of the gateway, and Azure does not call the change failed.
    """
    mine, others = _faults(looked.diagnosis, change.plan)
    served = not _unserved(looked.report)
    failed = any(it.code in FAILED for it in change.remarks)
    clean = looked.diagnosis is not None and not mine and not others and served
    good = looked.health == "healthy" and clean and not failed
    first = _verdict(change, looked, mine, others, served and not failed)
    remarks = (*change.remarks, *first) if failed else (*first, *change.remarks)
    return Proof("healthy" if good else "not_healthy", (*remarks, *_beside(looked)))


def undo_proof(change: Change, looked: Looked, now: Document, before: Document | None) -> Proof:
    """How an undo ends that the gateway holds; `before` is the gateway as it was before what is undone.

    As with every change, it is not well where Azure calls it failed, whatever the gateway shows.
    """
    failed = tuple(it for it in change.remarks if it.code in FAILED)
    well = looked.health == "healthy" and not failed
    state: ChangeState = "healthy" if well else "not_healthy"
    return Proof(state, (*failed, _undone(looked.health, now, before, proven=not failed)))


def _undone(health: str, now: Document, before: Document | None, *, proven: bool) -> Remark:
    if before is None:
        return remark("undone_alone", health=health)
    found = differences(before, now)
    if found:
        return remark("undone_in_part", health=health, where=where(found))
    return remark("undone" if proven else "undone_unproven", health=health)


def _faults(
    diagnosis: Diagnosis | None, plan: Plan
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """The faults where the change was made or of the gateway itself, and those elsewhere."""
    errors = diagnosis.errors if diagnosis is not None else ()
    places = {(pool, settings) for pool, settings, _ in plan.watched}
    mine = tuple(it for it in errors if _is_about(it, places))
    return mine, tuple(it for it in errors if it not in mine)


def _is_about(finding: Finding, places: set[tuple[str, str]]) -> bool:
    """Whether it is about one of the places, or the gateway itself."""
    match = finding.match
    return match.backend.place in places if match.backend is not None else match.part is None


def _unserved(report: Report | None) -> bool:
    clients = report.clients if report is not None else ()
    return any(it.word in ("gateway_502", "gateway_504") for it in clients)


def _verdict(
    change: Change,
    looked: Looked,
    mine: tuple[Finding, ...],
    others: tuple[Finding, ...],
    well: bool,
) -> Iterator[Remark]:
    counted = str(len(change.plan.watched))
    if looked.report is None:
        yield remark("not_verified", health=looked.health)
        yield remark("not_diagnosed", said=looked.because)
    elif mine:
        yield remark("not_fixed", health=looked.health, left=mine[0].match.summary)
    elif looked.health != "healthy":
        yield remark("not_verified", health=looked.health)
    elif others:
        yield remark("healed_in_part", watched=counted, left=others[0].match.summary)
    elif well:
        tried = sum(it.served is not None for it in looked.report.clients)
        backends = str(len(looked.report.backends))
        yield remark("verified", watched=counted, backends=backends, requests=str(tried))


def _beside(looked: Looked) -> Iterator[Remark]:
    """What was not seen, and who still suffers."""
    if looked.report is None:
        return
    if any(it.served is False for it in looked.report.clients):
        yield remark("clients", suffering=looked.report.suffering)
    unseen = sum(it.served is None for it in looked.report.clients)
    questions = len(looked.report.undecided)
    if unseen or questions:
        yield remark("not_seen", requests=str(unseen), questions=str(questions))
