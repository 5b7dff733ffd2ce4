"""All backend servers of a scenario, and the map that leads to them."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from bot.lab.backends.server import BackendServer
from bot.lab.backends.spec import BackendSpec
from bot.lab.values import Endpoint


class Backends:
    """Running servers, found by the address and port that the scenario gave them."""

    def __init__(self, servers: Mapping[Endpoint, BackendServer]) -> None:
        self._servers = dict(servers)

    @classmethod
    @asynccontextmanager
    async def open(cls, specs: Iterable[BackendSpec]) -> AsyncIterator["Backends"]:
        """Start a server for each spec; stop them all at the end."""
        servers = {(spec.address, spec.port): BackendServer(spec) for spec in specs}
        async with AsyncExitStack() as stack:
            for server in servers.values():
                await server.start()
                stack.push_async_callback(server.close)
            yield cls(servers)

    @property
    def connect_to(self) -> dict[Endpoint, Endpoint]:
        """Where a connection for (address, port) is sent instead."""
        return {endpoint: ("127.0.0.1", server.port) for endpoint, server in self._servers.items()}

    def at(self, address: str, port: int = 443) -> BackendServer:
        """The server at this address; KeyError if the scenario has none."""
        return self._servers[address, port]
