"""Nothing but loopback, and one helper that opens a single server."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

import pytest

from bot.lab.backends import Backends, BackendServer, BackendSpec
from bot.lab.guard import loopback_only


class OpenServer(Protocol):
    def __call__(self, spec: BackendSpec) -> AbstractAsyncContextManager[BackendServer]: ...


@pytest.fixture(autouse=True)
def only_loopback() -> Iterator[None]:
    with loopback_only():
        yield


@pytest.fixture
def open_server() -> OpenServer:
    @asynccontextmanager
    async def open_one(spec: BackendSpec) -> AsyncIterator[BackendServer]:
        async with Backends.open([spec]) as backends:
            yield backends.at(spec.address, spec.port)

    return open_one
