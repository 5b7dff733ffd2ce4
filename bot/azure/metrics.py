"""The load of a gateway, from Azure Monitor by one plain GET."""

from datetime import UTC, datetime
from urllib.parse import urlencode

from bot.aside import aside
from bot.azure.connection import Connection
from bot.azure.failures import Call, CallFailed, call_arm
from bot.core.arm.document import Document
from bot.core.arm.gateway_reader import read_gateway
from bot.core.arm.load_reader import read_load
from bot.core.model.load import WINDOW, Load, metric_of
from bot.core.model.marked import mark
from bot.core.model.unavailable import Unavailable

# https://learn.microsoft.com/rest/api/monitor/metrics/list
API_VERSION = "2023-10-01"

# https://learn.microsoft.com/azure/role-based-access-control/permissions/monitor
METRICS_READ = Call("read the gateway's load", "Microsoft.Insights/metrics/read")

# The usual texts for these codes are about gateways and Microsoft.Network.
_OTHERWISE = {
    "not_found": "Azure does not show it",
    "not_registered": "the subscription is not registered for Microsoft.Insights",
}


async def measured_load(
    connection: Connection, gateway: Document, until: datetime
) -> Load | Unavailable:
    """What Azure Monitor has for the hour before `until`, as five-minute averages."""
    typed = await aside(read_gateway, gateway, {})
    metric = metric_of(typed)
    if metric is None:
        return Unavailable(f"how load is measured on the tier {mark(typed.tier)} is not documented")
    since, until = (at.astimezone(UTC).replace(microsecond=0) for at in (until - WINDOW, until))
    query = {
        "api-version": API_VERSION,
        "metricnames": metric,
        "aggregation": "Average",
        "interval": "PT5M",
        "timespan": f"{since:%Y-%m-%dT%H:%M:%SZ}/{until:%Y-%m-%dT%H:%M:%SZ}",
    }
    url = f"{typed.id}/providers/Microsoft.Insights/metrics?{urlencode(query)}"
    try:
        found = await call_arm(connection.get(url), METRICS_READ)
    except CallFailed as failed:
        return Unavailable(_OTHERWISE.get(failed.code, failed.trouble.reason))
    return await found.read_by(read_load, metric, since, until)
