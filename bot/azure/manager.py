"""Resource Manager as the workflow needs it: documents in, documents out, `Problem` for what goes wrong.

No call here sends a PUT twice, and none takes longer than it says, whatever Azure does.
"""

import functools
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from bot.aside import aside
from bot.azure.connection import Connection, network_library
from bot.azure.deadline import Deadline
from bot.azure.endpoint import PUBLIC_CLOUD, parse
from bot.azure.environments import environment_documents
from bot.azure.errors import OWN, Trouble
from bot.azure.failures import (
    WRITER,
    Call,
    CallFailed,
    call_arm,
)
from bot.azure.gateway_id import ACTION, gateway_id_of
from bot.azure.health_reports import health_within, own_report, trial_report
from bot.azure.listing import (
    ALL_WITHIN,
    LIST_SUBSCRIPTIONS,
    SUBSCRIPTIONS,
    gateways,
    visible_subscriptions,
)
from bot.azure.locks import LOCKS_READ, locks_on
from bot.azure.metrics import METRICS_READ, measured_load
from bot.azure.network import network_documents
from bot.azure.operations import operation_state
from bot.azure.permissions import PERMISSIONS_READ, own_grants
from bot.azure.policies import POLICY_CHECK, denied_by
from bot.azure.signing_in import SignedIn
from bot.azure.writing import send_put
from bot.core.arm.document import GATEWAY_API_VERSION, Document
from bot.core.arm.environment_reader import EnvironmentDocuments
from bot.core.arm.gateway_reader import gateway_id_in
from bot.core.arm.health_reader import read_health, read_trial
from bot.core.arm.network_reader import read_network
from bot.core.arm.operations import Accepted, Listed, OperationState
from bot.core.arm.permissions import Grant
from bot.core.model.health import Health
from bot.core.model.load import Load
from bot.core.model.lock import Lock
from bot.core.model.network import GatewayNetwork
from bot.core.model.unavailable import Unavailable

T = TypeVar("T")

_NO_GATEWAY = Trouble(
    "unreadable",
    "Azure's answer is not the document of a gateway: it has no resource id of one",
    "Check the network, the proxy and AGW_ARM_URL.",
)


class ResourceManager:
    """One Resource Manager, used with one identity, or with two. Signs in at the first call; `close` it.

    Without `subscriptions`: all that the identity can see. `writer` is the client id of the identity that sends each
    PUT, and asks what would come of one; everything else, operations that a PUT began included, is read by the bot's
    own. Empty: there is only that one.

    Raises:
        Problem: `bad_setting`, for a URL that cannot be used.
    """

    def __init__(
        self, arm_url: str = PUBLIC_CLOUD, subscriptions: Iterable[str] = (), writer: str = ""
    ) -> None:
        endpoint = parse(arm_url)
        self._subscriptions = tuple(subscriptions)
        self._own = SignedIn(endpoint)
        self._writer = SignedIn(endpoint, writer) if writer else self._own
        self._who = WRITER if writer else OWN

    async def answers(self) -> None:
        """Ask the least that can be asked; CallFailed says why there was no answer, or which."""
        connection = await self._own.open(LIST_SUBSCRIPTIONS)
        await call_arm(connection.get(SUBSCRIPTIONS), LIST_SUBSCRIPTIONS)

    async def list_gateways(self, timeout: float = ALL_WITHIN) -> Listed:
        """Every application gateway of the subscriptions in use, as complete documents, as far as there is time."""
        call = Call("list the gateways", f"{ACTION}/read")
        deadline = Deadline(timeout)
        connection = await deadline(self._own.open(call))
        if isinstance(connection, Unavailable):
            raise CallFailed(call, Trouble("too_slow", connection.reason))
        return await gateways(connection, self._subscriptions, deadline.left)

    async def read(self, gateway_id: str) -> Document:
        """One gateway's document, whole, as ARM sends it; it has the resource id of one."""
        name = gateway_id_of(gateway_id).name
        call = Call(f"read gateway {name}", f"{ACTION}/read")
        connection = await self._own.open(call)
        # Not by the SDK's client, which makes a model of it on the event loop first.
        url = f"{gateway_id}?api-version={GATEWAY_API_VERSION}"
        found = await call_arm(connection.document(url), call)
        if gateway_id_in(found) is None:
            raise CallFailed(call, _NO_GATEWAY)
        return found

    async def health(self, gateway_id: str, timeout: float) -> Health:
        """What the gateway reports about its backends, within `timeout` seconds."""
        report = own_report(self._own, gateway_id)
        return await health_within(timeout, report, read_health)

    async def health_on_demand(self, gateway_id: str, trial: Document, timeout: float) -> Health:
        """What the gateway reports when it tries this probe now, within `timeout` seconds; changes nothing."""
        report = trial_report(self._own, gateway_id, trial)
        return await health_within(timeout, report, read_trial)

    async def gateway_network(
        self, gateway: Document, timeout: float
    ) -> GatewayNetwork | Unavailable:
        """The network around a gateway, as far as it can be read within `timeout` seconds; never raises."""
        call = Call("read the network around the gateway", "Microsoft.Network/virtualNetworks/read")

        async def look(connection: Connection) -> GatewayNetwork | Unavailable:
            return await aside(read_network, await network_documents(connection, gateway))

        return await self._optional(call, look, timeout)

    async def environments(
        self, gateway: Document, timeout: float
    ) -> tuple[EnvironmentDocuments | Unavailable, ...]:
        """The App Service Environments that may be pool members, read within `timeout` seconds.

        One entry for each subscription read; never raises.
        """
        call = Call("find App Service Environments", "Microsoft.Web/hostingEnvironments/read")
        deadline = Deadline(timeout)
        try:
            connection = await deadline(self._own.open(call))
        except CallFailed as failed:
            connection = Unavailable(failed.trouble.clause)
        if isinstance(connection, Unavailable):
            return (connection,)
        in_use = functools.partial(self._in_use, connection)
        return await environment_documents(connection, gateway, in_use, deadline)

    async def load(self, gateway: Document, until: datetime, timeout: float) -> Load | Unavailable:
        """A gateway's load in the hour before `until`, read within `timeout` seconds; never raises."""

        async def look(connection: Connection) -> Load | Unavailable:
            return await measured_load(connection, gateway, until)

        return await self._optional(METRICS_READ, look, timeout)

    async def grants(
        self, resource: str, timeout: float, *, to_write: bool = False
    ) -> tuple[Grant, ...] | Unavailable:
        """What the own or the writing identity may do with a resource, read within `timeout` seconds; never raises."""

        async def look(connection: Connection) -> tuple[Grant, ...] | Unavailable:
            return await own_grants(connection, resource)

        asked_by, who = (self._writer, self._who) if to_write else (self._own, OWN)
        return await self._optional(replace(PERMISSIONS_READ, who=who), look, timeout, asked_by)

    async def locks(self, gateway_id: str, timeout: float) -> tuple[Lock, ...] | Unavailable:
        """The locks that forbid to change a gateway, read within `timeout` seconds; never raises."""

        async def look(connection: Connection) -> tuple[Lock, ...] | Unavailable:
            return await locks_on(connection, gateway_id)

        return await self._optional(LOCKS_READ, look, timeout)

    async def policy_denials(
        self, gateway_id: str, planned: Document, timeout: float
    ) -> tuple[str, ...] | Unavailable:
        """The policy assignments that would deny a gateway as planned, within `timeout` seconds; never raises."""

        async def look(connection: Connection) -> tuple[str, ...] | Unavailable:
            return await denied_by(connection, gateway_id, planned)

        return await self._optional(POLICY_CHECK, look, timeout, self._writer)

    async def get_ready_to_put(self) -> None:
        """Import the library that sends it and sign in, if that has not been done yet; CallFailed if it cannot."""
        await network_library()
        await self._writer.open(Call("change a gateway", f"{ACTION}/write", self._who))

    async def put(self, gateway_id: str, document: Document, etag: str, client_id: str) -> Accepted:
        """Replace a gateway if it still has this etag. Exactly one PUT is sent, or none."""
        gateway = gateway_id_of(gateway_id)
        call = Call(f"change gateway {gateway.name}", f"{ACTION}/write", self._who)
        connection = await self._writer.open(call)
        return await send_put(connection, gateway, document, call, etag=etag, client_id=client_id)

    async def operation(self, url: str) -> OperationState:
        """Read the state of a long-running operation once; refuses a URL outside this Resource Manager."""
        call = Call("read the operation", "Microsoft.Network/locations/operations/read")
        connection = await self._own.open(call)
        found = await call_arm(connection.get(url), call)
        return operation_state(found.status, found.headers, found.body)

    async def close(self) -> None:
        """Close sessions and credentials."""
        await self._own.close()
        await self._writer.close()

    async def _in_use(self, connection: Connection) -> Sequence[str]:
        return self._subscriptions or await visible_subscriptions(connection)

    async def _optional(
        self,
        call: Call,
        look: Callable[[Connection], Awaitable[T]],
        timeout: float,
        asked_by: SignedIn | None = None,
    ) -> T | Unavailable:
        """Something that helps but is not needed; `Unavailable` with the reason if it cannot be read."""

        async def found() -> T | Unavailable:
            return await look(await (asked_by or self._own).open(call))

        try:
            return await Deadline(timeout)(found())
        except CallFailed as failed:
            return Unavailable(failed.trouble.clause)
