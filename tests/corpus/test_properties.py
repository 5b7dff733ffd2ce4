"""What holds for every gateway, also for those that nobody would build."""

import copy
import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given

from bot.core.arm import edit
from bot.core.arm.document import Json
from bot.core.arm.edit import Edit, Item
from bot.core.arm.verification import differences
from bot.core.case.diagnosis import Diagnosis, diagnose
from bot.core.changes.planning import make_plan, undo_plan
from bot.core.model.health import SimulatedHealth
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.trial import NoFaultLeft
from bot.core.remedies.what_if import WhatIf, attempts_to_judge, recommended, try_options
from bot.core.report.report import to_json
from bot.core.report.reporting import make_report
from bot.core.rules import RULES
from tests.core.make import NOW
from tests.corpus.strategies import papers
from tests.sizes import examples

# A falsifying gateway is told in full, however long it is.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

many = examples(40, HealthCheck.data_too_large)


def errors(diagnosis: Diagnosis) -> set[tuple[str, str, str]]:
    """Which rule says what of which part: servers may be exchanged by an option, so they are left out."""
    return {
        (it.rule, it.match.backend.pool.id, it.match.backend.settings.id)
        if it.match.backend
        else (it.rule, it.match.part or "", "")
        for it in diagnosis.errors
    }


@many
@given(papers())
def test_every_gateway_is_diagnosed_and_told(what_if: WhatIf) -> None:
    diagnosis = diagnose(what_if.case, RULES)
    trials = try_options(what_if, diagnosis, OPTIONS)
    assert isinstance(attempts_to_judge(what_if, trials), tuple)
    report = make_report(what_if.case, diagnosis, trials, RULES, NOW)
    told = json.loads(json.dumps(to_json(report)))
    assert told["verdict"] == diagnosis.verdict
    assert (told["recommended"] is None) == (recommended(trials) is None)


@many
@given(papers())
def test_what_is_recommended_leaves_fewer_faults_and_no_new_one(what_if: WhatIf) -> None:
    diagnosis = diagnose(what_if.case, RULES)
    best = recommended(try_options(what_if, diagnosis, OPTIONS))
    if best is None:
        return
    assert best.works
    assert best.proposal is not None
    if not isinstance(best.outcome, NoFaultLeft):
        return  # Steps that remove a cause by hand are not tried on paper.
    # What the gateway calls healthy is believed, but a paper trial cannot ask it: so both count as before.
    on_paper = diagnose(replace(what_if.case, health=SimulatedHealth()), RULES)
    after = errors(diagnose(what_if.after(best.proposal), RULES))
    assert after <= errors(diagnosis) | errors(on_paper), best.option.id
    assert errors(diagnosis) - after, best.option.id


@many
@given(papers())
def test_every_proposal_can_be_taken_back_and_touches_nothing_else(what_if: WhatIf) -> None:
    diagnosis = diagnose(what_if.case, RULES)
    original = copy.deepcopy(dict(what_if.document))
    for trial in try_options(what_if, diagnosis, OPTIONS):
        if trial.proposal is None:
            continue
        edits = trial.proposal.edits
        changed = edit.apply(edits, what_if.document)
        assert what_if.document == original
        assert edit.holds(edits, changed)
        assert foreign(changed, edits) == foreign(original, edits)
        undone = edit.apply(edit.undone(edits), changed)
        assert differences(original, undone) == ()
        if trial.works and trial.option.automated:
            plan = make_plan(what_if, trial)
            assert undo_plan(plan, changed).edits == edit.undone(edits)


def foreign(document: Json, edits: tuple[Edit, ...]) -> Json:
    """The document without the properties, entries and references that the edits are about."""
    rest = copy.deepcopy(document)
    properties = rest["properties"]
    for one in edits:
        entries = properties.get(one.collection) or []
        if isinstance(one, Item):
            properties[one.collection] = [it for it in entries if it["name"] != one.name]
            continue
        for entry in entries:
            if entry["name"] == one.name:
                entry["properties"].pop(one.field, None)
    return rest
