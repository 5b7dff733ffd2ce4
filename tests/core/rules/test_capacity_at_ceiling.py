from typing import Any

import pytest

from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Match
from bot.core.model.generation import LoadMetric
from bot.core.model.load import Load
from bot.core.model.marked import plain
from bot.core.model.unavailable import Unavailable
from bot.core.rules.capacity_at_ceiling import RULE
from tests.core.asking import matches, quiet
from tests.core.loads import load
from tests.core.make import ID, case, document, v2_settings


def v2(measured: Load | Unavailable, tier: str = "Standard_v2", **changes: Any) -> Case:
    made = document(tier=tier, backendHttpSettingsCollection=[v2_settings()], **changes)
    return case(made, load=measured)


def automatic(measured: Load | Unavailable, most: object = 4) -> Case:
    scale = {"minCapacity": 2, "maxCapacity": most}
    return v2(measured, sku={"tier": "Standard_v2"}, autoscaleConfiguration=scale)


def v1(*averages: float, metric: LoadMetric = "CpuUtilization") -> Case:
    return case(document(), load=load(*averages, metric=metric))


def seen(made: Case) -> Match:
    (only,) = RULE.check(made)
    assert isinstance(only, Match)
    return only


def test_matches_autoscaling_at_its_maximum() -> None:
    assert matches(RULE, automatic(load(12.0, 43.07, 40.0))) == [
        "The gateway was at its limit in the last hour: 43.1 capacity units, where its instances guarantee 40."
    ]


def test_the_evidence_can_be_had_by_anyone() -> None:
    measured, size = seen(automatic(load(12.0, 43.07, 40.0))).evidence
    assert plain(measured.text) == (
        "CapacityUnits was 43.1 on average over the five minutes from 2026-11-23 02:50 UTC, the most in the hour to"
        " 03:00 UTC; 2 of 3 such averages reached 40"
    )
    assert measured.command == (
        f"az monitor metrics list --resource {ID} --metric CapacityUnits --aggregation Average --interval PT5M"
        " --start-time 2026-11-23T02:00:00Z --end-time 2026-11-23T03:00:00Z"
    )
    assert plain(size.text) == (
        "autoscaling stops at 4, and an instance guarantees 10 capacity units"
    )
    assert size.command is not None
    assert size.command.endswith("--query '{sku: sku, autoscale: autoscaleConfiguration}'")


def test_matches_a_fixed_number_of_instances() -> None:
    found = seen(v2(load(20.0)))
    assert "20.0 capacity units, where its instances guarantee 20." in plain(found.summary)
    assert found.evidence[1].text.startswith("their number is fixed at 2, ")


def test_matches_busy_processors_of_v1() -> None:
    found = seen(v1(50.0, 96.4))
    assert found.summary.endswith("96.4 % of its CPUs, where more than 90 % slows it down.")
    assert (
        plain(found.evidence[1].text)
        == "a v1 gateway has a fixed number of instances of a fixed size"
    )


def test_it_is_a_warning_that_is_not_sure_and_changes_no_verdict() -> None:
    made = automatic(load(43.0))
    assert seen(made).confidence == "medium"
    assert RULE.severity == "warning"
    assert diagnose(made, [RULE]).verdict == "healthy"


@pytest.mark.parametrize(
    "made",
    [
        automatic(load(39.99)),
        v2(load(19.9)),
        v2(load(20.0), sku={"tier": "Standard_v2", "capacity": 3}),
        v1(89.9),
    ],
)
def test_is_quiet_below_it(made: Case) -> None:
    assert quiet(RULE, made)


@pytest.mark.parametrize("most", [None, 0, -1, True, "four"])
def test_a_missing_number_of_instances_is_no_ceiling(most: object) -> None:
    assert quiet(RULE, automatic(load(900.0), most))


def test_a_missing_permission_for_metrics_raises_no_alarm() -> None:
    assert quiet(RULE, automatic(Unavailable("forbidden")))
    assert quiet(RULE, case(document()))
