"""The lab's Azure with short times, and Microsoft's own client for it."""

import json
import time
from collections.abc import (
    AsyncIterator,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Protocol

import pytest
from azure.core.credentials import AccessToken
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import HttpResponseError
from azure.core.pipeline import PipelineRequest
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.mgmt.network.aio import NetworkManagementClient

from bot.lab.azure import AzureLab, Options
from bot.lab.backends import Backends, BackendSpec
from bot.lab.guard import loopback_only
from bot.lab.values import Json
from tests.lab.azure.world import SUBSCRIPTION

FAST = Options(put_seconds=0.05, health_seconds=0.02, retry_after=0, least_timeout=5.0)


class Token(AsyncTokenCredential):
    """Any token will do."""

    async def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        return AccessToken("lab", int(time.time()) + 3600)

    async def close(self) -> None:
        pass

    async def __aexit__(self, *_: object) -> None:
        pass


class PlainHttp(SansIOHTTPPolicy[Any, Any]):
    """Lets a bearer token go over http, which the client refuses by itself."""

    def on_request(self, request: PipelineRequest[Any]) -> None:
        request.context.options["enforce_https"] = False


@dataclass(frozen=True, slots=True)
class Lab:
    """A running Azure, its backends, and the client's operations on gateways.

    `raw` as `cls` of an operation gives the JSON as it came.
    """

    azure: AzureLab
    backends: Backends
    client: NetworkManagementClient

    @property
    def gateways(self) -> Any:
        return self.client.application_gateways

    async def get(self, group: str, name: str) -> Json:
        document: Json = await self.gateways.get(group, name, cls=raw)
        return document

    async def put(self, document: Json, **headers: str) -> Json:
        """PUT a document, and wait for its end; a header is named with _ for -."""
        poller = await self.begin_put(document, **headers)
        await poller.result()
        return await self.get(*_group_and_name(document))

    async def begin_put(self, document: Json, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        body = json.dumps(document).encode()
        group, name = _group_and_name(document)
        return await self.gateways.begin_create_or_update(
            group, name, body, headers=named, retry_total=0, polling_interval=0.01
        )

    async def health(self, group: str, name: str, **options: Any) -> Json:
        poller = await self.gateways.begin_backend_health(
            group, name, polling_interval=0.01, **options
        )
        report: Json = (await poller.result()).as_dict()
        return report


def code_of(error: HttpResponseError) -> str:
    """The code of Resource Manager's error."""
    assert error.error is not None
    assert error.error.code is not None
    return error.error.code


def detail_of(error: HttpResponseError) -> str:
    """The code of the first detail, where the service says what it really was."""
    assert error.error is not None
    return str(error.error.details[0].code)


def raw(response: Any, _: Any, __: Any) -> Any:
    return response.http_response.json()


def _group_and_name(document: Json) -> tuple[str, str]:
    words = document["id"].split("/")
    return words[4], words[8]


class OpenLab(Protocol):
    def __call__(
        self,
        gateways: Iterable[Json],
        backends: Iterable[BackendSpec] = (),
        dns: Mapping[str, Sequence[str]] | None = None,
        **options: Any,
    ) -> AbstractAsyncContextManager[Lab]: ...


@pytest.fixture(autouse=True)
def only_loopback() -> Iterator[None]:
    with loopback_only():
        yield


@pytest.fixture
def open_lab() -> OpenLab:
    @asynccontextmanager
    async def open_one(
        gateways: Iterable[Json],
        backends: Iterable[BackendSpec] = (),
        dns: Mapping[str, Sequence[str]] | None = None,
        **options: Any,
    ) -> AsyncIterator[Lab]:
        async with (
            Backends.open(backends) as running,
            AzureLab.open(gateways, running, dns, replace(FAST, **options)) as azure,
            NetworkManagementClient(
                Token(), SUBSCRIPTION, base_url=azure.url, per_call_policies=[PlainHttp()]
            ) as client,
        ):
            yield Lab(azure, running, client)

    return open_one
