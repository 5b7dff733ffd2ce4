"""Azure Monitor's JSON of one metric -> `Load`; a gateway's properties -> `Scale`, which it is measured against.

Whatever cannot be read of a metric becomes an `Unavailable`. Shape: Azure/azure-rest-api-specs,
specification/monitor/resource-manager/Microsoft.Insights/Insights/stable/2023-10-01, examples/GetMetric.json and
GetMetricError.json.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.core.model.gateway import Scale
from bot.core.model.load import Load, Metric, Sample
from bot.core.model.unavailable import Unavailable

_NONSENSE = 1e9

_NO_METRIC = Unavailable("Azure Monitor's answer does not hold the metric")


def read_scale(properties: Mapping[str, Any]) -> Scale:
    """How many instances a gateway of these properties may have."""
    automatic, sku = properties.get("autoscaleConfiguration"), properties.get("sku")
    if isinstance(automatic, Mapping):
        # Without a maximum it is 10 in today's pages and 20 in older ones, so it is not known.
        return Scale(_count(automatic.get("maxCapacity")), automatic=True)
    return Scale(_count(sku.get("capacity")) if isinstance(sku, Mapping) else None)


def read_load(body: object, metric: Metric, since: datetime, until: datetime) -> Load | Unavailable:
    """The load that an answer about `metric` tells of."""
    found = next((it for it in _items(body, "value") if _name(it) == metric.lower()), None)
    if found is None:
        return _NO_METRIC
    code = found.get("errorCode", "Success")
    if code != "Success":
        return Unavailable(f"Azure Monitor could not tell ({str(code)[:60]})")
    samples = tuple(sorted(_samples(found), key=lambda it: it.at))
    if not samples:
        # learn.microsoft.com/azure/application-gateway/application-gateway-metrics: not reported without requests.
        return Unavailable(
            f"Azure Monitor has no {metric} of the last hour, as where no requests came in"
        )
    return Load(metric, since, until, samples)


def _samples(metric: Mapping[str, Any]) -> Iterator[Sample]:
    """The points that hold an average: those of a minute without requests do not."""
    for series in _items(metric, "timeseries"):
        for point in _items(series, "data"):
            at, average = _moment(point.get("timeStamp")), point.get("average")
            if at and isinstance(average, int | float) and 0 <= average < _NONSENSE:
                yield Sample(at, float(average))


def _count(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    return None


def _moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None


def _name(metric: Mapping[str, Any]) -> str:
    name = metric.get("name")
    return str(name.get("value")).lower() if isinstance(name, Mapping) else ""


def _items(holder: object, key: str) -> Iterator[Mapping[str, Any]]:
    found = holder.get(key) if isinstance(holder, Mapping) else None
    if isinstance(found, list):
        yield from (it for it in found if isinstance(it, Mapping))
