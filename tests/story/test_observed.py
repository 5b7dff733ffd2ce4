"""One incident, seen by whoever runs the bot: its log, its metrics and its trace tell the same, from Slack to Azure.

In HTTP mode, so that this way from Slack is tried with a whole incident as well.
"""

import asyncio
import json
import re
import signal
from collections.abc import Iterable

import aiohttp
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from bot.telemetry import METRICS
from tests.story.collector import attributes, collecting
from tests.story.conftest import ADA, BEN, Story
from tests.story.test_http_mode import free_port, over_http

OF_THE_CHANGE = ("approved", "put_intended", "put_answered", "read_back", "verified")


async def lines_until(log: asyncio.StreamReader | None, action: str) -> list[dict[str, str]]:
    """The entries of the log up to the one that tells of this action."""
    assert log is not None
    found: list[dict[str, str]] = []
    async with asyncio.timeout(60):
        while not found or found[-1].get("action") != action:
            found.append(json.loads(await log.readline()))
    return found


async def samples(port: int) -> list[Sample]:
    """What Prometheus would read, by its own parser."""
    async with (
        aiohttp.ClientSession() as monitor,
        monitor.get(f"http://127.0.0.1:{port}/metrics") as said,
    ):
        assert said.status == 200
        text = await said.text()
    return [it for family in text_string_to_metric_families(text) for it in family.samples]


def value(found: Iterable[Sample], name: str, **labels: str) -> float:
    (one,) = (it for it in found if it.name == name and it.labels == labels)
    return one.value


async def test_one_incident_in_the_log_the_metrics_and_the_trace(story: Story) -> None:
    async with collecting() as collector:
        port = free_port()
        over, url = over_http(
            story,
            AGW_HEALTH_LISTEN=f"127.0.0.1:{port}",
            AGW_LOG_FORMAT="json",
            OTEL_EXPORTER_OTLP_ENDPOINT=collector.url,
        )
        async with over.bot(url) as process:
            before = await samples(port)
            card = await over.report()
            await over.approve(ADA, card)
            await over.healthy_again()
            lines = await lines_until(process.stderr, "verified")
            after = await samples(port)
            # What is left is sent when the bot is stopped.
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(30):
                assert await process.wait() == 0
    (put,) = (it for it in story.world.azure.requests if it.method == "PUT")
    correlation = the_log(lines)
    the_metrics(before, after)
    the_trace(collector.spans, lines[-1]["incident"], correlation)
    assert collector.services == {"agw"}
    assert put.status in (200, 201)


def the_log(lines: list[dict[str, str]]) -> str:
    """Every line of the audit log is there, in one incident, from who asked in Slack to Azure's correlation id."""
    told = {it["action"]: it for it in lines if "action" in it}
    assert [it["action"] for it in lines if it.get("action") in OF_THE_CHANGE] == [*OF_THE_CHANGE]
    assert {it["incident"] for it in told.values()} == {told["diagnosed"]["incident"]}
    assert (told["diagnosed"]["user"], told["approved"]["user"]) == (BEN, ADA)
    assert told["diagnosed"]["ts"]
    assert {told[it]["change"] for it in OF_THE_CHANGE} == {told["approved"]["change"]}
    return told["put_answered"]["correlation"]


def the_metrics(before: list[Sample], after: list[Sample]) -> None:
    for was, end in ((0.0, before), (1.0, after)):
        assert value(end, "agw_diagnoses_total", verdict="fault") == was
        assert value(end, "agw_changes_total", outcome="healthy") == was
        assert value(end, "agw_change_seconds_count") == was
        assert value(end, "agw_diagnosis_seconds_count") == was
    assert value(after, "agw_changes_total", outcome="failed") == 0
    put = {"about": "gateways", "method": "PUT"}
    puts = [
        it for it in after if it.name == "agw_arm_calls_total" and put.items() <= it.labels.items()
    ]
    assert [it.value for it in puts] == [1.0]
    assert value(after, "agw_slack_calls_total", method="chat.postMessage", result="ok") >= 1
    assert {it.labels["what"]: it.value for it in after if it.name == "agw_reachable"} == {
        "azure": 1.0,
        "slack": 1.0,
        "store": 1.0,
    }
    assert value(after, "agw_outbox_unsaid") >= 0
    assert value(after, "agw_event_loop_lag_seconds_count") >= 1
    # Nothing is measured that is not listed, and nothing is listed that nobody measures.
    ours = {it.name for it in after if it.name.startswith("agw_")}
    listed = {it.name for it in METRICS}
    assert listed == {re.sub("_(bucket|count|sum)$", "", it) for it in ours}
    people = {ADA, BEN, "agw-test"}
    assert not [it for it in after if people & set(it.labels.values())]


def the_trace(spans: list[Span], incident: str, correlation: str) -> None:
    """The change is a part of the incident, though it began long after that had ended."""
    ours = [it for it in spans if attributes(it).get("agw.incident") == incident]
    assert len({it.trace_id for it in ours}) == 1
    named = {it.name: it for it in ours}
    root, change = named["incident"], named["change"]
    assert root.parent_span_id == b""
    assert change.parent_span_id == root.span_id
    # The diagnosis that was asked for, and the one that proves the change.
    judged = {it.parent_span_id for it in ours if it.name == "judging"}
    probed = {it.parent_span_id for it in ours if it.name == "probes"}
    assert judged == {root.span_id, change.span_id}
    assert judged <= probed
    assert {it.parent_span_id for it in ours if it.name == "connection"} <= {
        it.span_id for it in ours if it.name == "probes"
    }
    assert attributes(change)["azure.correlation_id"] == correlation
    (put,) = (it for it in ours if attributes(it).get("http.request.method") == "PUT")
    assert put.parent_span_id == change.span_id
    assert attributes(put)["azure.correlation_id"] == correlation
