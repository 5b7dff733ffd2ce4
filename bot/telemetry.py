"""What is measured of the bot itself: metrics and spans, from wherever it works to whoever listens.

The one interface for that; nothing here knows Prometheus or OpenTelemetry, and where nobody listens nothing happens.
Listeners are values beside the arguments, as the incident's id is (`bot.incident_id`): who works needs not know them.

Labels have few values, and none of a person, a host or a gateway: every combination is a series that a monitor keeps,
and whoever may read metrics need not know whom they are about. Spans may name a gateway; they go where the logs go.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal, Protocol

from bot.core.changes.change import NEXT

Values = tuple[str, ...]
OTHER = "other"
"""Stands for a label's value that is none of those below."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: `labels` with all their values, which begin at 0; none are listed where the code around names them.

    `buckets`: upper ends, in seconds.
    """

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    about: str
    labels: Mapping[str, Values] = field(default_factory=dict)
    buckets: tuple[float, ...] = ()


ENDS: Values = tuple(sorted(state for state, onward in NEXT.items() if not onward))
ARM_KINDS = (
    "backend_health",
    "environments",
    "gateways",
    "locks",
    "metrics",
    "network",
    "operations",
    "permissions",
    "policies",
    "subscriptions",
    OTHER,
)
NO_ANSWER, CANCELLED = "no_answer", "cancelled"
_STATUSES = tuple(
    str(it)
    for it in (200, 201, 202, 204, 400, 401, 403, 404, 408, 409, 412, 429, 500, 502, 503, 504)
)
_SECONDS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0)

DIAGNOSES = Metric(
    "agw_diagnoses_total",
    "counter",
    "Diagnoses that somebody asked for, by verdict; failed: the gateway could not be looked at.",
    {"verdict": ("healthy", "fault", "undecided", "failed")},
)
DIAGNOSIS_SECONDS = Metric(
    "agw_diagnosis_seconds", "histogram", "How long a diagnosis took.", buckets=_SECONDS
)
CHANGES = Metric(
    "agw_changes_total",
    "counter",
    "Changes, and offers of one, by how they ended; each is counted by one replica.",
    {"outcome": ENDS},
)
CHANGE_SECONDS = Metric(
    "agw_change_seconds",
    "histogram",
    "From an approval to the end of its change.",
    buckets=(10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 2400.0, 4800.0),
)
UNSAID = Metric(
    "agw_outbox_unsaid", "gauge", "Messages that Slack has not taken yet, of all replicas."
)
SLACK_CALLS = Metric(
    "agw_slack_calls_total",
    "counter",
    "Calls to Slack, each attempt, by method of its Web API (or response_url) and result.",
    {"method": (), "result": ("ok", "error", "ratelimited", NO_ANSWER)},
)
ARM_CALLS = Metric(
    "agw_arm_calls_total",
    "counter",
    "Calls to Azure Resource Manager, each attempt, by what they are about, method and status.",
    {
        "about": ARM_KINDS,
        "method": ("GET", "POST", "PUT"),
        "status": (*_STATUSES, NO_ANSWER, CANCELLED, OTHER),
    },
)
ARM_SECONDS = Metric(
    "agw_arm_call_seconds",
    "histogram",
    "How long Resource Manager took to answer, by what the call was about.",
    {"about": ARM_KINDS},
    _SECONDS,
)
REACHABLE = Metric(
    "agw_reachable",
    "gauge",
    "1 if it answers, 0 if not: azure (asked every minute), slack, and the store. /readyz takes azure into no account.",
    {"what": ("azure", "slack", "store")},
)
LOOP_LAG = Metric(
    "agw_event_loop_lag_seconds",
    "histogram",
    "How much later than due the event loop got to a timer that is due every second.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5),
)
BUILD = Metric("agw_build_info", "gauge", "Always 1; which release this is.", {"version": ()})

METRICS = (
    DIAGNOSES,
    DIAGNOSIS_SECONDS,
    CHANGES,
    CHANGE_SECONDS,
    UNSAID,
    SLACK_CALLS,
    ARM_CALLS,
    ARM_SECONDS,
    REACHABLE,
    LOOP_LAG,
    BUILD,
)


class Meter(Protocol):
    """Takes what is measured."""

    def record(self, metric: Metric, value: float, labels: Mapping[str, str]) -> None:
        """Add to a counter, set a gauge, or put into a histogram."""


class Span(Protocol):
    """A piece of work under way."""

    def tell(self, name: str, value: str | int | None) -> None:
        """What became known of it meanwhile; None says nothing."""


class Tracer(Protocol):
    """Takes what is traced."""

    def span(
        self, name: str, attributes: Mapping[str, str | int], *, begins: bool
    ) -> AbstractContextManager[Span]:
        """The block is a piece of work; with `begins`, the one with which its incident begins."""


class _Unheard:
    def tell(self, name: str, value: str | int | None) -> None:
        """Nobody traces."""


_METER: ContextVar[Meter | None] = ContextVar("meter", default=None)
_TRACER: ContextVar[Tracer | None] = ContextVar("tracer", default=None)
_UNHEARD = _Unheard()


def record(metric: Metric, value: float = 1.0, **labels: str) -> None:
    """Measure something once."""
    meter = _METER.get()
    if meter is not None:
        meter.record(metric, value, labels)


@contextmanager
def timed(metric: Metric, **labels: str) -> Iterator[None]:
    """Measure how long the block takes, however it ends."""
    began = time.perf_counter()
    try:
        yield
    finally:
        record(metric, time.perf_counter() - began, **labels)


def span(
    name: str, *, begins: bool = False, **attributes: str | int
) -> AbstractContextManager[Span]:
    """The block as a piece of work, inside the one that is under way."""
    tracer = _TRACER.get()
    if tracer is None:
        return nullcontext(_UNHEARD)
    return tracer.span(name, attributes, begins=begins)


@contextmanager
def heard_by(meter: Meter | None = None, tracer: Tracer | None = None) -> Iterator[None]:
    """Who listens to the block, and to tasks that it starts."""
    tokens = _METER.set(meter), _TRACER.set(tracer)
    try:
        yield
    finally:
        _METER.reset(tokens[0])
        _TRACER.reset(tokens[1])
