"""Traces: asked for by the standard variables, one for each incident, and nobody waits for a collector."""

import logging
import socket
import subprocess
import sys
import time

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bot.cli.listeners import listeners, open_traces, traces_wanted
from bot.cli.traces import Traces
from bot.core.problem import Problem
from bot.incident_id import within
from bot.settings import Settings
from bot.telemetry import heard_by, span

ENDPOINT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}


def spans_of(incident: str, *, begun: bool = True) -> tuple[ReadableSpan, ...]:
    """Of an incident whose change another run of the bot carries out."""
    exporters = InMemorySpanExporter(), InMemorySpanExporter()
    first, second = map(Traces, exporters)
    if begun:
        with heard_by(tracer=first), within(incident), span("incident", begins=True), span("ARM x"):
            pass
    with heard_by(tracer=second), within(incident), span("change", change="c-1") as told:
        told.tell("correlation", "k-1")
        told.tell("state", None)
    first.close()
    second.close()
    return tuple(span for it in exporters for span in it.get_finished_spans())


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({}, False),
        (ENDPOINT, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, True),
        ({**ENDPOINT, "OTEL_TRACES_EXPORTER": "none"}, False),
        ({**ENDPOINT, "OTEL_SDK_DISABLED": "True"}, False),
    ],
)
def test_the_standard_variables_ask_for_them(environ: dict[str, str], wanted: bool) -> None:
    assert traces_wanted(environ) is wanted


def test_an_incident_is_one_trace_whoever_goes_on_with_it() -> None:
    spans = {it.name: it for it in spans_of("i-1")}
    root, call, change = spans["incident"], spans["ARM x"], spans["change"]
    assert root.context is not None
    assert root.parent is None
    for it in (call, change):
        assert it.parent is not None
        assert it.context is not None
        assert it.parent.span_id == root.context.span_id
        assert it.context.trace_id == root.context.trace_id
    assert dict(change.attributes or {}) == {
        "agw.change": "c-1",
        "agw.incident": "i-1",
        "azure.correlation_id": "k-1",
    }
    (other,) = spans_of("i-2", begun=False)
    assert other.context is not None
    assert other.context.trace_id != root.context.trace_id


def test_a_sampler_takes_the_whole_of_an_incident_or_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "parentbased_traceidratio")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", "0.5")
    counts = {len(spans_of(f"i-{number}")) for number in range(30)}
    assert counts == {0, 3}


def test_of_an_error_only_its_kind_is_told() -> None:
    exporter = InMemorySpanExporter()
    traces = Traces(exporter)
    with heard_by(tracer=traces), pytest.raises(ValueError, match="xoxb"), span("judging"):
        raise ValueError("xoxb-1-2-abc")
    traces.close()
    (one,) = exporter.get_finished_spans()
    assert (one.status.description, one.events) == ("ValueError", ())


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({**ENDPOINT, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "another protocol"),
        (ENDPOINT, "ValueError"),
    ],
)
def test_what_cannot_be_had_is_one_sentence(
    environ: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "-1")
    with pytest.raises(Problem, match=said) as raised:
        open_traces(environ)
    assert raised.value.code == "bad_setting"


async def test_without_the_extra_the_bot_runs_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "bot.cli.traces", None)
    async with listeners(Settings(database_url="sqlite:///x"), ENDPOINT) as metrics:
        assert metrics is None
    (line,) = caplog.messages
    assert "the extra otel is not installed" in line
    assert "make install WITH=otel" in line


def test_what_nobody_asks_for_is_not_imported() -> None:
    code = (
        "import sys, bot.cli.serve, bot.cli.shell, bot.azure\n"
        "strange = [it for it in sys.modules if it.split('.')[0] in ('opentelemetry', 'prometheus_client')]\n"
        "sys.exit(', '.join(strange) or 0)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_silent_collector_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv(
            "OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}"
        )
        traces = Traces()
        began = time.monotonic()
        with heard_by(tracer=traces), span("incident"):
            pass
        traces.close()
        assert time.monotonic() - began < 3.0


def test_a_collector_that_is_away_is_told_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, unused_tcp_port: int
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{unused_tcp_port}")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "0.1")
    from bot.cli.span_exporter import ToldOnce

    caplog.set_level(logging.WARNING)
    exporter = ToldOnce()
    for _ in range(3):
        exporter.export(())
    exporter.shutdown()
    (line,) = caplog.messages
    assert line.startswith("The collector takes no traces")
