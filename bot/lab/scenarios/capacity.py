"""Gateways under load: Azure Monitor's measurements, compared with the instances that they may have.

They are healthy when they are diagnosed; the bot still has to say that their clients see errors under load.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.lab.azure.faults import METRICS, Fault, forbidden
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import OPTIONS
from bot.lab.scenarios.shapes import V1, V2, one_site, told, web_server
from bot.lab.values import Json

_UP_TO_FOUR: Json = {"autoscaleConfiguration": {"minCapacity": 2, "maxCapacity": 4}}


def _under(
    name: str,
    title: str,
    summary: str,
    load: Sequence[float | None],
    tier: str = V2,
    *,
    warned: bool = False,
    faults: Sequence[Fault] = (),
    **size: Any,
) -> Scenario:
    """A healthy gateway with this load; `size` are properties of its document."""
    return told(
        name,
        title,
        summary,
        gateway=one_site(name, tier, secure=False, **size),
        backends=[web_server()],
        notes=["capacity_at_ceiling"] if warned else [],
        options=replace(OPTIONS, loads={f"agw-{name}": load}),
        faults=faults,
    )


CAPACITY: tuple[Scenario, ...] = (
    _under(
        "autoscaling-at-its-maximum",
        "Healthy v2: the autoscaling maximum is below what the traffic needs",
        "A sale began half an hour ago; four instances are the maximum.",
        (12.5, 14.0, 30.2, 39.1, 41.7, 43.4, 42.9, 40.0),
        warned=True,
        capacity=None,
        **_UP_TO_FOUR,
    ),
    _under(
        "fixed-capacity-exceeded",
        "Healthy v2: two instances, and traffic that needs more",
        "The instance count is fixed, and nobody has raised it for years.",
        (19.0, 21.3, 22.8, 18.2),
        warned=True,
        capacity=2,
    ),
    _under(
        "v1-processors-busy",
        "Healthy v1: its CPU is saturated",
        "Above 90 % CPU, a v1 gateway is slow for everybody.",
        (71.5, 88.0, 96.4, 93.1),
        V1,
        warned=True,
    ),
    _under(
        "load-just-below-the-ceiling",
        "Healthy v2: busy, but not too busy",
        "Its instances can still take a little more.",
        (36.0, 39.9, None, 38.7),
        capacity=None,
        **_UP_TO_FOUR,
    ),
    _under(
        "v1-processors-warm",
        "Healthy v1: its CPU is nearly saturated",
        "Worth watching, but no cause of errors.",
        (61.0, 84.2, 89.9),
        V1,
    ),
    _under(
        "autoscaling-without-a-maximum",
        "Healthy v2: the maximum instance count is not set",
        "The documentation disagrees about the default, so nothing is concluded.",
        (180.0, 205.0),
        capacity=None,
        autoscaleConfiguration={"minCapacity": 2},
    ),
    _under(
        "load-not-permitted",
        "Healthy v2: the bot may not read the load",
        "It says so, and diagnoses what it can see.",
        (41.7, 43.4),
        faults=[forbidden(METRICS)],
        capacity=None,
        **_UP_TO_FOUR,
    ),
)
