"""Resource Manager as the workflow needs it: documents in, documents out, `Problem` for what goes wrong.

No call here sends a PUT twice, and none takes longer than it says, whatever Azure does.
"""

import asyncio
import functools
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from azure.core.pipeline import PipelineResponse

from bot.aside import aside
from bot.azure.connection import ArmAnswer, Connection, answer, as_json, network_library
from bot.azure.deadline import Deadline
from bot.azure.endpoint import PUBLIC_CLOUD, parse
from bot.azure.environments import environment_documents
from bot.azure.errors import Trouble, arm_error, retry_after, trouble
from bot.azure.failures import (
    FORESEEN,
    Call,
    CallFailed,
    call_arm,
    explain_failure,
    explain_put_failure,
)
from bot.azure.listing import ALL_WITHIN, gateways, visible_subscriptions
from bot.azure.locks import LOCKS_READ, locks_on
from bot.azure.metrics import METRICS_READ, measured_load
from bot.azure.network import network_documents
from bot.azure.operations import accepted, operation_state
from bot.azure.permissions import PERMISSIONS_READ, own_grants
from bot.azure.policies import POLICY_CHECK, denied_by
from bot.core.arm.document import GATEWAY_API_VERSION, Document
from bot.core.arm.environment_reader import EnvironmentDocuments
from bot.core.arm.gateway_reader import gateway_id_in
from bot.core.arm.health_reader import read_health, read_trial
from bot.core.arm.network_reader import read_network
from bot.core.arm.operations import Accepted, Listed, OperationState
from bot.core.arm.permissions import Grant
from bot.core.model.health import Health, HealthNotKnown
from bot.core.model.load import Load
from bot.core.model.lock import Lock
from bot.core.model.network import GatewayNetwork
from bot.core.model.unavailable import Unavailable

SIGN_IN_WITHIN = 30.0
WRITE_WITHIN = 90.0
"""Seconds for the first token, and for ARM to accept a PUT."""

PAUSE, LONGEST_PAUSE = 0.05, 2.0
"""Seconds between two polls of a health report that Azure is preparing, unless it says. It is asked for at once, so
that a report that is there is not waited for; then the pause begins with the first value and doubles up to the second.
"""

T = TypeVar("T")

_Begin = Callable[[Connection], Awaitable[ArmAnswer]]
_ACTION = "Microsoft.Network/applicationGateways"
_NO_GATEWAY = Trouble(
    "unreadable",
    "Azure's answer is not the document of a gateway: it has no resource id of one",
    "Check the network, the proxy and AGW_ARM_URL.",
)
_ID = re.compile(
    r"/subscriptions/([-\w]+)/resourceGroups/([-\w.()]*[-\w()])"
    r"/providers/Microsoft\.Network/applicationGateways/([-\w.]*\w)",
    re.IGNORECASE,
)


class ResourceManager:
    """One Resource Manager, used with one identity. Signs in at the first call; `close` it.

    Without `subscriptions`: all that the identity can see.

    Raises:
        Problem: `bad_setting`, for a URL that cannot be used.
    """

    def __init__(self, arm_url: str = PUBLIC_CLOUD, subscriptions: Iterable[str] = ()) -> None:
        self._endpoint = parse(arm_url)
        self._subscriptions = tuple(subscriptions)
        self._opening = asyncio.Lock()
        self._connection: Connection | None = None
        self._signed_in = False

    async def list_gateways(self, timeout: float = ALL_WITHIN) -> Listed:
        """Every application gateway of the subscriptions in use, as complete documents, as far as there is time."""
        call = Call("list the gateways", f"{_ACTION}/read")
        deadline = Deadline(timeout)
        connection = await deadline(self._open(call))
        if isinstance(connection, Unavailable):
            raise CallFailed(call, Trouble("too_slow", connection.reason))
        return await gateways(connection, self._subscriptions, deadline.left)

    async def read(self, gateway_id: str) -> Document:
        """One gateway's document, whole, as ARM sends it; it has the resource id of one."""
        _, _, name = _parts(gateway_id)
        call = Call(f"read gateway {name}", f"{_ACTION}/read")
        connection = await self._open(call)
        # Not by the SDK's client, which makes a model of it on the event loop first.
        url = f"{gateway_id}?api-version={GATEWAY_API_VERSION}"
        found = await call_arm(connection.document(url), call)
        if gateway_id_in(found) is None:
            raise CallFailed(call, _NO_GATEWAY)
        return found

    async def health(self, gateway_id: str, timeout: float) -> Health:
        """What the gateway reports about its backends, within `timeout` seconds."""

        async def begin(connection: Connection) -> ArmAnswer:
            return await connection.begin(
                f"{gateway_id}/backendhealth?api-version={GATEWAY_API_VERSION}"
            )

        report = self._report(gateway_id, "backendhealth", begin)
        return await _within(timeout, report, read_health)

    async def health_on_demand(self, gateway_id: str, trial: Document, timeout: float) -> Health:
        """What the gateway reports when it tries this probe now, within `timeout` seconds; changes nothing."""

        async def begin(connection: Connection) -> ArmAnswer:
            return await _begin_trial(connection, gateway_id, trial)

        report = self._report(gateway_id, "getBackendHealthOnDemand", begin)
        return await _within(timeout, report, read_trial)

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
            connection = await deadline(self._open(call))
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

    async def grants(self, resource: str, timeout: float) -> tuple[Grant, ...] | Unavailable:
        """What the bot's identity may do with a resource, read within `timeout` seconds; never raises."""

        async def look(connection: Connection) -> tuple[Grant, ...] | Unavailable:
            return await own_grants(connection, resource)

        return await self._optional(PERMISSIONS_READ, look, timeout)

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

        return await self._optional(POLICY_CHECK, look, timeout)

    async def get_ready_to_put(self) -> None:
        """Import the library that sends it, if that has not been done yet."""
        await network_library()

    async def put(self, gateway_id: str, document: Document, etag: str, client_id: str) -> Accepted:
        """Replace a gateway if it still has this etag. Exactly one PUT is sent, or none."""
        subscription, group, name = _parts(gateway_id)
        call = Call(f"change gateway {name}", f"{_ACTION}/write")
        client = (await (await self._open(call)).network(subscription)).application_gateways
        body: Any = await aside(as_json, document)
        answers: list[PipelineResponse[Any, Any]] = []
        try:
            async with asyncio.timeout(WRITE_WITHIN):
                await client.begin_create_or_update(
                    group,
                    name,
                    body,
                    headers={"If-Match": etag, "x-ms-client-request-id": client_id},
                    polling=False,
                    retry_total=0,
                    read_timeout=WRITE_WITHIN,
                    raw_response_hook=answers.append,
                )
        except FORESEEN as error:
            # Once ARM has accepted the PUT, the rest of its response does not matter.
            if not answers or answers[-1].http_response.status_code >= 300:
                raise CallFailed(call, explain_put_failure(error, call)) from error
        return accepted(answers[-1].http_response.headers)

    async def operation(self, url: str) -> OperationState:
        """Read the state of a long-running operation once; refuses a URL outside this Resource Manager."""
        call = Call("read the operation", "Microsoft.Network/locations/operations/read")
        connection = await self._open(call)
        found = await call_arm(connection.get(url), call)
        return operation_state(found.status, found.headers, found.body)

    async def close(self) -> None:
        """Close the session and the credential."""
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

    async def _in_use(self, connection: Connection) -> Sequence[str]:
        return self._subscriptions or await visible_subscriptions(connection)

    async def _open(self, call: Call) -> Connection:
        async with self._opening:
            if self._connection is None:
                self._connection = Connection(self._endpoint)
                self._signed_in = False
            if not self._signed_in:
                await _sign_in(self._connection, call)
                self._signed_in = True
            return self._connection

    async def _optional(
        self, call: Call, look: Callable[[Connection], Awaitable[T]], timeout: float
    ) -> T | Unavailable:
        """Something that helps but is not needed; `Unavailable` with the reason if it cannot be read."""

        async def found() -> T | Unavailable:
            return await look(await self._open(call))

        try:
            return await Deadline(timeout)(found())
        except CallFailed as failed:
            return Unavailable(failed.trouble.clause)

    async def _report(self, gateway_id: str, action: str, begin: _Begin) -> object:
        """ARM's JSON of a health report; preparing one takes the gateway some seconds."""
        _, _, name = _parts(gateway_id)
        call = Call(f"read the backend health of gateway {name}", f"{_ACTION}/{action}/action")
        connection = await self._open(call)
        found = await call_arm(begin(connection), call)
        location, pause = found.headers.get("Location"), 0.0
        while found.status == 202 and location:
            await asyncio.sleep(max(pause, retry_after(found.headers, pause)))
            pause = min(max(2 * pause, PAUSE), LONGEST_PAUSE)
            found = await call_arm(connection.get(location), call)
        error = arm_error(found.body)
        if error is not None:
            raise CallFailed(call, trouble(found.status, error, call.action))
        return found.body


async def _sign_in(connection: Connection, call: Call) -> None:
    try:
        async with asyncio.timeout(SIGN_IN_WITHIN):
            await connection.sign_in()
    except TimeoutError as error:
        late = Trouble("signin", f"signing in took more than {SIGN_IN_WITHIN:g} seconds")
        raise CallFailed(call, late) from error
    except FORESEEN as error:
        raise CallFailed(call, explain_failure(error, call)) from error


async def _begin_trial(connection: Connection, gateway_id: str, trial: Document) -> ArmAnswer:
    subscription, group, name = _parts(gateway_id)
    client = (await connection.network(subscription)).application_gateways
    answers: list[PipelineResponse[Any, Any]] = []
    body: Any = await aside(as_json, trial)
    await client.begin_backend_health_on_demand(
        group, name, body, polling=False, raw_response_hook=answers.append
    )
    return await answer(answers[-1].http_response)


async def _within(
    timeout: float, report: Awaitable[object], read: Callable[[object], Health]
) -> Health:
    try:
        async with asyncio.timeout(timeout):
            return await aside(read, await report)
    except CallFailed as failed:
        return HealthNotKnown(failed.trouble.clause)
    except TimeoutError:
        return HealthNotKnown(f"Azure did not report it within {timeout:g} seconds")


def _parts(gateway_id: str) -> tuple[str, str, str]:
    found = _ID.fullmatch(gateway_id)
    if found is None:
        wrong = Trouble("not_found", f"{gateway_id!r} is not an application gateway's resource id")
        raise CallFailed(Call("find the gateway", f"{_ACTION}/read"), wrong)
    return found[1], found[2], found[3]
