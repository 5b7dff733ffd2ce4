"""A connection as one identity, opened and signed in at the first call that needs it."""

import asyncio

from bot.azure.connection import Connection
from bot.azure.endpoint import ArmEndpoint
from bot.azure.errors import Trouble
from bot.azure.failures import FORESEEN, Call, CallFailed, explain_failure

SIGN_IN_WITHIN = 30.0
"""Seconds for the first token."""


class SignedIn:
    """The bot's own identity, or the one with this client id."""

    def __init__(self, endpoint: ArmEndpoint, client_id: str = "") -> None:
        self._endpoint = endpoint
        self._client_id = client_id
        self._opening = asyncio.Lock()
        self._connection: Connection | None = None
        self._signed_in = False

    async def open(self, call: Call) -> Connection:
        """The connection; CallFailed for this call if there is no token."""
        async with self._opening:
            if self._connection is None:
                self._connection = Connection(self._endpoint, self._client_id)
                self._signed_in = False
            if not self._signed_in:
                await _sign_in(self._connection, call)
                self._signed_in = True
            return self._connection

    async def close(self) -> None:
        """Close session and credential, if they are open."""
        if self._connection is not None:
            await self._connection.close()
            self._connection = None


async def _sign_in(connection: Connection, call: Call) -> None:
    try:
        async with asyncio.timeout(SIGN_IN_WITHIN):
            await connection.sign_in()
    except TimeoutError as error:
        late = Trouble("signin", f"signing in took more than {SIGN_IN_WITHIN:g} seconds")
        raise CallFailed(call, late) from error
    except FORESEEN as error:
        raise CallFailed(call, explain_failure(error, call)) from error
