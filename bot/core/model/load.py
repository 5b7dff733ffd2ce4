"""How busy a gateway has been lately, and how much it can take at most.

v2 is measured in capacity units, of which an instance is good for ten at least
(learn.microsoft.com/azure/application-gateway/understanding-pricing, "Instance Count"). `CapacityUnits` counts what
the traffic needs; the billed units include what is reserved, so they say nothing of load. v1 has `CpuUtilization`
(learn.microsoft.com/azure/application-gateway/monitor-application-gateway-reference).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.model.gateway import Gateway
from bot.core.model.generation import LoadMetric
from bot.core.model.unavailable import Unavailable

WINDOW = timedelta(hours=1)
INTERVAL = timedelta(minutes=5)
"""How far back to look, and over which time to take averages: a shorter peak harms nobody for long."""

UNITS_OF_AN_INSTANCE = 10
MOST_CPU = 90
"""Percent that should not be exceeded regularly, see the reference above."""

NOT_MEASURED = Unavailable("it was not checked")


@dataclass(frozen=True, slots=True)
class Sample:
    """The average over the `INTERVAL` that begins at `at` (aware)."""

    at: datetime
    average: float


@dataclass(frozen=True, slots=True)
class Load:
    """What was measured between two moments, one sample at least; `CpuUtilization` is in percent.

    `notes` says what of the answer could not be read.
    """

    metric: LoadMetric
    since: datetime
    until: datetime
    samples: tuple[Sample, ...]
    notes: tuple[str, ...] = ()

    @property
    def peak(self) -> Sample:
        """The highest average; of several equal ones the first."""
        return max(self.samples, key=lambda it: it.average)

    def reaching(self, ceiling: float) -> int:
        """How many samples are as high as that, or higher."""
        return sum(it.average >= ceiling for it in self.samples)


def metric_of(gateway: Gateway) -> LoadMetric | None:
    """The metric that tells a gateway's load; None where it is not documented which one does."""
    # What it means on the Basic tier, which has limits of its own, is not documented.
    known = gateway.tier.lower() in gateway.traits.tiers
    return gateway.traits.load_metric if known else None


def ceiling(gateway: Gateway) -> float | None:
    """Where the metric says that the gateway can take no more; None if its document does not tell."""
    if gateway.traits.load_metric == "CpuUtilization":
        return MOST_CPU
    instances = gateway.scale.most
    return UNITS_OF_AN_INSTANCE * instances if instances else None
