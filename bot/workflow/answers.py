"""What Azure answers about one gateway, asked for all at once, and the case that it makes."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime

from bot.aside import aside
from bot.core.arm.certificates_reader import Certificates
from bot.core.arm.document import Document
from bot.core.arm.environment_reader import (
    EnvironmentDocuments,
    environment_certificate_data,
    read_environments,
)
from bot.core.arm.gateway_reader import gateway_id_in, read_gateway
from bot.core.case.case import Case
from bot.core.model.gateway import Gateway
from bot.core.model.health import Health, HealthNotKnown
from bot.core.model.load import NOT_MEASURED, Load
from bot.core.model.lock import Lock
from bot.core.model.network import NOT_LOOKED_AT, GatewayNetwork
from bot.core.model.unavailable import Unavailable
from bot.core.routing.routes import nic_members
from bot.core.routing.serving_route import Site
from bot.workflow.ports import Azure

_NOT_YET = HealthNotKnown("Azure has not reported it yet")


@dataclass(frozen=True, slots=True)
class Answers:
    """Azure's answers about one gateway; by default before it gave any but the document."""

    document: Document
    health: Health = _NOT_YET
    gateway_network: GatewayNetwork | Unavailable = NOT_LOOKED_AT
    environments: tuple[EnvironmentDocuments | Unavailable, ...] = ()
    load: Load | Unavailable = NOT_MEASURED
    locks: tuple[Lock, ...] | Unavailable = ()

    def environment_certificate_data(self) -> tuple[str, ...]:
        """The certificate texts beside those of the document."""
        return tuple(environment_certificate_data(self.environments))

    async def shown(
        self,
        certificates: Certificates,
        now: datetime,
        site: Site | None,
        gateway: Gateway | None = None,
    ) -> Case:
        """The case they make, before anything was probed; the `site` is the one that was asked about.

        `gateway` is what the document says, if it was read with these certificates before: one of 1,200 servers takes
        some milliseconds.
        """
        case = await aside(self._case, certificates, now, gateway)
        return replace(case, asked=site.host) if site is not None else case

    def _case(self, certificates: Certificates, now: datetime, gateway: Gateway | None) -> Case:
        gateway = gateway or read_gateway(self.document, certificates)
        environments = read_environments(self.environments, gateway, certificates)
        return Case(
            gateway,
            self.health,
            (),
            now,
            nic_members=nic_members(gateway, self.health),
            network=self.gateway_network,
            environments=environments,
            load=self.load,
            locks=() if isinstance(self.locks, Unavailable) else self.locks,
        )


async def ask_azure(azure: Azure, document: Document, now: datetime, within: float) -> Answers:
    """Everything beside the gateway's document, as far as Azure shows it within so many seconds."""
    gateway_id = gateway_id_in(document) or ""
    return Answers(
        document,
        *await asyncio.gather(
            azure.health(gateway_id, within),
            azure.gateway_network(document, within),
            azure.environments(document, within),
            azure.load(document, now, within),
            azure.locks(gateway_id, within),
        ),
    )
