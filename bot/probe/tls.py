"""One TLS session over a connection, to observe, not to trust.

Nothing is verified during the handshake: what the server sends is wanted even, and especially, if it is wrong;
`bot.probe.trust` judges it afterwards. pyOpenSSL with memory BIOs is used because it exposes what the `ssl` module of
Python 3.11 does not: the chain exactly as sent, alert numbers, and whether a client certificate was requested.

OpenSSL works aside from the event loop where its work has no bound: a handshake may make it compute with numbers of
10,000 bits, and hand over a hundred thousand bytes one by one. In TLS 1.3 it computes in the group that we offer, so
the usual handshake is bounded: it is done on the loop, a few in each turn, which costs less than waking a thread. What
is read afterwards is bounded for each turn of the loop as well.

In TLS 1.3 the client's side of the handshake ends before the server has seen the client certificate (RFC 8446,
section 2), so a server that requires one says so only afterwards, at the first read.
"""

import asyncio
import ssl
from typing import Literal

from OpenSSL import SSL, crypto

from bot.aside import Aside, run_in
from bot.core.model.observation import Hello
from bot.probe.hello import context
from bot.probe.key_exchange import dh_bits, is_tls13
from bot.probe.progress import tell
from bot.probe.slices import Slices
from bot.probe.tcp import Stream, first_words

HANDSHAKE_FAILURE = 40
"""The alert of a server that can accept nothing in the ClientHello (RFC 8446, 6.2)."""

_CHUNK = 16 * 1024
"""Bytes that OpenSSL gets or gives at a time: a record has no more (RFC 8446, 5.1)."""

RECORDS_A_TURN = 16
"""Records that are decrypted before the loop gets its turn; each costs some 10 microseconds, be it of one byte, and 32
connections may have their turn one after another."""

_HANDSHAKES = Aside(4, "agw-handshake")

_USUAL = 16 * 1024
"""Bytes of a server's part of a handshake that are looked at on the loop. A signature of a key whose exponent has 3,072
bits, the slowest kind that OpenSSL takes, was verified in 6 ms."""

_NAMED_LATER = {116: "certificate_required", 120: "no_application_protocol"}
_CONTENT_TYPES = range(20, 25)


class TlsEndedError(Exception):
    """The session ended or was never established; the fields are those of `HandshakeFailed`."""

    def __init__(
        self, kind: Literal["alert", "not_tls", "closed"], reason: str, alert: int | None = None
    ) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
        self.alert = alert


class TlsSession:
    """TLS over a `Stream`, as a client without a certificate.

    Attributes: `client_certificate_wanted` is known once `handshake` has ended, successfully or not; `dh_bits`, the
    length of the Diffie-Hellman group, once it was agreed, where that is one of TLS 1.2.
    """

    def __init__(
        self,
        stream: Stream,
        sni: bytes | None,
        hello: Hello = "small",
        slices: Slices | None = None,
    ) -> None:
        self._stream = stream
        self._slices = slices or Slices()
        self._tls = SSL.Connection(context(hello), None)
        tell(self._tls, self)
        self._tls.set_connect_state()
        if sni is not None:
            self._tls.set_tlsext_host_name(sni)
        self._spoke_tls = False
        self._heard: bytearray | None = bytearray()
        self.dh_bits: int | None = None
        self._alert: int | None = None
        self._ending: SSL.Error | None = None
        self._received = b""
        self.client_certificate_wanted = False

    async def handshake(self) -> None:
        """Establish the session.

        Raises:
            TlsEndedError: the server refused, closed the connection, or does not speak TLS.
        """
        while True:
            try:
                await self._step()
            except SSL.WantReadError:
                self._flush()
                if not await self._feed():
                    raise self._hung_up() from None
            except SSL.ZeroReturnError:
                raise self._hung_up() from None
            except SSL.Error as error:
                self._flush()
                raise self._refused(error) from error
            else:
                self._flush()
                if self.cipher.startswith("DHE-"):
                    self.dh_bits = dh_bits(bytes(self._heard or b""))
                self._heard = None
                return

    async def _step(self) -> None:
        """As far as OpenSSL gets with what was heard.

        Raises:
            SSL.Error: that is not to the end.
        """
        heard = self._heard or b""
        if not heard:
            # The ClientHello: nothing of it comes from outside.
            self._tls.do_handshake()
        elif len(heard) <= _USUAL and is_tls13(heard):
            await self._slices.do(self._tls.do_handshake)
        else:
            await run_in(_HANDSHAKES, self._tls.do_handshake)

    @property
    def version(self) -> str:
        """Such as `TLSv1.3`."""
        return self._tls.get_protocol_version_name()

    @property
    def cipher(self) -> str:
        """OpenSSL's name of the cipher suite."""
        return self._tls.get_cipher_name() or "none"

    def chain(self) -> tuple[tuple[bytes, crypto.X509], ...]:
        """Each certificate, as DER and as OpenSSL has it, in the order in which they were sent."""
        sent = self._tls.get_peer_cert_chain() or []
        return tuple((crypto.dump_certificate(crypto.FILETYPE_ASN1, it), it) for it in sent)

    def send(self, data: bytes) -> None:
        """Encrypt and send.

        Raises:
            TlsEndedError: the session is over.
        """
        try:
            self._tls.sendall(data)
        except SSL.Error as error:
            raise self._refused(error) from error
        self._flush()

    async def receive(self) -> bytes:
        """What the server has sent, at least one byte; empty at the end, announced or not.

        Each call gives the loop its turn, also if something is there already.

        Raises:
            TlsEndedError: the server ended the session with an alert, or broke TLS.
        """
        await asyncio.sleep(0)
        while True:
            try:
                return self._decrypted()
            except SSL.WantReadError:
                self._flush()
                if not await self._feed():
                    return b""
            except (SSL.ZeroReturnError, SSL.SysCallError):
                return b""
            except SSL.Error as error:
                raise self._refused(error) from error

    def _decrypted(self) -> bytes:
        """The records that are there, as many as a turn of the loop has room for; an end comes with the next call.

        Raises:
            SSL.Error: not even one is there.
        """
        if self._ending is not None:
            raise self._ending
        found = bytearray(self._tls.recv(_CHUNK))
        for _ in range(RECORDS_A_TURN - 1):
            if len(found) >= _CHUNK:
                break
            try:
                found += self._tls.recv(_CHUNK)
            except SSL.WantReadError:
                break
            except SSL.Error as error:
                self._ending = error
                break
        return bytes(found)

    def say_goodbye(self) -> None:
        """Announce that nothing more will be sent; the server may still speak."""
        self._tls.shutdown()
        self._flush()

    def _flush(self) -> None:
        """Pass what OpenSSL wants to send to the stream."""
        while True:
            try:
                piece = self._tls.bio_read(_CHUNK)
            except SSL.WantReadError:
                return
            self._stream.send(piece)
            if len(piece) < _CHUNK:
                return

    async def _feed(self) -> bool:
        """Pass some of what has arrived to OpenSSL; False at the end of the stream."""
        if self._received:
            await asyncio.sleep(
                0
            )  # Nothing to wait for, but others have their turn between two pieces.
        else:
            self._received = await self._stream.receive()
        if not self._received:
            return False
        if not self._spoke_tls:
            self._check_tls(self._received)
        piece, self._received = self._received[:_CHUNK], self._received[_CHUNK:]
        if self._heard is not None:
            self._heard += piece
        self._tls.bio_write(piece)
        return True

    def _check_tls(self, received: bytes) -> None:
        # RFC 8446, 5.1: a record begins with its content type, then 3 as the major version.
        if received[0] not in _CONTENT_TYPES or received[1:2] not in (b"", b"\x03"):
            raise TlsEndedError("not_tls", f'it answered without TLS: "{first_words(received)}"')
        self._spoke_tls = True

    def _hung_up(self) -> TlsEndedError:
        how = "reset" if self._stream.was_reset else "closed"
        return TlsEndedError(
            "closed", f"it {how} the connection during the handshake{self._asked()}"
        )

    def _refused(self, error: SSL.Error) -> TlsEndedError:
        if self._alert is not None:
            said = f"it sent alert {self._alert} ({alert_name(self._alert)}){self._asked()}"
            return TlsEndedError("alert", said, self._alert)
        # No alert came: OpenSSL could not accept the server's side, and says why.
        return TlsEndedError("alert", f"no agreement: {_openssl_text(error)}{self._asked()}")

    def _asked(self) -> str:
        return " after requesting a client certificate" if self.client_certificate_wanted else ""

    def got_alert(self, number: int) -> None:
        """OpenSSL tells of an alert."""
        self._alert = number

    def was_asked_for_certificate(self) -> None:
        """OpenSSL tells that a client certificate was requested."""
        self.client_certificate_wanted = True


def alert_name(number: int) -> str:
    """The name of a TLS alert, as RFC 8446 section 6 spells it."""
    if number in _NAMED_LATER:
        return _NAMED_LATER[number]
    try:
        return ssl.AlertDescription(number).name.removeprefix("ALERT_DESCRIPTION_").lower()
    except ValueError:
        return "unknown"


def _openssl_text(error: SSL.Error) -> str:
    """The last entry of OpenSSL's error queue, in words."""
    queue = error.args[0] if error.args and isinstance(error.args[0], list) else []
    return str(queue[-1][2]) if queue else "the session broke off"
