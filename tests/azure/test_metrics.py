"""The load of a gateway, as far as Azure Monitor tells it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.core.model.load import Load
from bot.core.model.unavailable import Unavailable
from bot.lab.azure import forbidden, throttled
from bot.lab.azure.errors import ArmError
from bot.lab.azure.faults import METRICS, Down, Fault, Refuse, Wait
from tests.azure.conftest import FAST, World, arm_at, open_world
from tests.azure.wild import CUT, Reply, answer, error, wild_server
from tests.core.plainly import plainly
from tests.lab.azure.world import V1, V2, v1_gateway

NOW = datetime(2026, 11, 23, 3, 2, 30, 5, tzinfo=UTC)
BUSY = replace(FAST, loads={V1: (51.0, None, 97.5), V2: (18.0, 21.5)})


async def measured(world: World, name: str = V1, timeout: float = 5.0) -> Load | Unavailable:
    return await world.arm.load(world.azure.gateway(name), NOW, timeout)


@pytest.mark.parametrize(
    ("name", "metric", "averages"),
    [(V1, "CpuUtilization", [51.0, 97.5]), (V2, "CapacityUnits", [18.0, 21.5])],
)
async def test_each_generation_has_its_metric(
    name: str, metric: str, averages: list[float]
) -> None:
    async with open_world(BUSY) as world:
        found = await measured(world, name)
        (request,) = [it for it in world.azure.requests if it.action == METRICS]
    assert isinstance(found, Load)
    assert found.metric == metric
    assert [it.average for it in found.samples] == averages
    assert found.peak.at == datetime(2026, 11, 23, 2, 55, tzinfo=UTC)
    assert (found.since, found.until) == (
        NOW.replace(hour=2, microsecond=0),
        NOW.replace(microsecond=0),
    )
    assert request.query == {
        "api-version": "2023-10-01",
        "metricnames": metric,
        "aggregation": "Average",
        "interval": "PT5M",
        "timespan": "2026-11-23T02:02:30Z/2026-11-23T03:02:30Z",
    }


async def test_the_time_is_asked_for_in_utc() -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=2)))
    async with open_world(BUSY) as world:
        found = await world.arm.load(world.azure.gateway(V1), elsewhere, 5.0)
    assert isinstance(found, Load)
    assert f"{found.until:%H:%M %Z}" == "03:02 UTC"


async def test_nothing_measured_is_not_no_load() -> None:
    async with open_world(replace(FAST, loads={V1: ()})) as world:
        assert await measured(world) == Unavailable(
            "Azure Monitor has no CpuUtilization of the last hour, as where no requests came in"
        )


async def test_a_tier_whose_metrics_say_nothing_is_not_asked_about(world: World) -> None:
    document = world.azure.gateway(V2)
    document["properties"]["sku"] = {"name": "Basic", "tier": "Basic"}
    before = len(world.azure.requests)
    assert plainly(await world.arm.load(document, NOW, 5.0)) == Unavailable(
        "how load is measured on the tier Basic is not documented"
    )
    assert len(world.azure.requests) == before


async def test_a_missing_permission_is_a_reason_and_no_error() -> None:
    async with open_world(BUSY) as world:
        world.azure.set_fault(forbidden(METRICS))
        found = await measured(world)
    assert isinstance(found, Unavailable)
    assert found.reason.startswith("the bot's identity lacks Microsoft.Insights/metrics/read on ")


@pytest.mark.parametrize(
    ("fault", "because"),
    [
        (
            Fault(Refuse(ArmError(404, "ResourceNotFound", "Gone.")), METRICS),
            "Azure does not show it",
        ),
        (
            Fault(Refuse(ArmError(409, "MissingSubscriptionRegistration", "Not.")), METRICS),
            "the subscription is not registered for Microsoft.Insights",
        ),
        (throttled(METRICS, retry_after=60, times=None), "Azure received too many requests"),
        (Fault(Down(), METRICS), "Azure cannot be reached"),
    ],
)
async def test_a_refusal_is_a_reason(fault: Fault, because: str) -> None:
    async with open_world(BUSY) as world:
        world.azure.set_fault(fault)
        found = await measured(world)
    assert isinstance(found, Unavailable)
    assert found.reason.startswith(because)


async def test_it_waits_no_longer_than_it_says() -> None:
    async with open_world(BUSY) as world:
        world.azure.set_fault(Fault(Wait(5.0), METRICS))
        assert await measured(world, timeout=0.2) == Unavailable(
            "Azure did not show it within 0.2 seconds"
        )


@pytest.mark.parametrize(
    "reply",
    [
        error(500, "InternalServerError"),
        error(501, "NotImplemented"),
        answer(200),
        answer(200, {"value": 7}),
        answer(200, {"value": [{"name": {"value": "CpuUtilization"}, "timeseries": 7}]}),
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
        CUT,
    ],
)
async def test_no_answer_of_whatever_kind_is_an_error(reply: Reply) -> None:
    async with wild_server(reply) as wild, arm_at(wild.url) as arm:
        assert isinstance(await arm.load(v1_gateway(), NOW, 5.0), Unavailable)
        assert wild.requests
        assert wild.count("GET") == len(wild.requests)
