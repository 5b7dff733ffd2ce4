"""The one call that changes a gateway."""

import asyncio
from typing import Any

from azure.core.pipeline import PipelineResponse

from bot.aside import aside
from bot.azure.connection import Connection, as_json
from bot.azure.failures import FORESEEN, Call, CallFailed, explain_put_failure
from bot.azure.gateway_id import GatewayId
from bot.azure.operations import accepted
from bot.core.arm.document import Document
from bot.core.arm.operations import Accepted

WRITE_WITHIN = 90.0
"""Seconds for ARM to accept a PUT."""


async def send_put(
    connection: Connection,
    gateway: GatewayId,
    document: Document,
    call: Call,
    *,
    etag: str,
    client_id: str,
) -> Accepted:
    """Replace a gateway if it still has this etag. Exactly one PUT is sent, or none; CallFailed if it is refused."""
    client = (await connection.network(gateway.subscription)).application_gateways
    body: Any = await aside(as_json, document)
    answers: list[PipelineResponse[Any, Any]] = []
    try:
        async with asyncio.timeout(WRITE_WITHIN):
            await client.begin_create_or_update(
                gateway.group,
                gateway.name,
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
