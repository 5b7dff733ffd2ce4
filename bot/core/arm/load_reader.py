"""Azure Monitor's JSON of one metric -> `Load`; a gateway's properties -> `Scale`, which it is measured against.

Whatever cannot be read of a metric becomes an `Unavailable`. Shape: Azure/azure-rest-api-specs,
specification/monitor/resource-manager/Microsoft.Insights/Insights/stable/2023-10-01, examples/GetMetric.json and
GetMetricError.json.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from bot.core.arm.entry import Entry, root_entry
from bot.core.model.gateway import Scale
from bot.core.model.generation import LoadMetric
from bot.core.model.load import Load, Sample
from bot.core.model.unavailable import Unavailable

_NONSENSE = 1e9


def read_scale(properties: Entry) -> Scale:
    """How many instances a gateway of these properties may have."""
    if properties.holds("autoscaleConfiguration"):
        # Without a maximum it is 10 in today's pages and 20 in older ones, so it is not known.
        most = properties.entry("autoscaleConfiguration").number("maxCapacity")
        return Scale(most or None, automatic=True)
    return Scale(properties.entry("sku").number("capacity") or None)


def read_load(
    body: object, metric: LoadMetric, since: datetime, until: datetime
) -> Load | Unavailable:
    """The load that an answer about `metric` tells of."""
    root = root_entry(body, "Azure Monitor's answer")
    found = next((it for it in root.entries("value") if _name(it) == metric.lower()), None)
    if found is None:
        lacking = "Azure Monitor's answer does not hold the metric"
        notes = root.notes.all if root.found else ()
        return Unavailable(lacking + "".join(f" ({note})" for note in notes[:1]))
    code = found.text("errorCode") or "Success"
    if code != "Success":
        return Unavailable(f"Azure Monitor could not tell ({code[:60]})")
    samples = tuple(sorted(_samples(found), key=lambda it: it.at))
    for note in () if samples else root.notes.all:
        return Unavailable(
            f"Azure Monitor has no {metric} of the last hour that can be read ({note})"
        )
    if not samples:
        # learn.microsoft.com/azure/application-gateway/application-gateway-metrics: not reported without requests.
        return Unavailable(
            f"Azure Monitor has no {metric} of the last hour, as where no requests came in"
        )
    return Load(metric, since, until, samples, root.notes.all)


def _samples(metric: Entry) -> Iterator[Sample]:
    """The points that hold an average: those of a minute without requests do not."""
    for series in metric.entries("timeseries"):
        for point in series.entries("data"):
            at, average = _moment(point), point.decimal("average")
            if at is not None and average is not None and 0 <= average < _NONSENSE:
                yield Sample(at, average)


def _moment(point: Entry) -> datetime | None:
    text = point.text("timeStamp")
    try:
        found = datetime.fromisoformat(text or "")
        if found.tzinfo:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    if text is not None:
        point.odd("timeStamp", text, "a moment with its zone")
    return None


def _name(metric: Entry) -> str:
    return (metric.entry("name").text("value") or "").lower()
