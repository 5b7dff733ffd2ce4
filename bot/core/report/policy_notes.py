"""Load distribution policies, in a sentence each."""

from collections.abc import Iterator

from bot.core.model.gateway import Gateway
from bot.core.model.load_distribution import LoadDistributionPolicy
from bot.core.model.marked import mark
from bot.core.routing.routes import routes


def policy_notes(gateway: Gateway) -> Iterator[str]:
    """Over which pools requests are spread, by every policy that a route leads to."""
    used = {it.policy for it in routes(gateway) if it.spread}
    return (_note(gateway, it) for it in gateway.policies if it.id in used)


def _note(gateway: Gateway, policy: LoadDistributionPolicy) -> str:
    names = {it.id: it.name for it in gateway.pools}
    shares = " and ".join(
        f"{mark(names[it.pool])} (weight {it.weight} for each server)"
        for it in policy.targets
        if it.pool in names
    )
    return (
        f"Load distribution policy {mark(policy.name)} spreads requests over {shares} by"
        f" {mark(policy.algorithm)}"
    )
