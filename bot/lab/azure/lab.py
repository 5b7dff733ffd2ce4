"""The lab's Azure, put together: what tests and the demo hold in their hands."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

from aiohttp import web

from bot.lab.azure.api import Api
from bot.lab.azure.clients import ClientExchange
from bot.lab.azure.dataplane import DataPlane
from bot.lab.azure.environments import Environments
from bot.lab.azure.faults import Fault, Faults
from bot.lab.azure.gateways import Gateway, Gateways
from bot.lab.azure.http import ArmServer, Recorded
from bot.lab.azure.locks import Locks
from bot.lab.azure.metrics import Metrics
from bot.lab.azure.networks import Networks
from bot.lab.azure.operations import Operations
from bot.lab.azure.options import Options
from bot.lab.azure.permissions import Permissions
from bot.lab.azure.policies import Policies
from bot.lab.azure.reports import ServerHealth
from bot.lab.azure.resolver import Dns
from bot.lab.azure.routes import routes
from bot.lab.azure.targets import Target
from bot.lab.backends import Backends
from bot.lab.values import Json, copied

_DEFAULT_OPTIONS = Options()


@dataclass(frozen=True, slots=True)
class AzureEvent:
    """Something happened: a request was answered, a configuration took effect, health changed.

    `gateway` is a gateway's name, empty for requests that name none.
    """

    kind: Literal["request", "configuration", "health"]
    gateway: str
    request: Recorded | None = None


class AzureLab:
    """A running Azure. Attributes: `url` of Resource Manager; `requests`, all so far."""

    def __init__(
        self,
        gateways: Iterable[Json],
        backends: Backends,
        dns: Mapping[str, Sequence[str]],
        options: Options,
    ) -> None:
        self.url = ""
        self._listeners: list[Callable[[AzureEvent], None]] = []
        self._faults = Faults()
        self._operations = Operations()
        self._dns = Dns(dns)
        self._plane = DataPlane(
            self._dns, lambda: backends.connect_to, options, self._health_changed
        )
        self._gateways = Gateways(gateways, self._operations, options, self._took_effect)
        api = Api(self._gateways, self._plane, self._operations, options)
        permissions = Permissions(options.denied, options.identities)
        known = routes(
            api,
            Networks(options.networks),
            Environments(options.environments, options.page_size),
            Metrics(self._gateways, options.loads),
            permissions,
            Locks(options.locks),
            Policies(options.policies),
        )
        self._server = ArmServer(known, self._faults, permissions, self._answered)

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        gateways: Iterable[Json],
        backends: Backends,
        dns: Mapping[str, Sequence[str]] | None = None,
        options: Options = _DEFAULT_OPTIONS,
    ) -> AsyncIterator["AzureLab"]:
        """Run Resource Manager on a free port of 127.0.0.1, and the gateways' instances."""
        lab = cls(gateways, backends, dns or {}, options)
        runner = web.AppRunner(lab._server.application(), shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        try:
            await site.start()
            host, port = runner.addresses[0][:2]
            lab.url = f"http://{host}:{port}"
            for gateway in lab._gateways.all():
                lab._plane.run_by(gateway)
            yield lab
        finally:
            await runner.cleanup()
            await lab._operations.close()
            await lab._plane.close()

    @property
    def requests(self) -> list[Recorded]:
        return self._server.requests

    def gateway(self, name: str) -> Json:
        """The current document of a gateway, by name or id; a copy."""
        document: Json = copied(self._gateways.named(name).document)
        return document

    def edit(self, name: str, change: Callable[[Json], None]) -> Json:
        """Let somebody else change a gateway: `change` edits the document in place.

        It takes effect at once and gives new etags; operationalState and provisioningState may
        be set as well. Returns the new document.
        """
        document: Json = copied(self._gateways.edit(name, change).document)
        return document

    def set_fault(self, fault: Fault) -> None:
        self._faults.add(fault)

    def clear_faults(self) -> None:
        self._faults.clear()

    def set_dns(self, name: str, addresses: Sequence[str]) -> None:
        """Change a record; without addresses it is gone."""
        self._dns.change(name, addresses)

    def resolve(self, name: str) -> Sequence[str]:
        """What the zones of the gateways' network say of a name now, none if they do not know it."""
        return self._dns(name)

    async def proxies_connect(self, name: str) -> dict[Target, bool]:
        """Of each server behind the TCP/TLS proxy of a gateway, whether it gives clients a connection."""
        return await self._plane.proxies_connect(self._gateways.named(name))

    def health(self, name: str) -> list[ServerHealth]:
        """What the gateway's instances know of their backends now."""
        return self._plane.health(self._gateways.named(name))

    async def clients_see(
        self, name: str, hosts: Sequence[str] = (), paths: Sequence[str] = ()
    ) -> list[ClientExchange]:
        """What clients of every site of a gateway get, and what each of its servers would give them.

        Each host name of a listener is asked for `/`, `paths` and the shortest path of each path rule; `hosts` are
        further names that clients use, where listeners take more than they name.
        """
        return await self._plane.clients_see(self._gateways.named(name), hosts, paths)

    async def client_sees(self, name: str, url: str) -> list[ClientExchange]:
        """The same for one URL, once for each address at which the gateway listens at its port."""
        return await self._plane.client_sees(self._gateways.named(name), url)

    async def serves(self, name: str, host: str, path: str = "/") -> bool:
        """Whether clients of that host get a page from every server that may answer them, at every port."""
        seen = await self._plane.clients_see(self._gateways.named(name), (host,), (path,))
        mine = [it for it in seen if (it.ask.host, it.ask.path) == (host, path)]
        return bool(mine) and all(
            it.served is not False and all(each.served for each in it.members) for it in mine
        )

    async def wait_health(
        self,
        name: str,
        predicate: Callable[[list[ServerHealth]], bool],
        timeout: float = 10.0,
    ) -> list[ServerHealth]:
        """Wait until the health of a gateway satisfies; TimeoutError after `timeout` seconds."""
        async with asyncio.timeout(timeout):
            await self._plane.pulse.until(lambda: predicate(self.health(name)))
        return self.health(name)

    def subscribe(self, callback: Callable[[AzureEvent], None]) -> Callable[[], None]:
        """Call back for every event, from the event loop; returns how to end it."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    def _took_effect(self, gateway: Gateway) -> None:
        self._plane.run_by(gateway)
        self._tell(AzureEvent("configuration", gateway.id.name))

    def _health_changed(self, name: str) -> None:
        self._tell(AzureEvent("health", name))

    def _answered(self, request: Recorded) -> None:
        words = request.path.split("/")
        name = words[8] if len(words) > 8 and words[7].lower() == "applicationgateways" else ""
        self._tell(AzureEvent("request", name, request))

    def _tell(self, event: AzureEvent) -> None:
        for listener in tuple(self._listeners):
            listener(event)


def all_healthy(lines: list[ServerHealth]) -> bool:
    """Whether there is a server, and every one is healthy."""
    return bool(lines) and all(line.health in ("Healthy", "Up") for line in lines)


def any_unhealthy(lines: list[ServerHealth]) -> bool:
    """Whether some server is unhealthy."""
    return any(line.health in ("Unhealthy", "Down") for line in lines)
