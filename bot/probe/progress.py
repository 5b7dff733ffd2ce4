"""What OpenSSL tells of a handshake as it goes: alerts, and that the server asked for a client certificate.

OpenSSL tells of some 24 steps for each handshake, of which one or none matters here. pyOpenSSL looks up the connection
and calls back for each of them, which took a twentieth of what a whole connection takes; so this is its own binding.
"""

from typing import Any, Protocol
from weakref import WeakValueDictionary

from cryptography.hazmat.bindings.openssl.binding import Binding
from OpenSSL import SSL

from bot.probe.verification import pointer_of

_lib, _ffi = Binding.lib, Binding.ffi

_CERTIFICATE_REQUEST = b"read server certificate request"


class Told(Protocol):
    """Who wants to know it of one connection."""

    def got_alert(self, number: int) -> None:
        """The server sent this alert."""

    def was_asked_for_certificate(self) -> None:
        """The server asked for a client certificate."""


_told: WeakValueDictionary[int, Told] = WeakValueDictionary()
_matters: dict[Any, bool] = {}
"""Whether a state of the handshake is the one of interest, by where OpenSSL keeps its name: a few dozen constants."""


def watch(context: SSL.Context) -> None:
    """From now on, connections of this context tell whom `tell` names."""
    _lib.SSL_CTX_set_info_callback(context._context, _step)


def tell(connection: SSL.Connection, told: Told) -> None:
    """What happens in this connection, for as long as that one lives."""
    _told[pointer_of(connection._ssl)] = told


@_ffi.callback("void (*)(const SSL *, int, int)")  # type: ignore[untyped-decorator]
def _step(session: Any, where: int, value: int) -> None:
    if where == SSL.SSL_CB_CONNECT_LOOP:
        # Not by the list of accepted CAs, which pyOpenSSL exposes: an empty one is a request too.
        name = _lib.SSL_state_string_long(session)
        matters = _matters.get(name)
        if matters is None:
            matters = _matters[name] = _ffi.string(name).endswith(_CERTIFICATE_REQUEST)
        if matters and (told := _told.get(pointer_of(session))):
            told.was_asked_for_certificate()
    elif where == SSL.SSL_CB_READ_ALERT and (told := _told.get(pointer_of(session))):
        told.got_alert(value & 0xFF)
