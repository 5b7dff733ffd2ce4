"""Each call to Resource Manager is measured, one attempt at a time: what it was about, its answer, how long it took."""

import asyncio
import re
import time
from typing import Any
from urllib.parse import urlsplit

from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import AsyncHTTPPolicy

from bot.telemetry import (
    ARM_CALLS,
    ARM_SECONDS,
    CANCELLED,
    NO_ANSWER,
    OTHER,
    REACHABLE,
    record,
    span,
)

_ABOUT = (
    (r"/operation(result)?s/", "operations"),
    (r"/backendhealth$|/getbackendhealthondemand$", "backend_health"),
    (r"/microsoft\.authorization/permissions$", "permissions"),
    (r"/microsoft\.authorization/locks$", "locks"),
    (r"/microsoft\.policyinsights/", "policies"),
    (r"/microsoft\.insights/metrics$", "metrics"),
    (r"/microsoft\.web/", "environments"),
    (r"/microsoft\.network/applicationgateways(/[^/]+)?$", "gateways"),
    (r"/microsoft\.network/", "network"),
    (r"^/subscriptions(/[^/]+)?$", "subscriptions"),
)
"""What the end of a path says it is about; the first that fits. Whole paths name gateways, so they are no labels."""


class Measured(AsyncHTTPPolicy[Any, Any]):
    """The last policy before the call is sent: signing in is no part of it, and a retry is another call."""

    async def send(self, request: PipelineRequest[Any]) -> PipelineResponse[Any, Any]:
        """Measures; changes nothing."""
        asked = request.http_request
        kind = about(asked.url)
        status, began = NO_ANSWER, time.perf_counter()
        with span(f"ARM {kind}", method=asked.method) as told:
            try:
                response = await self.next.send(request)
                got = response.http_response
                status = str(got.status_code)
                told.tell("status", got.status_code)
                told.tell("correlation", got.headers.get("x-ms-correlation-request-id"))
                return response
            except asyncio.CancelledError:
                # Whoever asked no longer wanted to know, which says nothing about Azure.
                status = CANCELLED
                raise
            finally:
                record(ARM_CALLS, about=kind, method=asked.method, status=status)
                record(ARM_SECONDS, time.perf_counter() - began, about=kind)
                if status != CANCELLED:
                    record(REACHABLE, float(status != NO_ANSWER and status < "5"), what="azure")


def about(url: str) -> str:
    """What a call is about, one of a few words."""
    path = urlsplit(url).path.lower().rstrip("/")
    return next((kind for shape, kind in _ABOUT if re.search(shape, path)), OTHER)
