"""The metrics as Prometheus reads them. Imported only where AGW_HEALTH_LISTEN is set.

Formats: https://prometheus.io/docs/instrumenting/exposition_formats
"""

from collections.abc import Mapping
from itertools import product

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import choose_encoder

from bot.telemetry import METRICS, OTHER, Metric

_MOST_SERIES = 20
"""Up to so many combinations of labels stand at 0 from the start, so that a rate sees the first one; the other ones of
larger metrics come as they happen."""

# When each series began would double their number, and Prometheus stores it as further series.
disable_created_metrics()

_Made = Counter | Gauge | Histogram


class Metrics:
    """Every metric of `bot.telemetry`, and what the process takes (memory, CPU, files)."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._made = {it.name: _made(it, self._registry) for it in METRICS}

    def record(self, metric: Metric, value: float, labels: Mapping[str, str]) -> None:
        """As the kind of metric wants it; a value that no label has listed is `other`."""
        made = self._made[metric.name]
        bounded = {name: _bounded(metric.labels[name], text) for name, text in labels.items()}
        one = made.labels(**bounded) if bounded else made
        match one:
            case Counter():
                one.inc(value)
            case Gauge():
                one.set(value)
            case Histogram():
                one.observe(value)

    def page(self, accept: str) -> tuple[bytes, str]:
        """All of it, in the format that whoever asks accepts, and that format's content type."""
        encode, kind = choose_encoder(accept)
        return encode(self._registry), kind


def _bounded(listed: tuple[str, ...], text: str) -> str:
    return text if not listed or text in listed else OTHER


def _made(metric: Metric, registry: CollectorRegistry) -> _Made:
    labels = tuple(metric.labels)
    made: _Made
    match metric.kind:
        case "counter":
            made = Counter(metric.name, metric.about, labels, registry=registry)
        case "gauge":
            made = Gauge(metric.name, metric.about, labels, registry=registry)
        case "histogram":
            made = Histogram(
                metric.name, metric.about, labels, registry=registry, buckets=metric.buckets
            )
    combined = tuple(product(*metric.labels.values())) if labels else ()
    if metric.kind == "counter" and len(combined) <= _MOST_SERIES:
        for values in combined:
            made.labels(*values)
    return made
