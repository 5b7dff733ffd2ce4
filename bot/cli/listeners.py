"""Who listens to what the bot measures: Prometheus where it has an address to ask, a collector where one is named."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, nullcontext
from typing import TYPE_CHECKING

from bot import __version__
from bot.cli.checked import Checked, ok
from bot.cli.measuring import loop_watched
from bot.core.problem import Problem
from bot.settings import Settings
from bot.telemetry import BUILD, heard_by, record

if TYPE_CHECKING:
    from bot.cli.metrics import Metrics
    from bot.cli.traces import Traces

log = logging.getLogger(__name__)

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_SPOKEN = "http/protobuf"


@asynccontextmanager
async def listeners(
    settings: Settings, environ: Mapping[str, str]
) -> AsyncIterator["Metrics | None"]:
    """Whoever is asked for listens to the block. Gives the metrics, if anybody can ask for them.

    Traces that cannot be had are said in the log, and missed by nobody else: a platform may set OTEL_ variables for all
    that it runs.
    """
    metrics = None
    if settings.health_listen is not None:
        from bot.cli.metrics import Metrics

        metrics = Metrics()
    try:
        traces = open_traces(environ)
    except Problem as problem:
        log.warning("%s", problem)
        traces = None
    try:
        with heard_by(metrics, traces):
            record(BUILD, version=__version__)
            async with loop_watched() if metrics else nullcontext():
                yield metrics
    finally:
        if traces is not None:
            await asyncio.to_thread(traces.close)


async def check_traces(environ: Mapping[str, str]) -> Checked:
    """For `agw check`: whether there would be traces. Nothing is sent."""
    traces = open_traces(environ)
    if traces is not None:
        await asyncio.to_thread(traces.close)
    return ok("will be sent; whether the collector takes them was not tried.")


def traces_wanted(environ: Mapping[str, str]) -> bool:
    """Whether the standard variables ask for traces.

    https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables
    """
    if environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    exporter = environ.get("OTEL_TRACES_EXPORTER", "").strip().lower()
    if exporter:
        return exporter == "otlp"
    return any(environ.get(it, "").strip() for it in _ENDPOINTS)


def open_traces(environ: Mapping[str, str]) -> "Traces | None":
    """Traces, if they are asked for.

    Raises:
        Problem: `bad_setting`; they are asked for, and cannot be had.
    """
    if not traces_wanted(environ):
        return None
    protocol = next((text for it in _PROTOCOLS if (text := environ.get(it, "").strip())), _SPOKEN)
    if protocol != _SPOKEN:
        raise Problem(
            "bad_setting",
            f"The OTEL_ variables ask for traces by another protocol than {_SPOKEN}, so there are none.",
            f"Set OTEL_EXPORTER_OTLP_PROTOCOL={_SPOKEN}, and the collector's port for it (4318).",
        )
    try:
        from bot.cli.traces import Traces
    except ModuleNotFoundError:
        raise Problem(
            "bad_setting",
            "The OTEL_ variables ask for traces, but the extra otel is not installed, so there are none.",
            "Install it (make install WITH=otel), or set OTEL_TRACES_EXPORTER=none.",
        ) from None
    try:
        return Traces()
    except Exception as error:  # a boundary: a library reads variables that are not ours
        raise Problem(
            "bad_setting",
            f"The OTEL_ variables cannot be used for traces ({type(error).__name__}), so there are none.",
            "Compare them with OpenTelemetry's documentation, or set OTEL_TRACES_EXPORTER=none.",
        ) from None
