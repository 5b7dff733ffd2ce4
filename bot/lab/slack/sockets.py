"""Socket Mode: the app's WebSockets, and the envelopes that travel on them.

https://docs.slack.dev/apis/events-api/using-socket-mode. Each payload goes to one connection, and
Slack does not promise which. Here they take turns, which is what most quickly breaks a bot that
keeps state in one replica's memory.
"""

import asyncio
import json
import secrets
import uuid
from dataclasses import dataclass

from aiohttp import WSCloseCode, WSMsgType, web

from bot.lab.slack.changes import Changes
from bot.lab.slack.faults import Faults
from bot.lab.slack.roster import APP_ID
from bot.lab.slack.values import Ack, Limits, Payload
from bot.lab.values import Json


@dataclass(frozen=True, slots=True)
class _Connection:
    socket: web.WebSocketResponse
    transport: asyncio.Transport | None


class Sockets:
    """The open connections of the app."""

    def __init__(self, limits: Limits, changes: Changes, faults: Faults) -> None:
        self._limits = limits
        self._changes = changes
        self._faults = faults
        self._tickets: set[str] = set()
        self._open: list[_Connection] = []
        self._turn = 0
        self.sent: list[tuple[int, str]] = []
        """What people caused: to which connection it was sent, in the order of those, and its kind."""
        self._waiting: dict[str, asyncio.Future[Json | None]] = {}

    def __len__(self) -> int:
        return len(self._alive())

    def issue_ticket(self) -> str:
        """A one-time key for a connection, as `apps.connections.open` puts it into its URL."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """The route of the WebSocket: greet, then take acknowledgements until it closes."""
        ticket = request.match_info["ticket"]
        if ticket not in self._tickets:
            raise web.HTTPForbidden(text="This address was used before, or never given out.")
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self._open) >= self._limits.sockets:
            await self._disconnect(socket, "too_many_websockets")
            return socket
        connection = _Connection(socket, request.transport)
        self._open.append(connection)
        try:
            await socket.send_json(_hello(len(self._open)))
            self._announce()
            await self._receive(socket)
        finally:
            self._open.remove(connection)
            self._announce()
        return socket

    async def deliver(self, payload: Payload) -> Ack:
        """Send to one connection and wait for its acknowledgement."""
        socket = self._choose(payload)
        if socket is None:
            return Ack(error="dispatch_failed")
        envelope_id = str(uuid.uuid4())
        answer = self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self._limits.ack):
                await socket.send_json(_envelope(envelope_id, payload))
                return Ack(payload=await answer)
        except (TimeoutError, ConnectionError):
            return Ack(error="operation_timeout")
        finally:
            del self._waiting[envelope_id]

    async def disconnect(self, reason: str = "refresh_requested", index: int | None = None) -> None:
        """Ask one connection, or all, to go: Slack does so every few hours.

        `reason` is `warning`, `refresh_requested` or `link_disabled`.
        """
        for connection in self._open[:] if index is None else [self._open[index]]:
            await self._disconnect(connection.socket, reason)

    def cut(self, index: int = 0) -> None:
        """Break a connection without warning, as a failing network does."""
        transport = self._open[index].transport
        if transport is not None:
            transport.abort()

    async def close(self) -> None:
        """Close every connection, as the end of the server does."""
        for connection in self._open[:]:
            await connection.socket.close(code=WSCloseCode.GOING_AWAY)

    def _choose(self, payload: Payload) -> web.WebSocketResponse | None:
        wanted = self._faults.take_socket() if payload.by_person else None
        alive = self._alive()
        if not alive:
            return None
        self._turn += 1
        number = (self._turn if wanted is None else wanted) % len(alive)
        if payload.by_person:
            self.sent.append((number, payload.kind))
        return alive[number].socket

    def _alive(self) -> list[_Connection]:
        """Without those that have said farewell, and are only not yet taken off the list."""
        return [it for it in self._open if not it.socket.closed]

    async def _receive(self, socket: web.WebSocketResponse) -> None:
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self._acknowledge(json.loads(message.data))

    def _acknowledge(self, answer: Json) -> None:
        """Record an answer. One that is late, or names an unknown envelope, changes nothing."""
        waiting = self._waiting.get(answer.get("envelope_id", ""))
        if waiting is not None and not waiting.done():
            waiting.set_result(answer.get("payload"))

    async def _disconnect(self, socket: web.WebSocketResponse, reason: str) -> None:
        await socket.send_json(
            {"type": "disconnect", "reason": reason, "debug_info": {"host": "lab"}}
        )
        if reason != "warning":
            await socket.close()

    def _announce(self) -> None:
        self._changes.publish({"type": "connected", "connected": bool(self._open)})


def _hello(connections: int) -> Json:
    return {
        "type": "hello",
        "num_connections": connections,
        "debug_info": {"host": "lab", "build_number": 1, "approximate_connection_time": 18060},
        "connection_info": {"app_id": APP_ID},
    }


def _envelope(envelope_id: str, payload: Payload) -> Json:
    envelope: Json = {
        "type": payload.kind,
        "envelope_id": envelope_id,
        "payload": payload.body,
        "accepts_response_payload": payload.answerable,
    }
    if payload.kind == "events_api":
        envelope |= {"retry_attempt": payload.retry, "retry_reason": payload.retry_reason}
    return envelope
