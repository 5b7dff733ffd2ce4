"""One attempt from its name to its outcome: resolve, check the address, connect, handshake, request.

Each step turns its own failure into an outcome: the same deadline means that DNS, the port, TLS or the application did
not answer, depending on when it expires.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial

from OpenSSL import crypto

from bot.aside import Aside, run_in
from bot.core.model.observation import (
    Answered,
    Attempt,
    Handshake,
    HandshakeFailed,
    Hello,
    NoResponse,
    NotConnected,
    NotTried,
    Outcome,
    Response,
)
from bot.probe import http, tcp
from bot.probe.address_resolver import AddressResolver
from bot.probe.hello import sni_bytes
from bot.probe.self_signed import TooCostly
from bot.probe.slices import Slices
from bot.probe.tls import HANDSHAKE_FAILURE, TlsEndedError, TlsSession
from bot.probe.trust import Anchors, Judged
from bot.probe.x509 import read_der

MOST_SENT = 20
"""Certificates that a server may send. Real chains have two to five; each more may have to be verified against every
anchor, and OpenSSL lets some 75 through (SSL_CTX_set_max_cert_list, 100 KiB)."""

_PROXY_LINE = b"PROXY UNKNOWN\r\n"
"""What a proxy sends for a connection of its own, such as a health probe: who takes the PROXY protocol has to accept it
(https://www.haproxy.org/download/2.8/doc/proxy-protocol.txt, section 2.1)."""

_CERTIFICATES = Aside(2, "agw-certificates")

_USUAL, _USUAL_BYTES = 3, 4 * 1024
"""Certificates, and bytes of all of them, that are looked at on the loop, a few servers in each turn: that takes 0.2
ms, and in a thread twice as much, as the loop and the thread take the interpreter from each other. More of them, or
longer keys, may take OpenSSL much longer."""

_CLOSE_NOTIFY_WITHIN = 1.0
"""Seconds in which a server may still object after a handshake without a request."""


@dataclass(frozen=True, slots=True)
class _Words:
    """What will be sent, encoded: no SNI, or no request, where it is None."""

    sni: bytes | None
    request: bytes | None


class Lines:
    """One line to each address: who wants to connect waits until the one before has closed."""

    def __init__(self) -> None:
        self._busy: dict[str, asyncio.Lock] = {}

    @asynccontextmanager
    async def to(self, addresses: Iterable[str], deadline: float) -> AsyncIterator[None]:
        """Keep others from connecting to any of the addresses; TimeoutError if they are busy until the deadline."""
        # In one order, so that no two wait for each other.
        wanted = [self._busy.setdefault(it, asyncio.Lock()) for it in sorted(set(addresses))]
        held: list[asyncio.Lock] = []
        try:
            async with asyncio.timeout_at(deadline):
                for line in wanted:
                    await line.acquire()
                    held.append(line)
            yield
        finally:
            for line in held:
                line.release()


@dataclass(frozen=True, slots=True)
class ProbeRun:
    """One attempt to make; `deadline` is a time of the loop's clock."""

    attempt: Attempt
    resolver: AddressResolver
    anchors: Anchors
    lines: Lines
    slices: Slices
    deadline: float

    async def make(self) -> tuple[Outcome, tuple[str, ...]]:
        """The outcome, and the addresses of the server's name.

        Whatever happens, even on cancellation, no connection stays open.
        """
        try:
            words = self._words()
        except ValueError as error:
            return NotTried(str(error)), ()
        resolved = await self.resolver.to(self.attempt.server, self.attempt.port, self.deadline)
        if not isinstance(resolved.peers, tuple):
            return resolved.peers, resolved.addresses
        # A name and an address of the pool may be the same server.
        there = resolved.addresses or (self.attempt.server.lower(),)
        try:
            async with self.lines.to(there, self.deadline):
                return await self._connect(resolved.peers, words), resolved.addresses
        except TimeoutError:
            return NotTried("time ran out before its turn"), resolved.addresses

    async def _connect(self, peers: tuple[tcp.SocketAddress, ...], words: _Words) -> Outcome:
        """Make the attempt over the first address that accepts a connection."""
        stream = await tcp.connect_first(peers, self.deadline)
        if isinstance(stream, NotConnected):
            return stream
        hello = self.attempt.hello
        outcome = await self._talk(stream, words, hello)
        if hello == "small" and _found_nothing_in_common(outcome):
            second = await tcp.connect(stream.peer, self.deadline)
            if isinstance(second, tcp.Stream):
                return await self._talk(second, words, "full")
        return outcome

    def _words(self) -> _Words:
        """
        Raises:
            ValueError: the attempt cannot be encoded.
        """
        attempt = self.attempt
        if not 0 < attempt.port < 65536:
            raise ValueError(f"{attempt.port} is not a TCP port")
        sni = sni_bytes(attempt.sni) if attempt.tls and attempt.sni else None
        if attempt.path is None:
            return _Words(sni, None)
        return _Words(sni, http.request_bytes(attempt.host, attempt.path))

    async def _talk(self, stream: tcp.Stream, words: _Words, hello: Hello) -> Outcome:
        try:
            outcome = await self._observe(stream, words, hello)
        finally:
            stream.close()
        # The transport closes its socket in the loop's next round, and only then may another be opened.
        await asyncio.sleep(0)
        return outcome

    async def _observe(self, stream: tcp.Stream, words: _Words, hello: Hello) -> Outcome:
        label = stream.peer.label
        if hello == "proxied":
            stream.send(_PROXY_LINE)
        if not self.attempt.tls:
            return Answered(label, None, await self._ask(stream, words))
        session = TlsSession(stream, words.sni, hello, self.slices)
        failed = await self._shake_hands(session, label)
        return failed or await self._look(session, words, label)

    async def _shake_hands(self, session: TlsSession, label: str) -> HandshakeFailed | None:
        clock = asyncio.get_running_loop().time
        begun = clock()
        try:
            async with asyncio.timeout_at(self.deadline):
                await session.handshake()
        except TimeoutError:
            reason = f"no answer to the handshake within {clock() - begun:.1f} s"
            return HandshakeFailed("timeout", label, None, reason)
        except TlsEndedError as end:
            wanted = session.client_certificate_wanted
            return HandshakeFailed(end.kind, label, end.alert, end.reason, wanted)
        return None

    async def _look(self, session: TlsSession, words: _Words, label: str) -> Answered | NotTried:
        """What the session shows, and the response to the request."""
        chain = session.chain()
        sent = tuple(der for der, _ in chain)
        shown = self.anchors.recall(sent)
        if shown is None:
            try:
                shown = await self._looked_at(sent, chain[0][1] if chain else None)
            except TooCostly as error:
                return NotTried(f"the certificates it sent were not looked at: {error}")
            except TimeoutError:
                return NotTried("time ran out before the certificates it sent could be looked at")
        handshake = Handshake(
            tls=session.version,
            cipher=session.cipher,
            chain=shown.chain,
            trust=shown.trust,
            client_certificate_wanted=session.client_certificate_wanted,
            dh_bits=session.dh_bits,
        )
        answer = await self._ask_over_tls(session, words)
        return Answered(label, handshake, answer)

    async def _looked_at(self, sent: tuple[bytes, ...], first: crypto.X509 | None) -> Judged:
        """
        Raises:
            TooCostly: as `_judged`.
            TimeoutError: it was not done by the deadline.
        """
        judge = partial(self._judged, sent, first)
        usual = len(sent) <= _USUAL and sum(map(len, sent)) <= _USUAL_BYTES
        async with asyncio.timeout_at(self.deadline):
            return await (self.slices.do(judge) if usual else run_in(_CERTIFICATES, judge))

    def _judged(self, sent: tuple[bytes, ...], first: crypto.X509 | None) -> Judged:
        """
        Raises:
            TooCostly: there are too many certificates, or one takes unreasonably long.
        """
        if len(sent) > MOST_SENT:
            raise TooCostly(f"there are {len(sent)}, more than {MOST_SENT}")
        chain = tuple(map(read_der, sent))
        return Judged(chain, self.anchors.judge(chain, first))

    async def _ask_over_tls(self, session: TlsSession, words: _Words) -> Response | NoResponse:
        """Send the request; the server may still refuse a client without a certificate."""
        try:
            if words.request is None:
                await self._close_notify(session)
            answer = await self._ask(session, words)
        except TlsEndedError as end:
            answer = NoResponse("closed", end.reason)
        hung_up = isinstance(answer, NoResponse) and answer.kind == "closed"
        if hung_up and session.client_certificate_wanted:
            # Some servers send an alert, others close the connection on the request.
            return NoResponse(
                "client_certificate", "it requires a client certificate and closed the connection"
            )
        return answer

    async def _ask(self, channel: http.Channel, words: _Words) -> Response | NoResponse:
        if words.request is None:
            return NoResponse("not_asked", "no request was to be made")
        return await http.ask(channel, words.request, self.deadline)

    async def _close_notify(self, session: TlsSession) -> None:
        """Close properly and read once: an objection to the handshake would come now."""
        session.say_goodbye()
        until = asyncio.get_running_loop().time() + _CLOSE_NOTIFY_WITHIN
        with suppress(TimeoutError):
            async with asyncio.timeout_at(min(until, self.deadline)):
                await session.receive()


def _found_nothing_in_common(outcome: Outcome) -> bool:
    """Whether the server may have refused only our narrow choice of key exchanges."""
    match outcome:
        case HandshakeFailed("alert", alert=alert, client_certificate_wanted=False):
            return alert in (None, HANDSHAKE_FAILURE)
    return False
