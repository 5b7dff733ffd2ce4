"""The gateway was given as much traffic as it can handle, or more."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.model.gateway import Gateway
from bot.core.model.load import UNITS_OF_AN_INSTANCE, Load, ceiling


def check(case: Case) -> Iterator[Match]:
    """Only where load and ceiling are known. An instance may handle more, so this is never certain."""
    most = ceiling(case.gateway)
    if isinstance(case.load, Load) and most is not None and case.load.reaching(most):
        load, peak = case.load, case.load.peak
        what, limit = _words(case.gateway, most)
        yield Match(
            f"The gateway was at its limit in the last hour: {peak.average:.1f} {what}, where {limit}.",
            (
                Evidence(
                    f"{load.metric} was {peak.average:.1f} on average over the five minutes from"
                    f" {peak.at:%Y-%m-%d %H:%M %Z}, the most in the hour to {load.until:%H:%M %Z};"
                    f" {load.reaching(most)} of {len(load.samples)} such averages reached {most:g}",
                    commands.show_load(case.gateway, load),
                ),
                Evidence(
                    _size(case.gateway),
                    commands.show_gateway(
                        case.gateway, "{sku: sku, autoscale: autoscaleConfiguration}"
                    ),
                ),
            ),
            confidence="medium",
        )


def _words(gateway: Gateway, most: float) -> tuple[str, str]:
    if gateway.traits.load_metric == "CpuUtilization":
        return "% of its CPUs", f"more than {most:g} % slows it down"
    return "capacity units", f"its instances guarantee {most:g}"


def _size(gateway: Gateway) -> str:
    if gateway.traits.fixed_size:
        return "a v1 gateway has a fixed number of instances of a fixed size"
    kept = "autoscaling stops at" if gateway.scale.automatic else "their number is fixed at"
    return f"{kept} {gateway.scale.most}, and an instance guarantees {UNITS_OF_AN_INSTANCE} capacity units"


RULE = Rule(
    id="capacity_at_ceiling",
    severity="warning",
    symptom="The gateway's load reached the limit of its instances.",
    cause="More traffic came than the instances can serve, and no more of them are allowed; requests are then slow or"
    " lost, which clients may see as 502 or as a time-out.",
    remedy="Find out what causes the load, and allow more instances, which costs more. v2: az network"
    " application-gateway update with --max-capacity (autoscaling) or --capacity (fixed), up to 125, as far as the"
    " subnet has free addresses. v1: --capacity, up to 32, or a larger --sku. Leave 10 to 20 % above the peak.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/high-traffic-support",
        "https://learn.microsoft.com/azure/application-gateway/understanding-pricing",
        "https://learn.microsoft.com/azure/application-gateway/application-gateway-autoscaling-zone-redundant",
        "https://learn.microsoft.com/azure/application-gateway/monitor-application-gateway-reference",
    ),
    check=check,
)
