"""Azure Monitor in the lab: the shape of the specification, and nothing but what it was told."""

from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.lab.azure import AzureLab
from bot.lab.values import Json
from tests.lab.azure.conftest import OpenLab
from tests.lab.azure.world import GROUP, SUBSCRIPTION, V1, V2, v1_gateway, v2_gateway

AROUND = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.Network/applicationGateways"
LOADS: dict[str, Any] = {V2: (18.0, None, 43.5), V1: (71.0,)}


async def asked(azure: AzureLab, name: str = V2, **changes: str) -> tuple[int, Json]:
    """The answer about one hour of a metric, by bare HTTP."""
    query = {
        "api-version": "2023-10-01",
        "metricnames": "CapacityUnits",
        "aggregation": "Average",
        "interval": "PT5M",
        "timespan": "2026-11-23T02:02:30Z/2026-11-23T03:02:30Z",
        **changes,
    }
    url = f"{azure.url}{AROUND}/{name}/providers/microsoft.insights/metrics?{urlencode(query)}"
    headers = {"Authorization": "Bearer x"}
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
        return response.status, await response.json()


def points(body: Json) -> list[Json]:
    (metric,) = body["value"]
    return [point for series in metric["timeseries"] for point in series["data"]]


async def test_a_load_is_told_in_the_documented_shape(open_lab: OpenLab) -> None:
    async with open_lab([v2_gateway()], loads=LOADS) as lab:
        status, body = await asked(lab.azure)
    assert status == 200
    assert body["timespan"] == "2026-11-23T02:02:30Z/2026-11-23T03:02:30Z"
    assert (body["interval"], body["resourceregion"]) == ("PT5M", "westeurope")
    (metric,) = body["value"]
    assert metric["id"] == f"{AROUND}/{V2}/providers/Microsoft.Insights/metrics/CapacityUnits"
    assert metric["name"]["value"] == "CapacityUnits"
    assert (metric["type"], metric["unit"]) == ("Microsoft.Insights/metrics", "Count")
    assert metric["errorCode"] == "Success"
    assert points(body) == [
        {"timeStamp": "2026-11-23T02:45:00Z", "average": 18.0},
        {"timeStamp": "2026-11-23T02:50:00Z"},
        {"timeStamp": "2026-11-23T02:55:00Z", "average": 43.5},
    ]


async def test_a_gateway_of_which_nothing_is_said_has_next_to_nothing_to_do(
    open_lab: OpenLab,
) -> None:
    async with open_lab([v2_gateway()]) as lab:
        _, quiet = await asked(lab.azure)
    assert {point["average"] for point in points(quiet)} == {1.0}


async def test_a_time_of_which_nothing_is_known_is_empty(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway(), v2_gateway()], loads={V1: (), V2: (18.0, 19.0)}) as lab:
        _, late = await asked(lab.azure, timespan="2026-11-23T02:55:00Z/2026-11-23T03:00:00Z")
        _, unknown = await asked(lab.azure, V1, metricnames="CpuUtilization")
        _, other = await asked(lab.azure, metricnames="CpuUtilization")
        _, total = await asked(lab.azure, aggregation="Total")
    assert points(late) == [{"timeStamp": "2026-11-23T02:55:00Z", "average": 19.0}]
    assert unknown["value"][0]["timeseries"] == other["value"][0]["timeseries"] == []
    assert [sorted(point) for point in points(total)] == [["timeStamp"]] * 2


async def test_v1_has_its_processors(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()], loads=LOADS) as lab:
        _, body = await asked(lab.azure, V1, metricnames="CpuUtilization")
        _, other = await asked(lab.azure, V1)
    assert body["value"][0]["unit"] == "Percent"
    assert [point["average"] for point in points(body)] == [71.0]
    assert points(other) == []


@pytest.mark.parametrize(
    ("name", "changes", "status", "code"),
    [
        ("agw-none", {}, 404, "ResourceNotFound"),
        (V2, {"metricnames": "Cpu"}, 400, "BadRequest"),
        (V2, {"interval": "PT7M"}, 400, "BadRequest"),
        (V2, {"timespan": "PT1H"}, 400, "BadRequest"),
    ],
)
async def test_what_it_does_not_know_is_refused(
    open_lab: OpenLab, name: str, changes: dict[str, str], status: int, code: str
) -> None:
    async with open_lab([v2_gateway()], loads=LOADS) as lab:
        refused, body = await asked(lab.azure, name, **changes)
    assert (refused, body["error"]["code"]) == (status, code)
