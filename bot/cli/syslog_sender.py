"""Sending each line of the audit log to a syslog server as soon as it is stored.

The server may be slow or gone for hours: that costs only what it is sent. Lines wait in a queue of limited length, and
what does not fit is lost to the server, which the log says with its number; the audit log has it all the same.
"""

import asyncio
import errno
import logging
import os
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from bot.aside import Aside, run_in
from bot.cli.syslog import LONGEST_DATAGRAM, message
from bot.core.changes.audit import AuditLine
from bot.setting_values import SyslogServer

log = logging.getLogger(__name__)

WAITING = 1_000
"""Lines that wait at most; each is some kilobytes."""

PATIENCE = 5.0
"""Seconds to connect, and for one message to be taken."""

PAUSES = (1.0, 5.0, 30.0)
"""Seconds before the second, third and any later attempt."""

CLOSING = 1.0
"""Seconds that lines which still wait have at the end."""

_RESOLVING = Aside(1, "agw-syslog")


@asynccontextmanager
async def open_sender(server: SyslogServer) -> AsyncIterator["SyslogSender"]:
    """A sender that works during the block; at its end it says what it could not send."""
    sender = SyslogSender(server)
    task = asyncio.create_task(sender.run(), name="syslog")
    try:
        yield sender
    finally:
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSING):
                await sender.sent()
        task.cancel()
        await asyncio.wait({task})
        sender.close()


class SyslogSender:
    """One connection to a syslog server, and the lines that wait for it."""

    def __init__(self, server: SyslogServer) -> None:
        self._server = server
        self._queue: asyncio.Queue[AuditLine] = asyncio.Queue(WAITING)
        self._socket: socket.socket | None = None
        self._waiting = 0
        self._lost = 0
        self._host = socket.gethostname()

    def tell(self, lines: Sequence[AuditLine]) -> None:
        """Send these lines when it is their turn; returns at once, and never raises."""
        for line in lines:
            try:
                self._queue.put_nowait(line)
            except asyncio.QueueFull:
                if not self._lost:
                    log.warning("%d lines wait for the syslog server; more are lost to it", WAITING)
                self._lost += 1
            else:
                self._waiting += 1

    async def run(self) -> None:
        """Send what comes, in its order, until this is cancelled."""
        while True:
            await self._deliver(await self._queue.get())
            self._waiting -= 1
            self._queue.task_done()
            if self._lost and self._waiting < WAITING // 2:
                log.warning("%d lines of the audit log were lost to the syslog server", self._lost)
                self._lost = 0

    async def sent(self) -> None:
        """Wait until nothing waits any more."""
        await self._queue.join()

    def close(self) -> None:
        """Let go of the connection; say what was not sent."""
        self._drop()
        if lost := self._lost + self._waiting:
            log.warning("%d lines of the audit log were not sent to the syslog server", lost)

    async def _deliver(self, line: AuditLine) -> None:
        """Try until it is sent; the first failure is said, and the end of the trouble."""
        failures = 0
        while True:
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._send(line)
            except OSError as error:  # also TimeoutError
                self._drop()
                if not failures:
                    why = because(error)
                    log.warning("the syslog server cannot be used: %s; lines wait for it", why)
                await asyncio.sleep(PAUSES[min(failures, len(PAUSES) - 1)])
                failures += 1
            else:
                break
        if failures:
            log.warning("the syslog server takes lines again")

    async def _send(self, line: AuditLine) -> None:
        loop = asyncio.get_running_loop()
        if self._socket is not None and _ended(self._socket):
            self._drop()
        if self._socket is None:
            self._socket = await _connected(self._server)
        process = str(os.getpid())
        if self._server.kind == "tcp":
            told = message(line, self._host, process)
            # Octet counting (RFC 6587, section 3.4.1).
            told = b"%d %b" % (len(told), told)
        else:
            told = message(line, self._host, process, LONGEST_DATAGRAM)
        await loop.sock_sendall(self._socket, told)

    def _drop(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _ended(connection: socket.socket) -> bool:
    """Whether the server has ended the connection: it would take one more message, and lose it."""
    if connection.type != socket.SOCK_STREAM:
        return False
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


async def _connected(server: SyslogServer) -> socket.socket:
    """A connection, or for datagrams a socket that knows where they go. Raises `OSError`."""
    kind = socket.SOCK_STREAM if server.kind == "tcp" else socket.SOCK_DGRAM
    if isinstance(server.address, str):
        return await _to(socket.AF_UNIX, kind, server.address)
    host, port = server.address
    found = await run_in(_RESOLVING, lambda: socket.getaddrinfo(host, port, type=kind))
    error: OSError = OSError(errno.EHOSTUNREACH, "its name has no address")
    for family, _, _, _, address in found:
        try:
            return await _to(family, kind, address)
        except OSError as failed:
            error = failed
    raise error


async def _to(family: int, kind: int, address: tuple[Any, ...] | str) -> socket.socket:
    made = socket.socket(family, kind)
    try:
        made.setblocking(False)
        await asyncio.get_running_loop().sock_connect(made, address)
    except BaseException:
        made.close()
        raise
    return made


def because(error: OSError) -> str:
    """Why it failed; asyncio's own words would repeat the address."""
    if isinstance(error, socket.gaierror):
        return error.strerror or "its name has no address"
    return os.strerror(error.errno) if error.errno else "it does not answer"


async def reachable(server: SyslogServer) -> None:
    """Connect as the sender does, and send nothing. Raises `OSError`."""
    async with asyncio.timeout(PATIENCE):
        (await _connected(server)).close()
