"""ARM's JSON of load distribution policies -> `LoadDistributionPolicy`."""

from bot.core.arm.entry import Entry
from bot.core.model.load_distribution import LoadDistributionPolicy, LoadDistributionTarget

POLICIES = "loadDistributionPolicies"


def read_policies(properties: Entry) -> tuple[LoadDistributionPolicy, ...]:
    """Every policy of a gateway, in the document's order."""
    return tuple(map(_policy, properties.entries(POLICIES)))


def _policy(item: Entry) -> LoadDistributionPolicy:
    found = item.properties
    targets = tuple(map(_target, found.entries("loadDistributionTargets")))
    return LoadDistributionPolicy(
        item.id,
        item.name,
        found.text("loadDistributionAlgorithm") or "RoundRobin",
        targets,
        unread=not item.is_whole,
    )


def _target(item: Entry) -> LoadDistributionTarget:
    found = item.properties
    return LoadDistributionTarget(
        found.reference("backendAddressPool"), found.number("weightPerServer") or 1
    )
