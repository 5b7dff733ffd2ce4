"""The plan for a certificate that a person handed in: like any other, and it says that nobody here saw it served."""

from collections.abc import Iterator
from dataclasses import replace

from bot.core.case.case import Case
from bot.core.case.diagnosis import Diagnosis
from bot.core.changes.plan import Plan
from bot.core.changes.planning import make_plan
from bot.core.changes.remark import Remark
from bot.core.changes.remark_text import remark
from bot.core.model.certificate import Certificate
from bot.core.model.marked import mark_all
from bot.core.remedies.handed_certificate import (
    first_roots,
    handed_trial,
    objection,
    unseen_backends,
    weakness,
)
from bot.core.remedies.what_if import WhatIf


def handed_plan(what_if: WhatIf, diagnosis: Diagnosis, given: Certificate) -> Plan | str:
    """What an approver would approve; or what is wrong with the certificate, in one sentence.

    Raises:
        Conflict: the edits do not fit the document.
    """
    against = objection(what_if.case, given)
    if against is not None:
        return against
    trial = handed_trial(what_if.case, what_if.document, diagnosis, given)
    if isinstance(trial, str):
        return trial
    plan = make_plan(what_if, trial)
    return replace(plan, notes=(*_notes(what_if.case, given), *plan.notes))


def is_handed_in(plan: Plan) -> bool:
    """Whether its certificate was handed in by a person, and not read from a backend."""
    return any(it.code == "handed_in" for it in plan.notes)


def _notes(case: Case, given: Certificate) -> Iterator[Remark]:
    servers = mark_all(dict.fromkeys(it.server for it in unseen_backends(case)))
    yield remark("handed_in", servers=servers)
    weak = weakness(given)
    if weak is not None:
        yield remark("handed_in_weak", what=weak)
    roots = first_roots(case)
    if roots:
        yield remark("first_root", settings=mark_all(roots))
