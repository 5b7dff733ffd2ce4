"""How requests are sent to Resource Manager: one session, one token, a few retries for reads, none for writes."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import aiohttp
from azure.core import AsyncPipelineClient
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import HttpResponseError
from azure.core.pipeline import AsyncPipeline, PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import (
    AsyncRetryPolicy,
    CustomHookPolicy,
    RequestIdPolicy,
    SansIOHTTPPolicy,
    UserAgentPolicy,
)
from azure.core.pipeline.transport import AioHttpTransport
from azure.core.rest import AsyncHttpResponse, HttpRequest
from azure.mgmt.core.policies import ARMHttpLoggingPolicy, AsyncARMChallengeAuthenticationPolicy

from bot.aside import aside
from bot.azure.bounded import AT_ONCE, BoundedResponse, parsed
from bot.azure.credentials import credential
from bot.azure.endpoint import ArmEndpoint
from bot.azure.errors import retry_after
from bot.azure.failures import ForeignAddress
from bot.azure.measured import Measured
from bot.core.arm.document import Document, document_of

if TYPE_CHECKING:
    from azure.mgmt.network.aio import NetworkManagementClient

T = TypeVar("T")

CONNECT_WITHIN = 3.0
ANSWER_WITHIN = 8.0
WAIT_AT_MOST = 2.0
"""Seconds: to connect, between two bytes of a response, and the longest Retry-After that is waited for."""


@dataclass(frozen=True, slots=True)
class ArmAnswer:
    """A response that was read completely; `body` is its JSON, None if it has none, and `size` the bytes of that."""

    status: int
    headers: Mapping[str, str]
    body: Any
    size: int = 0

    async def read_by(self, reader: Callable[..., T], *more: object) -> T:
        """What `reader` makes of the body; beside the event loop, if that is long."""
        if self.size <= AT_ONCE:
            return reader(self.body, *more)
        return await aside(reader, self.body, *more)


async def answer(response: AsyncHttpResponse) -> ArmAnswer:
    """The answer in a completed response; NotReadable if it is not JSON."""
    content = response.content
    body = await parsed(content)
    return ArmAnswer(response.status_code, response.headers, body, len(content))


async def network_library() -> Any:
    """azure-mgmt-network, imported when the first gateway is changed, and beside the event loop.

    It takes half a second and 43 MB, which a diagnosis can do without.
    """
    return await aside(import_module, "azure.mgmt.network.aio")


def as_json(document: Document) -> bytes:
    """Written part by part: at once, no other thread would run meanwhile."""
    return "".join(json.JSONEncoder().iterencode(document)).encode()


class Connection:
    """Clients that share one pipeline and one identity: the bot's own, or the one with this client id.

    Create it inside the event loop, and `close` it.
    """

    def __init__(self, endpoint: ArmEndpoint, client_id: str = "") -> None:
        self._endpoint = endpoint
        self._credential = credential(endpoint, client_id)
        self._pipeline = AsyncPipeline(_transport(endpoint), _policies(endpoint, self._credential))
        self._networks: dict[str, NetworkManagementClient] = {}
        # For everything that does not change a gateway.
        self._arm: AsyncPipelineClient[HttpRequest, AsyncHttpResponse] = AsyncPipelineClient(
            endpoint.url, pipeline=self._pipeline
        )

    async def network(self, subscription: str) -> "NetworkManagementClient":
        """The client of one subscription."""
        if subscription not in self._networks:
            library = await network_library()
            self._networks[subscription] = library.NetworkManagementClient(
                self._credential,
                subscription,
                base_url=self._endpoint.url,
                pipeline=self._pipeline,
            )
        return self._networks[subscription]

    def whole(self, url: str) -> str:
        """A URL that ARM returned, or a path of it, as a URL."""
        return self._arm.format_url(url)

    async def get(self, url: str) -> ArmAnswer:
        """GET a URL that ARM returned, or a path of it; HttpResponseError unless it succeeds."""
        return await self._ask("GET", url)

    async def begin(self, url: str, body: Document | None = None) -> ArmAnswer:
        """POST a path that begins or asks something; HttpResponseError unless it succeeds."""
        return await self._ask("POST", url, None if body is None else await aside(as_json, body))

    async def document(self, url: str) -> Document:
        """GET what has to be an object; as `get`, and NotReadable if it is none."""
        return document_of((await self.get(url)).body)

    async def _ask(self, method: str, url: str, body: bytes | None = None) -> ArmAnswer:
        headers = {} if body is None else {"Content-Type": "application/json"}
        request = HttpRequest(method, self.whole(url), content=body, headers=headers)
        response = await self._arm.send_request(request)
        if response.status_code not in (200, 202, 204):
            raise HttpResponseError(response=response)
        return await answer(response)

    async def sign_in(self) -> None:
        """Get the first token. Separate from the calls, because finding a way to sign in can take long."""
        await self._credential.get_token(self._endpoint.scope)

    async def close(self) -> None:
        await self._pipeline.__aexit__()
        await self._credential.close()


class _StayHome(SansIOHTTPPolicy[Any, Any]):
    """Refuses every URL outside the endpoint, wherever it came from: nextLink, Location, the store.

    azure-core on its own sends its token to any of them, but never over http, which loopback needs.
    """

    def __init__(self, endpoint: ArmEndpoint) -> None:
        super().__init__()
        self._endpoint = endpoint

    def on_request(self, request: PipelineRequest[Any]) -> None:
        url: str = request.http_request.url
        if not self._endpoint.owns(url):
            # Not the whole URL: an operation's URL is signed.
            raise ForeignAddress(urlsplit(url).hostname)
        if self._endpoint.is_plain:
            request.context.options["enforce_https"] = False


class _ShortPatience(AsyncRetryPolicy[Any, Any]):
    """azure-core's retries, except that a response asking for a long wait is returned at once."""

    def is_retry(self, settings: dict[str, Any], response: PipelineResponse[Any, Any]) -> bool:
        headers = response.http_response.headers
        wait = retry_after(headers, float("inf") if "Retry-After" in headers else 0.0)
        return wait <= WAIT_AT_MOST and super().is_retry(settings, response)


def _policies(endpoint: ArmEndpoint, identity: AsyncTokenCredential) -> list[Any]:
    """The SDK's own list without three policies: redirects are not followed, resource providers are not registered, and
    JSON is not parsed on the event loop, but in `answer`.

    Registering one after a 409 would change the subscription in the middle of a diagnosis.
    """
    return [
        RequestIdPolicy(),
        UserAgentPolicy("agw"),
        CustomHookPolicy(),
        _StayHome(endpoint),
        # A response that does not come is not waited for twice (retry_read).
        _ShortPatience(
            retry_total=2,
            retry_connect=1,
            retry_read=0,
            retry_status=2,
            retry_backoff_factor=0.2,
        ),
        AsyncARMChallengeAuthenticationPolicy(identity, endpoint.scope),
        Measured(),
        ARMHttpLoggingPolicy(),
    ]


def _transport(endpoint: ArmEndpoint) -> AioHttpTransport:
    session = aiohttp.ClientSession(
        # A PUT must not use a pooled connection that Azure may be about to close.
        connector=aiohttp.TCPConnector(force_close=True),
        cookie_jar=aiohttp.DummyCookieJar(),
        # Unpacked within bounds, by the response itself.
        auto_decompress=False,
        response_class=BoundedResponse,
        # A proxy from the environment is for addresses outside this machine.
        trust_env=not endpoint.is_plain,
        middlewares=(_put_once,),
    )
    return AioHttpTransport(
        session=session, connection_timeout=CONNECT_WITHIN, read_timeout=ANSWER_WITHIN
    )


async def _put_once(
    request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Keep aiohttp from sending a PUT a second time when the connection breaks before a response.

    aiohttp resends idempotent requests unless it does not know the error:
    https://github.com/aio-libs/aiohttp/issues/10790. To azure-core, this error means: sent, not answered.
    """
    try:
        return await send(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        if request.method != "PUT":
            raise
        raise aiohttp.ClientResponseError(
            request.request_info, (), message="the connection broke before an answer came"
        ) from error
