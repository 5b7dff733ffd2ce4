"""The instances of all gateways: their DNS, their probes, and what they know of their backends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from bot.lab.azure.document import part_by_id
from bot.lab.azure.errors import Json, bad_request
from bot.lab.azure.gateways import Gateway
from bot.lab.azure.judge import Endpoint, Judge
from bot.lab.azure.options import Options
from bot.lab.azure.prober import Health, Prober
from bot.lab.azure.reports import BLIND, ServerHealth, server_health
from bot.lab.azure.resolver import Resolver
from bot.lab.azure.targets import Target, servers, target, targets


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


class DataPlane:
    """A prober for each gateway, all with one judge."""

    def __init__(
        self,
        resolver: Resolver,
        connect_to: Callable[[], Mapping[Endpoint, Endpoint]],
        options: Options,
        changed: Callable[[str], None],
    ) -> None:
        self.pulse = Pulse()
        self._resolver = resolver
        self._options = options
        self._changed = changed
        self._probers: dict[str, Prober] = {}
        self._judge = Judge(
            resolve=resolver,
            connect_to=connect_to,
            well_known=[root.certificate for root in options.public_authorities],
            era=options.era,
            patience=lambda timeout: max(timeout * options.clock_scale, options.least_timeout),
        )

    def run_by(self, gateway: Gateway) -> None:
        """The instances take over the gateway's configuration; a stopped one probes nothing."""
        self._resolver.forget()
        self._prober(gateway).aim(list(targets(gateway.in_effect)) if gateway.is_running else [])

    def health(self, gateway: Gateway) -> list[ServerHealth]:
        """What the instances know now; of a stopped gateway, that nobody can be asked."""
        prober = self._prober(gateway)
        return [
            self._line(each, prober.health(each) if gateway.is_running else BLIND)
            for each in targets(gateway.in_effect)
        ]

    def blind_health(self, gateway: Gateway) -> list[ServerHealth]:
        return [self._line(each, BLIND) for each in targets(gateway.in_effect)]

    async def settle(self, gateway: Gateway) -> None:
        """Wait until every target was probed at least once."""
        await self.pulse.until(lambda: self._prober(gateway).is_settled)

    async def test(self, gateway: Gateway, body: Json) -> list[ServerHealth]:
        """The on-demand probe: the setting's certificates, the request's host and path.

        Its protocol must be the setting's. It says what one probe says, without history.
        """
        aims = self.test_targets(gateway, body)
        verdicts = await asyncio.gather(*(self._judge.probe(each) for each in aims))
        return [
            self._line(each, Health().after(verdict, each))
            for each, verdict in zip(aims, verdicts, strict=True)
        ]

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
            for server in servers(document, pool["id"])
        ]

    async def close(self) -> None:
        await asyncio.gather(*(prober.close() for prober in self._probers.values()))

    def _prober(self, gateway: Gateway) -> Prober:
        key = gateway.id.key
        if key not in self._probers:

            def changed() -> None:
                self.pulse.beat()
                self._changed(gateway.id.name)

            self._probers[key] = Prober(self._judge.probe, changed, self._options.clock_scale)
        return self._probers[key]

    def _line(self, aim: Target, health: Health) -> ServerHealth:
        return server_health(aim, health, self._options)
