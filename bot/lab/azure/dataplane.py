"""The instances of all gateways: their DNS, their probes, and what they know about their backends."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.lab.azure.clients import ClientExchange, client_requests, requests_for
from bot.lab.azure.document import part_by_id
from bot.lab.azure.errors import bad_request
from bot.lab.azure.gateways import Gateway
from bot.lab.azure.judge import Judge, NoAnswer
from bot.lab.azure.options import Options
from bot.lab.azure.prober import Health, Prober
from bot.lab.azure.reports import BLIND, ServerHealth, server_health
from bot.lab.azure.resolver import Dns, Resolver
from bot.lab.azure.serving import Clients
from bot.lab.azure.targets import Target, connections, servers, target, targets
from bot.lab.values import Endpoint, Json


class Pulse:
    """Beats whenever something changed; whoever waits looks again at each beat."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def beat(self) -> None:
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    async def until(self, predicate: Callable[[], bool]) -> None:
        while not predicate():
            future = asyncio.get_running_loop().create_future()
            self._waiting.add(future)
            await future


@dataclass(frozen=True, slots=True)
class Instances:
    """The instances of one gateway, which do everything alike and so are told as one."""

    resolver: Resolver
    judge: Judge
    prober: Prober


class DataPlane:
    """The instances of every gateway; `changed` is told a gateway's name when its health changed."""

    def __init__(
        self,
        dns: Dns,
        connect_to: Callable[[], Mapping[Endpoint, Endpoint]],
        options: Options,
        changed: Callable[[str], None],
    ) -> None:
        self.pulse = Pulse()
        self._dns = dns
        self._connect_to = connect_to
        self._options = options
        self._changed = changed
        self._instances: dict[str, Instances] = {}

    def run_by(self, gateway: Gateway) -> None:
        """The instances take over the gateway's configuration; a stopped one probes nothing."""
        instances = self._of(gateway)
        instances.resolver.forget()
        instances.prober.aim(
            list(targets(gateway.in_effect, self._options.interfaces)) if gateway.is_running else []
        )

    def health(self, gateway: Gateway) -> list[ServerHealth]:
        """What the instances know now; of a stopped gateway, that nobody can be asked."""
        prober = self._of(gateway).prober
        return [
            self._line(each, prober.health(each) if gateway.is_running else BLIND)
            for each in targets(gateway.in_effect, self._options.interfaces)
        ]

    def blind_health(self, gateway: Gateway) -> list[ServerHealth]:
        blind = replace(BLIND, log=self._options.blind_log or BLIND.log)
        return [
            self._line(each, blind) for each in targets(gateway.in_effect, self._options.interfaces)
        ]

    async def settle(self, gateway: Gateway) -> None:
        """Wait until every target was probed at least once."""
        prober = self._of(gateway).prober
        await self.pulse.until(lambda: prober.is_settled)

    async def test(self, gateway: Gateway, body: Json) -> list[ServerHealth]:
        """The on-demand probe: the setting's certificates, the request's host and path.

        Its protocol must be the setting's. It says what one probe says, without history.
        """
        aims = self.test_targets(gateway, body)
        judge = self._of(gateway).judge
        verdicts = await asyncio.gather(*(judge.probe(each) for each in aims))
        return [
            self._line(each, Health().after(verdict, each))
            for each, verdict in zip(aims, verdicts, strict=True)
        ]

    async def clients_see(
        self, gateway: Gateway, hosts: Sequence[str], paths: Sequence[str]
    ) -> list[ClientExchange]:
        """What clients of every site get, see `clients.asks`, once every member was probed."""
        await self.settle(gateway)
        clients = self._clients_of(gateway)
        found = list(client_requests(gateway.in_effect, hosts, paths))
        return [await clients.see(each) for each in found]

    async def proxies_connect(self, gateway: Gateway) -> dict[Target, bool]:
        """Of each server of the TCP/TLS proxy, whether it gives clients a connection; of a stopped one, none does."""
        judge = self._of(gateway).judge
        aims = list(connections(gateway.in_effect, self._options.interfaces))
        found = await asyncio.gather(*(judge.answer(it, it.timeout) for it in aims))
        return {
            aim: gateway.is_running and not isinstance(it, NoAnswer)
            for aim, it in zip(aims, found, strict=True)
        }

    async def client_sees(self, gateway: Gateway, url: str) -> list[ClientExchange]:
        """The same for one URL; empty where the gateway does not listen at its port."""
        await self.settle(gateway)
        clients = self._clients_of(gateway)
        return [await clients.see(each) for each in requests_for(gateway.in_effect, url)]

    def _clients_of(self, gateway: Gateway) -> Clients:
        instances = self._of(gateway)
        return Clients(
            gateway.in_effect,
            instances.judge,
            lambda target: instances.prober.health(target).word == "Healthy",
            self._options.interfaces,
            gateway.is_running,
        )

    def test_targets(self, gateway: Gateway, body: Json) -> list[Target]:
        """What an on-demand request asks to probe; Refused if it names what is not there."""
        document = gateway.in_effect
        settings = part_by_id(document, body.get("backendHttpSettings"))
        pool = part_by_id(document, body.get("backendAddressPool"))
        if settings is None or pool is None:
            raise bad_request(
                "InvalidResourceReference", "The backend pool or HTTP settings were not found."
            )
        probe: Json = {key: value for key, value in body.items() if value is not None}
        return [
            target(document, pool["id"], settings, server, probe, on_demand=True)
            for server in servers(document, pool["id"], self._options.interfaces)
        ]

    async def close(self) -> None:
        await asyncio.gather(*(each.prober.close() for each in self._instances.values()))

    def _of(self, gateway: Gateway) -> Instances:
        key = gateway.id.key
        if key not in self._instances:
            self._instances[key] = self._make(gateway.id.name)
        return self._instances[key]

    def _make(self, name: str) -> Instances:
        options = self._options
        resolver = Resolver(self._dns)
        judge = Judge(
            resolve=resolver,
            connect_to=self._connect_to,
            well_known=[root.certificate for root in options.public_authorities],
            era=options.era,
            time_allowed=lambda timeout: max(timeout * options.clock_scale, options.least_timeout),
            large_client_hello=options.large_client_hello,
            source=options.source,
            revoked=options.revoked,
            wordings=options.wordings,
        )

        def changed() -> None:
            self.pulse.beat()
            self._changed(name)

        return Instances(resolver, judge, Prober(judge.probe, changed, options.clock_scale))

    def _line(self, aim: Target, health: Health) -> ServerHealth:
        return server_health(aim, health, self._options)
