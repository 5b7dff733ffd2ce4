"""Loads of a gateway in the hour before `NOW`, and Azure Monitor's answers that tell of them."""

from typing import Any

from bot.core.arm.document import Json
from bot.core.model.generation import LoadMetric
from bot.core.model.load import INTERVAL, WINDOW, Load, Sample
from tests.core.make import NOW


def load(*averages: float, metric: LoadMetric = "CapacityUnits") -> Load:
    """These averages, five minutes each, the last one up to now."""
    start = NOW - len(averages) * INTERVAL
    samples = (Sample(start + number * INTERVAL, it) for number, it in enumerate(averages))
    return Load(metric, NOW - WINDOW, NOW, tuple(samples))


def point(at: str, **values: Any) -> Json:
    """One entry of a time series."""
    return {"timeStamp": at, **values}


def answer(*points: Any, metric: str = "CapacityUnits", **changes: Any) -> Json:
    """An answer about one metric, shaped as in the specification's GetMetric.json."""
    found: Json = {
        "type": "Microsoft.Insights/metrics",
        "name": {"value": metric, "localizedValue": "Current Capacity Units"},
        "unit": "Count",
        "timeseries": [{"metadatavalues": [], "data": list(points)}],
        "errorCode": "Success",
    }
    return {"interval": "PT5M", "value": [found | changes], "resourceregion": "westeurope"}
