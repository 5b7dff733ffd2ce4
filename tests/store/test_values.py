"""Core's values as texts: what comes back is what went in, and what cannot be read is told."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.arm.edit import Item, Reference, Value
from bot.core.changes.audit import AuditEntry
from bot.core.changes.change import Change
from bot.core.changes.plan import Plan
from bot.core.model.certificate import Certificate
from bot.core.problem import Problem
from bot.core.report.incident import Incident
from bot.core.report.report import Report, to_json
from bot.store.values import (
    change_from_text,
    change_to_text,
    from_text,
    moment,
    pack,
    to_text,
    unpack,
)
from tests.core.make import NOW, certificate
from tests.sizes import examples
from tests.store.make import change, plan
from tests.store.strategies import MOMENTS, values

RECORDED = Path(__file__).with_name("recorded")
KINDS = (Plan, Report, Incident, AuditEntry)
whole_values = examples(25)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@whole_values
def test_what_comes_back_is_what_went_in(kind: type[Any], data: st.DataObject) -> None:
    value = data.draw(values(kind))
    text = to_text(value)
    assert from_text(text, kind) == value
    assert text.isascii()


@given(value=values(Change))
@whole_values
def test_a_change_comes_back_with_the_state_of_its_column_and_its_document(value: Change) -> None:
    text = change_to_text(value)
    document = value.before if value.before is None else unpack(pack(value.before))
    assert replace(change_from_text(value.state, text), before=document) == value
    assert "state" not in json.loads(text)


def test_a_plan_keeps_its_digest_and_its_undo() -> None:
    found = from_text(to_text(plan()), Plan)
    assert found.digest == plan().digest
    assert [type(edit) for edit in found.undo] == [Value, Reference, Item]


def test_bytes_are_base64() -> None:
    made = certificate("app", der=b"\xff\x00app")
    text = to_text(made)
    assert json.loads(text)["der"] == "/wBhcHA="
    assert from_text(text, Certificate) == made


def test_a_field_that_is_new_has_its_default() -> None:
    """A file of the version before must stay readable."""
    fields = json.loads(change_to_text(change(outcome="done")))
    for name in ("outcome", "card", "undone_by"):
        del fields[name]
    assert change_from_text("offered", json.dumps(fields)) == change()


def test_a_field_that_is_gone_is_passed_over() -> None:
    fields = json.loads(change_to_text(change())) | {"colour": "blue"}
    assert change_from_text("offered", json.dumps(fields)) == change()


def test_what_an_earlier_version_stored_has_defaults_for_the_parts_of_a_verdict() -> None:
    """Both texts were written by a version that knew neither parts of a trial, nor a conclusion, nor opposites."""
    text = (RECORDED / "incident.json").read_text(encoding="utf-8")
    report = from_text(text, Incident).report
    assert report is not None
    stored = json.loads(text)["report"]
    assert [it.reason for it in report.options] == [it["reason"] for it in stored["options"]]
    assert {(it.effect, it.outcome, it.because) for it in report.options} == {(None, None, None)}
    assert (report.headline, report.conclusion) == (stored["headline"], "")
    assert to_json(report)["options"][0]["outcome"] is None
    earlier = change_from_text("offered", (RECORDED / "change.json").read_text(encoding="utf-8"))
    assert earlier.plan.lines
    assert not any(it.opposite for it in earlier.plan.lines)


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", '{"id": "c1", "plan": 5}', '{"id"'])
def test_what_cannot_be_read_is_told(text: str) -> None:
    for read in (lambda: change_from_text("offered", text), lambda: from_text(text, Report)):
        with pytest.raises(Problem, match=r"^A stored (change|report) cannot be read") as caught:
            read()
        assert caught.value.code == "database_damaged"


@pytest.mark.parametrize("edit", [{"kind": "Unknown"}, {}])
def test_an_unknown_edit_is_not_guessed(edit: dict[str, str]) -> None:
    fields = json.loads(change_to_text(change()))
    fields["plan"]["edits"] = [edit]
    with pytest.raises(Problem) as caught:
        change_from_text("offered", json.dumps(fields))
    assert caught.value.code == "database_damaged"


@given(MOMENTS, MOMENTS)
def test_moments_sort_as_they_follow_each_other(one: datetime, other: datetime) -> None:
    assert (moment(one) < moment(other)) == (one < other)
    assert datetime.fromisoformat(moment(one)) == one


def test_a_moment_is_written_in_utc() -> None:
    east = NOW.astimezone(timezone(timedelta(hours=5)))
    assert moment(east) == moment(NOW) == "2026-11-23T03:00:00.000000+00:00"


def test_a_moment_without_a_zone_is_a_mistake() -> None:
    naive = datetime.now(UTC).replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        moment(naive)
    with pytest.raises(ValueError, match="time zone"):
        to_text(change(created=naive))
