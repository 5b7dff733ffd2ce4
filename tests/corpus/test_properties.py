"""What holds for every gateway, also for those that nobody would build."""

import copy
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given

from bot.core import edit
from bot.core.diagnosis import Diagnosis, diagnose
from bot.core.edit import Edit, Item
from bot.core.health import OnPaper
from bot.core.options import OPTIONS
from bot.core.planning import make_plan, undo_plan
from bot.core.recommendation import Paper, missing, recommended, try_options
from bot.core.report import to_json
from bot.core.reporting import make_report
from bot.core.rules import RULES
from bot.core.verification import differences
from tests.core.make import NOW
from tests.corpus.strategies import papers
from tests.sizes import examples

Json = dict[str, Any]

# A falsifying gateway is told in full, however long it is.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

many = examples(40, HealthCheck.data_too_large)


def errors(diagnosis: Diagnosis) -> set[tuple[str, str, str]]:
    """Which rule says what of which part: servers may be exchanged by an option, so they are left out."""
    return {
        (it.rule, it.seen.backend.pool.id, it.seen.backend.settings.id)
        if it.seen.backend
        else (it.rule, it.seen.part or "", "")
        for it in diagnosis.errors
    }


@many
@given(papers())
def test_every_gateway_is_diagnosed_and_told(paper: Paper) -> None:
    diagnosis = diagnose(paper.case, RULES)
    trials = try_options(paper, diagnosis, OPTIONS)
    assert isinstance(missing(paper, trials), tuple)
    report = make_report(paper.case, diagnosis, trials, RULES, NOW)
    told = json.loads(json.dumps(to_json(report)))
    assert told["verdict"] == diagnosis.verdict
    assert (told["recommended"] is None) == (recommended(trials) is None)


@many
@given(papers())
def test_what_is_recommended_leaves_fewer_faults_and_no_new_one(paper: Paper) -> None:
    diagnosis = diagnose(paper.case, RULES)
    best = recommended(try_options(paper, diagnosis, OPTIONS))
    if best is None:
        return
    assert best.works
    assert best.proposal is not None
    # What the gateway calls healthy is believed, but a paper trial cannot ask it: so both count as before.
    on_paper = diagnose(replace(paper.case, health=OnPaper()), RULES)
    after = errors(diagnose(paper.after(best.proposal), RULES))
    assert after <= errors(diagnosis) | errors(on_paper), best.option.id
    assert errors(diagnosis) - after, best.option.id


@many
@given(papers())
def test_every_proposal_can_be_taken_back_and_touches_nothing_else(paper: Paper) -> None:
    diagnosis = diagnose(paper.case, RULES)
    original = copy.deepcopy(dict(paper.document))
    for trial in try_options(paper, diagnosis, OPTIONS):
        if trial.proposal is None:
            continue
        edits = trial.proposal.edits
        changed = edit.apply(edits, paper.document)
        assert paper.document == original
        assert edit.holds(edits, changed)
        assert foreign(changed, edits) == foreign(original, edits)
        undone = edit.apply(edit.undone(edits), changed)
        assert differences(original, undone) == ()
        if trial.works and trial.option.automated:
            plan = make_plan(paper, trial)
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
