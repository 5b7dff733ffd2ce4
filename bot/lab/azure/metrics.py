"""Azure Monitor's metrics of a gateway: the one that shows its load.

Shape: Azure/azure-rest-api-specs, specification/monitor/resource-manager/Microsoft.Insights/Insights/stable/2023-10-01,
examples/GetMetric.json. Which there are:
https://learn.microsoft.com/azure/application-gateway/monitor-application-gateway-reference
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from bot.lab.azure.calls import Call, Reply, reply
from bot.lab.azure.document import is_v1
from bot.lab.azure.errors import bad_request
from bot.lab.azure.gateways import Gateways
from bot.lab.values import Json

QUIET: Sequence[float | None] = (1.0,) * 12
"""The last hour of a gateway without a load of its own in the scenario: next to nothing."""

_STEP = timedelta(minutes=5)
_UNITS = {"CapacityUnits": "Count", "CpuUtilization": "Percent"}


class Metrics:
    """Answers GETs from `loads`: five-minute averages by the gateway's name, oldest first.

    They are the values of the metric that a gateway of its generation has; the other metric is not available.
    """

    def __init__(self, gateways: Gateways, loads: Mapping[str, Sequence[float | None]]) -> None:
        self._gateways = gateways
        self._loads = loads

    async def list(self, call: Call) -> Reply:
        """One metric; Refused with 404 for an unknown gateway, 400 for what a gateway does not have."""
        gateway = self._gateways.get(call.gateway_id)
        name = call.query.get("metricnames", "")
        if name not in _UNITS:
            raise bad_request("BadRequest", f"Failed to find metric configuration: {name}.")
        if call.query.get("interval") != "PT5M":
            raise bad_request("BadRequest", "Detected invalid time grain input.")
        start, end = _timespan(call)
        own = "CpuUtilization" if is_v1(gateway.document) else "CapacityUnits"
        load = self._loads.get(gateway.id.name, QUIET) if name == own else ()
        average = "average" in call.query.get("aggregation", "").lower()
        data = list(_points(load, start, end, average=average))
        metric: Json = {
            "id": f"{gateway.id}/providers/Microsoft.Insights/metrics/{name}",
            "type": "Microsoft.Insights/metrics",
            "name": {"value": name, "localizedValue": name},
            "unit": _UNITS[name],
            "timeseries": [{"metadatavalues": [], "data": data}] if data else [],
            "errorCode": "Success",
        }
        body: Json = {
            "cost": 59,
            "timespan": call.query["timespan"],
            "interval": "PT5M",
            "value": [metric],
            "namespace": "Microsoft.Network/applicationGateways",
            "resourceregion": gateway.document["location"],
        }
        return reply(200, body)


def _timespan(call: Call) -> tuple[datetime, datetime]:
    start, _, end = call.query.get("timespan", "").partition("/")
    try:
        return datetime.fromisoformat(start), datetime.fromisoformat(end)
    except ValueError as error:
        raise bad_request("BadRequest", "Detected invalid time interval input.") from error


def _points(
    load: Sequence[float | None], start: datetime, end: datetime, *, average: bool
) -> Iterator[Json]:
    """The last point ends at the last full five minutes before `end`; null values are left out."""
    last = end.replace(minute=end.minute - end.minute % 5, second=0, microsecond=0)
    for number, value in enumerate(load):
        at = last - (len(load) - number) * _STEP
        if at + _STEP > start:
            point: Json = {"timeStamp": f"{at:%Y-%m-%dT%H:%M:%SZ}"}
            yield point if value is None or not average else {**point, "average": value}
