"""DNS: the scenario's names, and what the instances of one gateway have cached of them."""

from collections.abc import Mapping, Sequence

from bot.lab.azure.targets import is_ip
from bot.lab.values import as_ascii


class Dns:
    """The zones of the scenario; a name that is not in it does not exist."""

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        self._names = {
            as_ascii(name).lower(): tuple(addresses) for name, addresses in names.items()
        }

    def __call__(self, name: str) -> Sequence[str]:
        return self._names.get(name, ())

    def change(self, name: str, addresses: Sequence[str]) -> None:
        """Somebody edits the zone; no addresses: the record is gone."""
        self._names[as_ascii(name).lower()] = tuple(addresses)


class Resolver:
    """If a name no longer resolves, its last good answer is used.

    A PUT makes the gateway forget it, which takes the pool down:
    https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting
    """

    def __init__(self, dns: Dns) -> None:
        self._dns = dns
        self._last_good: dict[str, Sequence[str]] = {}

    def __call__(self, host: str) -> Sequence[str]:
        """The addresses of a pool member, none if its name is unknown; an IP stands for itself."""
        if is_ip(host):
            return (host,)
        name = as_ascii(host).lower().rstrip(".")
        found = self._dns(name)
        if found:
            self._last_good[name] = found
        return self._last_good.get(name, ())

    def forget(self) -> None:
        """Forget the last good answers, as a PUT does."""
        self._last_good.clear()
