"""Resource Manager's HTTP layer: token, api-version, headers, and what goes wrong there."""

import asyncio
import json
import re
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from aiohttp import web

from bot.lab.azure.calls import Call, Reply
from bot.lab.azure.document import GatewayId
from bot.lab.azure.errors import ArmError, Refused, bad_request
from bot.lab.azure.faults import (
    ANY_ACTION,
    CarryOutLater,
    Down,
    Effect,
    Faults,
    LoseAnswer,
    Refuse,
    Wait,
)
from bot.lab.azure.permissions import Permissions
from bot.lab.azure.routes import Route

_API_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(-preview)?")


@dataclass(slots=True)
class Recorded:
    """A request as it arrived.

    `action` is the permission it needs. `status` is None until it is answered, and stays None if
    the connection was cut instead.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: object = None
    action: str = ANY_ACTION
    status: int | None = None


class Bucket:
    """The token bucket behind x-ms-ratelimit-remaining-subscription-*; it counts but never refuses.

    https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
    """

    def __init__(self, size: float, refill_per_second: float) -> None:
        self._size, self._refill = size, refill_per_second
        self._left, self._at = size, time.monotonic()

    def take(self) -> int:
        now = time.monotonic()
        self._left = min(self._size, self._left + (now - self._at) * self._refill)
        self._left, self._at = max(0.0, self._left - 1), now
        return int(self._left)


class ArmServer:
    """One aiohttp handler for everything; `requests` is the record, oldest first."""

    def __init__(
        self,
        routes: Sequence[Route],
        faults: Faults,
        permissions: Permissions,
        answered: Callable[[Recorded], None],
    ) -> None:
        self.requests: list[Recorded] = []
        self._routes = routes
        self._faults = faults
        self._permissions = permissions
        self._answered = answered
        self._reads, self._writes = Bucket(250, 25), Bucket(200, 10)

    def application(self) -> web.Application:
        application = web.Application(client_max_size=4 * 1024 * 1024)
        application.router.add_route("*", "/{path:.*}", self._handle)
        return application

    async def _handle(self, request: web.Request) -> web.Response:
        recorded = Recorded(
            request.method, request.path, dict(request.query), dict(request.headers)
        )
        self.requests.append(recorded)
        try:
            reply = await self._answer(request, recorded)
        except Refused as refused:
            reply = _error_reply(refused.error)
        if reply is None:
            if request.transport:
                request.transport.abort()
            return web.Response(status=500)
        recorded.status = reply.status
        self._answered(recorded)
        headers = {**self._common_headers(request), **reply.headers}
        return web.Response(
            status=reply.status, text=reply.text, headers=headers, content_type="application/json"
        )

    async def _answer(self, request: web.Request, recorded: Recorded) -> Reply | None:
        """The reply; None: the connection is cut instead."""
        route, words = self._find(request)
        gateway_id = None
        if route and "name" in words:
            gateway_id = GatewayId(words["subscription"], words["group"], words["name"])
        recorded.action = route.action if route else ANY_ACTION
        subscription = words.get("subscription", "")
        effects = self._faults.strike(recorded.action, gateway_id, subscription)
        if any(isinstance(each, Down) for each in effects):
            return None
        await asyncio.sleep(sum(each.seconds for each in effects if isinstance(each, Wait)))
        recorded.body = await _body(request)
        token = _token(request)
        _check_version(request)
        if route is None:
            raise _no_route(request, self._routes)
        self._permissions.check(token, route.action, str(gateway_id or request.path))
        _refuse(effects, route.action, str(gateway_id or request.path))
        try:
            reply = await route.handler(_call(request, recorded.body, words, effects))
        except Refused:
            if any(isinstance(each, CarryOutLater) and each.cut for each in effects):
                return None
            raise
        if any(isinstance(each, LoseAnswer) for each in effects):
            return None
        return reply

    def _find(self, request: web.Request) -> tuple[Route | None, dict[str, str]]:
        for route in self._routes:
            found = route.path.fullmatch(request.path)
            if found and route.method == request.method:
                return route, found.groupdict()
        return None, {}

    def _common_headers(self, request: web.Request) -> dict[str, str]:
        own = str(uuid.uuid4())
        correlation = request.headers.get("x-ms-correlation-request-id", own)
        headers = {
            "Cache-Control": "no-cache",
            "x-ms-request-id": own,
            "x-ms-correlation-request-id": correlation,
            "x-ms-routing-request-id": f"LAB:{own}",
        }
        client = request.headers.get("x-ms-client-request-id")
        if client:
            headers["x-ms-client-request-id"] = client
        if request.method == "GET":
            headers["x-ms-ratelimit-remaining-subscription-reads"] = str(self._reads.take())
        else:
            headers["x-ms-ratelimit-remaining-subscription-writes"] = str(self._writes.take())
        return headers


def _call(
    request: web.Request, body: object, words: Mapping[str, str], effects: Sequence[Effect]
) -> Call:
    return Call(
        words={**words, "path": request.path},
        query=request.query,
        base=f"{request.scheme}://{request.host}",
        body=body,
        if_match=request.headers.get("If-Match"),
        effects=effects,
        token=_token(request),
    )


async def _body(request: web.Request) -> object:
    text = await request.text()
    if not text:
        return None
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        message = f"The request content was invalid and could not be deserialized: '{error}'."
        raise bad_request("InvalidRequestContent", message) from error


def _token(request: web.Request) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        message = "Authentication failed. The 'Authorization' header is missing."
        raise Refused(ArmError(401, "AuthenticationFailed", message))
    return token.strip()


def _check_version(request: web.Request) -> None:
    version = request.query.get("api-version")
    if not version:
        message = "The api-version query parameter (?api-version=) is required for all requests."
        raise bad_request("MissingApiVersionParameter", message)
    if not _API_VERSION.fullmatch(version):
        message = f"The api-version '{version}' is invalid. The format is 'yyyy-mm-dd'."
        raise bad_request("InvalidApiVersionParameter", message)


def _no_route(request: web.Request, routes: Sequence[Route]) -> Refused:
    if any(route.path.fullmatch(request.path) for route in routes):
        message = f"The HTTP method '{request.method}' is not supported at this path."
        return Refused(ArmError(405, "HttpMethodNotAllowed", message))
    message = f"No resource type was found for the path '{request.path}'."
    return Refused(ArmError(404, "InvalidResourceType", message))


def _refuse(effects: Sequence[Effect], action: str, scope: str) -> None:
    for effect in effects:
        if isinstance(effect, Refuse):
            message = effect.error.message.replace("{action}", action).replace("{scope}", scope)
            raise Refused(replace(effect.error, message=message))


def _error_reply(error: ArmError) -> Reply:
    headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer authorization_uri="https://login.windows.net/"'
    return Reply(error.status, json.dumps(error.body()), headers)
