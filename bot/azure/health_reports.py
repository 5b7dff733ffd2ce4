"""Health reports: Azure has the gateway prepare one, and is asked until it is there."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from azure.core.pipeline import PipelineResponse

from bot.aside import aside
from bot.azure.connection import ArmAnswer, Connection, answer, as_json
from bot.azure.errors import arm_error, retry_after, trouble
from bot.azure.failures import Call, CallFailed, call_arm
from bot.azure.gateway_id import ACTION, gateway_id_of
from bot.azure.signing_in import SignedIn
from bot.core.arm.document import GATEWAY_API_VERSION, Document
from bot.core.model.health import Health, HealthNotKnown

PAUSE, LONGEST_PAUSE = 0.05, 2.0
"""Seconds between two polls of a health report that Azure is preparing, unless it says. It is asked for at once, so
that a report that is there is not waited for; then the pause begins with the first value and doubles up to the second.
"""


async def own_report(identity: SignedIn, gateway_id: str) -> object:
    """ARM's JSON of what the gateway reports about its backends; CallFailed if there is none."""

    async def begin(connection: Connection) -> ArmAnswer:
        return await connection.begin(
            f"{gateway_id}/backendhealth?api-version={GATEWAY_API_VERSION}"
        )

    return await _report(identity, gateway_id, "backendhealth", begin)


async def trial_report(identity: SignedIn, gateway_id: str, trial: Document) -> object:
    """ARM's JSON of what the gateway reports when it tries this probe now; CallFailed if there is none."""

    async def begin(connection: Connection) -> ArmAnswer:
        gateway = gateway_id_of(gateway_id)
        client = (await connection.network(gateway.subscription)).application_gateways
        answers: list[PipelineResponse[Any, Any]] = []
        body: Any = await aside(as_json, trial)
        await client.begin_backend_health_on_demand(
            gateway.group, gateway.name, body, polling=False, raw_response_hook=answers.append
        )
        return await answer(answers[-1].http_response)

    return await _report(identity, gateway_id, "getBackendHealthOnDemand", begin)


async def health_within(
    timeout: float, report: Awaitable[object], read: Callable[[object], Health]
) -> Health:
    """A report as it is read, within `timeout` seconds; else why the health is not known."""
    try:
        async with asyncio.timeout(timeout):
            return await aside(read, await report)
    except CallFailed as failed:
        return HealthNotKnown(failed.trouble.clause)
    except TimeoutError:
        return HealthNotKnown(f"Azure did not report it within {timeout:g} seconds")


async def _report(
    identity: SignedIn,
    gateway_id: str,
    action: str,
    begin: Callable[[Connection], Awaitable[ArmAnswer]],
) -> object:
    """ARM's JSON of a health report; preparing one takes the gateway some seconds."""
    name = gateway_id_of(gateway_id).name
    call = Call(f"read the backend health of gateway {name}", f"{ACTION}/{action}/action")
    connection = await identity.open(call)
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
