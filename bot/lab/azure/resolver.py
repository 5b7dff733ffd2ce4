"""DNS as the gateway's instances see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.lab.azure.targets import is_ip


class Resolver:
    """Names of the scenario, and the last good answer for each name that was asked for.

    While a name does not resolve, the gateway goes on with the last good answer; a PUT makes it
    forget that, and the pool goes dark:
    https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting
    """

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        self._names = {name.lower(): tuple(addresses) for name, addresses in names.items()}
        self._last_good: dict[str, tuple[str, ...]] = {}

    def __call__(self, host: str) -> Sequence[str]:
        if is_ip(host):
            return (host,)
        name = host.lower().rstrip(".")
        if self._names.get(name):
            self._last_good[name] = self._names[name]
        return self._last_good.get(name, ())

    def change(self, name: str, addresses: Sequence[str]) -> None:
        """Somebody edits the zone; no addresses: the record is gone."""
        self._names[name.lower()] = tuple(addresses)

    def forget(self) -> None:
        """What a PUT does."""
        self._last_good.clear()
