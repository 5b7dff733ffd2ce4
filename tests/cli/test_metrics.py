"""The metrics as Prometheus reads them, and what keeps their number small."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping

import aiohttp
import pytest
from prometheus_client.openmetrics.parser import (
    text_string_to_metric_families as openmetrics_families,
)
from prometheus_client.parser import text_string_to_metric_families

from bot.cli import measuring
from bot.cli.health import Ready, health_door
from bot.cli.metrics import Metrics
from bot.core.problem import Problem
from bot.telemetry import (
    ARM_CALLS,
    LOOP_LAG,
    METRICS,
    REACHABLE,
    SLACK_CALLS,
    Metric,
    heard_by,
    record,
    timed,
)
from tests.azure.conftest import ID, World, arm_at, open_world
from tests.cli.test_health import HOST, free_port
from tests.handlers.edges import MemoryAzure
from tests.tooling.tree import ROOT


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world() as opened:
        yield opened


class Heard:
    """Keeps what is recorded."""

    def __init__(self) -> None:
        self.records: list[tuple[Metric, float, dict[str, str]]] = []

    def record(self, metric: Metric, value: float, labels: Mapping[str, str]) -> None:
        self.records.append((metric, value, dict(labels)))

    def of(self, metric: Metric) -> list[tuple[float, dict[str, str]]]:
        return [(value, labels) for it, value, labels in self.records if it is metric]


def series(metrics: Metrics) -> dict[str, float]:
    """Every series with its value, by the library's own parser."""
    body, _ = metrics.page("")
    families = text_string_to_metric_families(body.decode())
    return {
        f"{it.name} {sorted(it.labels.values())}": it.value
        for family in families
        for it in family.samples
    }


async def test_prometheus_is_told_in_the_format_that_it_asks_for() -> None:
    port, metrics = free_port(), Metrics()
    asks = {"Accept": "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"}
    async with (
        health_door((HOST, port), Ready(), metrics),
        aiohttp.ClientSession(headers=asks) as prometheus,
        prometheus.get(f"http://{HOST}:{port}/metrics") as said,
    ):
        assert said.headers["Content-Type"].startswith("application/openmetrics-text")
        families = {it.name: it for it in openmetrics_families(await said.text())}
    assert {it.name.removesuffix("_total") for it in METRICS} <= families.keys()
    there = {it.labels["what"]: it.value for it in families["agw_reachable"].samples}
    assert there == {"slack": 0.0, "store": 0.0}


async def test_without_metrics_there_is_no_page_of_them() -> None:
    port = free_port()
    async with (
        health_door((HOST, port), Ready()),
        aiohttp.ClientSession() as client,
        client.get(f"http://{HOST}:{port}/metrics") as said,
    ):
        assert said.status == 404


def test_what_nobody_has_listed_is_one_series() -> None:
    metrics = Metrics()
    with heard_by(metrics):
        before = len(series(metrics))
        for status in ("599", "418", "200\n", "x" * 10_000):
            record(ARM_CALLS, about="gateways", method="GET", status=status)
        for word in ("/subscriptions/1", "agw-prod"):
            record(ARM_CALLS, about=word, method="DELETE", status="200")
        found = series(metrics)
    assert len(found) == before + 2
    assert found["agw_arm_calls_total ['GET', 'gateways', 'other']"] == 4
    assert found["agw_arm_calls_total ['200', 'other', 'other']"] == 2


def test_nobody_listens_by_default() -> None:
    with timed(LOOP_LAG):
        record(REACHABLE, 1.0, what="azure")


async def test_calls_to_azure_are_counted_by_what_they_are_about(world: World) -> None:
    heard = Heard()
    with heard_by(heard):
        await world.arm.answers()
        await world.arm.read(ID)
        await world.arm.locks(ID, 5)
        await world.arm.policy_denials(ID, {"location": "x"}, 5)
    told = [(it["method"], it["about"], it["status"]) for _, it in heard.of(ARM_CALLS)]
    assert told == [
        ("GET", "subscriptions", "200"),
        ("GET", "gateways", "200"),
        ("GET", "locks", "200"),
        ("POST", "policies", "200"),
    ]
    assert heard.of(REACHABLE) == [(1.0, {"what": "azure"})] * 4


async def test_every_kind_of_call_has_a_word(world: World) -> None:
    """As far as the bot's diagnosis makes calls; `other` would be a kind that was forgotten."""
    heard = Heard()
    with heard_by(heard):
        document = await world.arm.read(ID)
        await world.arm.health(ID, 5)
        await world.arm.gateway_network(document, 5)
        await world.arm.environments(document, 5)
        await world.arm.grants(ID, 5)
        await world.arm.put(ID, document, document["etag"], "change-1")
    told = {it["about"] for _, it in heard.of(ARM_CALLS)}
    assert told == {
        "backend_health",
        "environments",
        "gateways",
        "network",
        "operations",
        "permissions",
        "subscriptions",
    }


async def test_an_azure_that_is_away_is_told_before_anybody_needs_it(unused_tcp_port: int) -> None:
    heard = Heard()
    async with arm_at(f"http://127.0.0.1:{unused_tcp_port}") as arm:
        with heard_by(heard), pytest.raises(Problem):
            await arm.answers()
    assert {value for value, _ in heard.of(REACHABLE)} == {0.0}
    assert {it["status"] for _, it in heard.of(ARM_CALLS)} == {"no_answer"}


class Asked(MemoryAzure):
    """An Azure that answers like this once, and then not at all; `twice` once it is asked again."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self._problem = problem
        self._times = 0
        self.twice = asyncio.Event()

    async def answers(self) -> None:
        self._times += 1
        if self._times > 1:
            self.twice.set()
            await asyncio.Event().wait()
        raise self._problem


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (Problem("signin", "No token."), [(0.0, {"what": "azure"})]),
        # A refusal is an answer: the edge has counted it.
        (Problem("throttled", "Too many."), []),
    ],
)
async def test_an_identity_that_cannot_sign_in_is_told_too(
    problem: Problem, told: list[tuple[float, dict[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "ASKED_EVERY", 0.0)
    heard, azure = Heard(), Asked(problem)
    with heard_by(heard):
        async with measuring.azure_asked(azure), asyncio.timeout(5):
            await azure.twice.wait()
    assert heard.of(REACHABLE) == told


async def test_a_loop_that_is_held_up_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "EVERY", 0.01)
    found: asyncio.Queue[float] = asyncio.Queue()

    class Lag:
        def record(self, metric: Metric, value: float, labels: Mapping[str, str]) -> None:
            found.put_nowait(value)

    with heard_by(Lag()):
        async with measuring.loop_watched(), asyncio.timeout(5):
            await found.get()
            time.sleep(0.2)  # noqa: ASYNC251 -- this is what is measured
            assert max(await found.get(), await found.get()) > 0.1


def test_the_document_lists_exactly_what_is_measured() -> None:
    text = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| `agw_")]
    assert rows == [row(it) for it in METRICS]


def row(metric: Metric) -> str:
    labels = "; ".join(
        f"`{name}`" + (f": {', '.join(values)}" if values else "")
        for name, values in metric.labels.items()
    )
    return f"| `{metric.name}` | {metric.kind} | {metric.about} | {labels} |"


def test_no_label_tells_of_a_person_a_host_or_a_gateway() -> None:
    """Labels without listed values are those that our code and the release name."""
    open_ended = {
        (it.name, label) for it in METRICS for label, them in it.labels.items() if not them
    }
    assert open_ended == {(SLACK_CALLS.name, "method"), ("agw_build_info", "version")}
