"""The load of a gateway: which metric tells it, how an answer is read, what a report says of it."""

import json
from typing import Any

import pytest

from bot.core.arm.entry import root_entry
from bot.core.arm.gateway_reader import read_gateway
from bot.core.arm.load_reader import read_load, read_scale
from bot.core.case.diagnosis import diagnose
from bot.core.model.gateway import Scale
from bot.core.model.load import WINDOW, Load, Sample, metric_of
from bot.core.model.unavailable import Unavailable
from bot.core.report.report import Report, to_json
from bot.core.report.reporting import make_report
from bot.core.rules import RULES
from tests.core.loads import answer, load, point
from tests.core.make import APP, NOW, answered, case, document, incident
from tests.core.plainly import plainly

EARLY, LATE = "2026-11-23T02:00:00Z", "2026-11-23T02:05:00+00:00"


def read(body: object) -> Load | Unavailable:
    return read_load(body, "CapacityUnits", NOW - WINDOW, NOW)


def averages(body: object) -> list[float]:
    found = read(body)
    assert isinstance(found, Load)
    return [it.average for it in found.samples]


@pytest.mark.parametrize(
    ("tier", "metric"),
    [
        ("Standard", "CpuUtilization"),
        ("WAF", "CpuUtilization"),
        ("Standard_v2", "CapacityUnits"),
        ("Basic_v2", None),
        ("Basic_WAF_v2", None),
        ("waf_v2", "CapacityUnits"),
        ("Basic", None),
        ("unknown", None),
    ],
)
def test_the_metric_depends_on_the_tier(tier: str, metric: str | None) -> None:
    assert metric_of(read_gateway(document(tier=tier), {})) == metric


def test_averages_are_read_in_the_order_of_time() -> None:
    found = read(answer(point(LATE, average=3), point(EARLY, average=41.5)))
    assert isinstance(found, Load)
    assert (found.since, found.until) == (NOW - WINDOW, NOW)
    assert [it.average for it in found.samples] == [41.5, 3.0]
    assert found.peak == Sample(NOW - WINDOW, 41.5)
    assert [found.reaching(it) for it in (3, 3.1, 42)] == [2, 1, 0]


@pytest.mark.parametrize(
    "other",
    [
        point(EARLY),
        point(EARLY, average=None),
        point(EARLY, average="ninety-nine"),
        point(EARLY, average=-1),
        point(EARLY, average=float("nan")),
        point(EARLY, average=float("inf")),
        point(EARLY, average=10**400),
        point(EARLY, maximum=99.0),
        point("yesterday", average=99.0),
        point("2026-11-23T02:00:00", average=99.0),
        {"average": 99.0},
        "99",
    ],
)
def test_what_is_no_average_is_passed_over(other: Any) -> None:
    assert averages(answer(other, point(LATE, average=7.5))) == [7.5]
    found = read(answer(other))
    assert isinstance(found, Unavailable)
    assert found.reason.startswith("Azure Monitor has no CapacityUnits of the last hour")


def test_the_metric_is_found_among_others_whatever_its_case() -> None:
    both = answer(point(EARLY, average=1.0), metric="ComputeUnits")
    both["value"] += answer(point(EARLY, average=2.0), metric="capacityunits")["value"]
    assert averages(both) == [2.0]


def test_an_error_is_not_taken_for_no_load() -> None:
    body = answer(timeseries=[], errorCode="InvalidSamplingType", errorMessage="Words.")
    assert read(body) == Unavailable("Azure Monitor could not tell (InvalidSamplingType)")


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "text",
        {},
        {"value": None},
        {"value": [{}]},
        answer(point(EARLY, average=1.0), metric="CpuUtilization"),
    ],
)
def test_an_answer_about_something_else_is_not_read(body: object) -> None:
    assert read(body) == Unavailable("Azure Monitor's answer does not hold the metric")


def test_where_the_metric_may_stand_among_what_cannot_be_read_that_is_told() -> None:
    assert plainly(read({"value": [None, {}, {"name": "CapacityUnits"}]})) == Unavailable(
        "Azure Monitor's answer does not hold the metric"
        " (Not read: value/1 of Azure Monitor's answer is null, not an object)"
    )


def test_numbers_may_be_written_as_texts() -> None:
    assert averages(answer(point(EARLY, average="61.5"), point(LATE, average="7"))) == [61.5, 7.0]


def test_what_of_a_load_cannot_be_read_is_noted() -> None:
    found = read(answer(point(EARLY, average={}), point("soon"), point(LATE, average=7)))
    assert isinstance(found, Load)
    assert plainly(found.notes) == (
        "Not read: value/1/timeseries/1/data/1/average of Azure Monitor's answer is an object,"
        " not a number",
        "Not read: value/1/timeseries/1/data/2/timeStamp of Azure Monitor's answer is the text"
        " 'soon', not a moment with its zone",
    )


@pytest.mark.parametrize(
    ("properties", "scale"),
    [
        ({"sku": {"capacity": 3}}, Scale(3)),
        ({"sku": {"capacity": "3"}}, Scale(3)),
        ({"autoscaleConfiguration": {"maxCapacity": "9"}}, Scale(9, True)),
        ({"sku": {"tier": "Standard_v2"}}, Scale()),
        ({"sku": None}, Scale()),
        ({"autoscaleConfiguration": {"maxCapacity": 9}}, Scale(9, True)),
        ({"autoscaleConfiguration": {"minCapacity": 2}, "sku": {"capacity": 2}}, Scale(None, True)),
        ({"autoscaleConfiguration": None, "sku": {"capacity": 2}}, Scale(2)),
    ],
)
def test_the_scale_is_read(properties: dict[str, Any], scale: Scale) -> None:
    assert read_scale(root_entry(properties, "the gateway")) == scale


def healthy(measured: Load | Unavailable, **changes: Any) -> Report:
    made = case(document(**changes), answered(APP), state="healthy", load=measured)
    return make_report(made, diagnose(made, RULES), (), RULES, NOW)


def test_the_public_document_tells_the_peak_and_the_ceiling() -> None:
    report = healthy(load(12.0, 61.5, metric="CpuUtilization"))
    found = json.loads(json.dumps(to_json(report)))
    assert found["load"] == {
        "metric": "CpuUtilization",
        "since": "2026-11-23T02:00:00+00:00",
        "until": "2026-11-23T03:00:00+00:00",
        "peak": 61.5,
        "peak_at": "2026-11-23T02:55:00+00:00",
        "ceiling": 90,
    }
    assert found["load_not_read"] is None
    assert found["notes"] == []


def test_what_could_not_be_read_is_a_note_and_never_no_load() -> None:
    report = healthy(Unavailable("forbidden"))
    assert report.verdict == "healthy"
    assert report.notes == ("The load of the gateway is not known: forbidden",)
    found = to_json(report)
    assert (found["load"], found["load_not_read"]) == (None, "forbidden")


def test_a_load_without_a_ceiling_is_a_note() -> None:
    made = document(tier="Standard_v2", autoscaleConfiguration={"minCapacity": 2})
    seen = case(made, answered(APP, public=0), state="healthy", load=load(205.0))
    report = make_report(seen, diagnose(seen, RULES), (), RULES, NOW)
    assert report.notes[-1] == (
        "The load of the gateway, 205 capacity units at most in the last hour, could not be compared: Azure does"
        " not say how many instances it may have"
    )
    assert report.load is not None
    assert report.load.ceiling is None


def test_beside_a_fault_it_is_not_a_note() -> None:
    _, made = incident()
    report = make_report(made, diagnose(made, RULES), (), RULES, NOW)
    assert report.verdict == "fault"
    assert not [it for it in report.notes if "load" in it]
    assert report.load_not_read == "it was not checked"
