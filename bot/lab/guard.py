"""Nothing but loopback is ever contacted: the lab's promise, enforced by the interpreter.

`loopback_only()` refuses every connection, datagram and name look-up of this process that
would leave the machine, whichever library makes it, and every listener that could be reached
from outside. It uses Python's audit events (https://docs.python.org/3/library/audit_events.html):
no socket call is replaced, and a hook cannot be removed, only disabled.
"""

import ipaddress
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_GUARDED = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind"})


class OutsideError(OSError):
    """Something tried to leave loopback; the message names the address."""


def is_loopback(host: str) -> bool:
    """Whether `host` is a literal of 127.0.0.0/8 or ::1, or the name localhost."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


class _Guard:
    """The one audit hook of the process, and how many blocks of code have it enabled."""

    def __init__(self) -> None:
        self.depth = 0
        self._installed = False

    def install(self) -> None:
        if not self._installed:
            sys.addaudithook(self._hook)
            self._installed = True

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.depth:
            return
        if event in _GUARDED:
            self._check_address(event, arguments[1])
        elif event == "socket.getaddrinfo" and arguments[0] is not None:
            self._check_host(event, _text(arguments[0]))

    def _check_address(self, event: str, address: Any) -> None:
        # An AF_UNIX address is a path and None is a connected socket: both stay here.
        if isinstance(address, tuple) and isinstance(address[0], str):
            self._check_host(event, address[0])

    def _check_host(self, event: str, host: str) -> None:
        if not is_loopback(host):
            raise OutsideError(f"{event} to {host!r} refused: only loopback is open here")


def _text(host: str | bytes) -> str:
    return host.decode("ascii", "replace") if isinstance(host, bytes) else host


_guard = _Guard()


@contextmanager
def loopback_only() -> Iterator[None]:
    """Within the block, any call that would leave loopback raises `OutsideError`."""
    _guard.install()
    _guard.depth += 1
    try:
        yield
    finally:
        _guard.depth -= 1
