"""Load distribution policies: one routing rule, several backend pools behind it.

Shape: azure-mgmt-network 33.1.0, ApplicationGatewayLoadDistributionPolicyPropertiesFormat; no page of Microsoft's
describes them, so nothing is said of which pool gets which request.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LoadDistributionTarget:
    """One pool of a policy; `weight` is that of each of its servers, from 1 to 100."""

    pool: str | None
    weight: int


@dataclass(frozen=True, slots=True)
class LoadDistributionPolicy:
    """A policy; `algorithm` as Azure writes it: RoundRobin, LeastConnections or IpHash."""

    id: str
    name: str
    algorithm: str
    targets: tuple[LoadDistributionTarget, ...]
    unread: bool = False

    @property
    def pools(self) -> tuple[str, ...]:
        """The ids of the pools that it names, without repeats."""
        return tuple(dict.fromkeys(it.pool for it in self.targets if it.pool))
