"""What was tried against a backend, and what came of it.

An `Attempt` is one connection; an `Observation` is its result. "Could not" is a type with a reason, so
that a rule has to say which of the five ends it speaks about.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from bot.core.model.certificate import Certificate

PUBLIC = "public"
"""The key under which `Handshake.trust` holds the answer for the well-known public CAs."""

_AND = "+"

BODY_KEPT = 4 * 1024
"""Bytes of a body that an answer keeps at most: one that long may have gone on."""

Hello = Literal["small", "full", "tls12", "old", "proxied"]
"""The first message of a TLS handshake: `small` fits into one packet, `full` does not; `tls12` offers no TLS 1.3,
and `old` nothing newer than TLS 1.1. `proxied`: a small one, or plain HTTP, after a line of the PROXY protocol, which
gateways send only for TCP and TLS, and where they are told to.

`full` offers a post-quantum key exchange (X25519MLKEM768), whose key share alone has 1,216 bytes
(draft-ietf-tls-ecdhe-mlkem); servers and middleboxes that read one packet only do not take it (https://tldr.fail).
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One connection to `server` (name or IP): TLS or not, with which SNI, and the one request sent.

    `path` None means: handshake only, no request. `timeout` is in seconds and is no part of identity. A `small`
    `hello` is followed by a `full` one where the server finds nothing in common with it; the others stand alone.
    """

    server: str
    port: int
    tls: bool
    sni: str | None
    host: str
    path: str | None
    hello: Hello = "small"

    @property
    def handshake(self) -> tuple[str, int, str | None]:
        """What decides the certificate: equal for two attempts that differ only in request or hello."""
        return (self.server, self.port, self.sni)

    @property
    def connection(self) -> tuple[str, int, bool, str | None, Hello]:
        """What decides the connection: equal for two attempts that differ only in what is requested on it."""
        return (self.server, self.port, self.tls, self.sni, self.hello)


@dataclass(frozen=True, slots=True)
class NotTried:
    """Not looked at, on purpose: a refused address, asked not to probe, no time left, or more than is looked at."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unresolved:
    """DNS gave no address for a name: to us, or to the DNS server that was asked.

    `kind`: `no_such_name` (NXDOMAIN) and `no_address` (the name exists, without an address) are answers, and say
    something of the name; `failed` (SERVFAIL, REFUSED and the like), `silent` and `other` say nothing of it.
    """

    name: str
    reason: str
    kind: Literal["no_such_name", "no_address", "failed", "silent", "other"] = "other"

    @property
    def is_answer(self) -> bool:
        """Whether DNS did answer, and the answer is that there is no address."""
        return self.kind in ("no_such_name", "no_address")


@dataclass(frozen=True, slots=True)
class Question:
    """A name to be looked up with one DNS server, by its IP address."""

    name: str
    server: str
    port: int = 53


@dataclass(frozen=True, slots=True)
class Lookup:
    """A question and its answer: the addresses in the server's order, or why there are none."""

    question: Question
    answer: tuple[str, ...] | Unresolved | NotTried


@dataclass(frozen=True, slots=True)
class NotConnected:
    """No TCP session."""

    kind: Literal["refused", "timeout", "unreachable"]
    address: str
    reason: str


@dataclass(frozen=True, slots=True)
class HandshakeFailed:
    """TCP was open, TLS was not agreed.

    `kind`: `alert` (the server said no; `alert` has its number, RFC 8446 section 6), `not_tls` (it answered
    something that is not TLS), `closed` (it hung up), `timeout` (it said nothing).
    `client_certificate_wanted`: it had asked for one before that.
    """

    kind: Literal["alert", "not_tls", "closed", "timeout"]
    address: str
    alert: int | None
    reason: str
    client_certificate_wanted: bool = False


@dataclass(frozen=True, slots=True)
class Trust:
    """Does the served chain end in one anchor, or in several together? `code` is OpenSSL's X509_V_* number, 0 for yes.

    Dates are left out of it: `Certificate.valid_at` answers for them. `depth` counts the certificates of the chain as
    OpenSSL built it, 0 for the server's own; `certificate` is the SHA-256 of the one there that the code is about. With
    code 0 `path` is that chain, by SHA-256, from the server's own to the anchor. `related`: by its name, the anchor may
    be part of that chain; the others are as good as not there.
    """

    anchor: str
    code: int
    text: str
    depth: int | None = None
    certificate: str | None = None
    path: tuple[str, ...] = ()
    related: bool = False


@dataclass(frozen=True, slots=True)
class Handshake:
    """An agreed TLS session: the chain exactly as it was sent, leaf first in a well-behaved server.

    `dh_bits`: the prime of its ephemeral Diffie-Hellman group, where it has one of TLS 1.2.
    """

    tls: str
    cipher: str
    chain: tuple[Certificate, ...]
    trust: tuple[Trust, ...]
    client_certificate_wanted: bool = False
    dh_bits: int | None = None

    def __hash__(self) -> int:
        """By little of it: there is much, and it is looked up among the few that one server agreed to."""
        return hash((self.tls, self.cipher, len(self.chain)))

    @property
    def leaf(self) -> Certificate | None:
        """The certificate that was sent first, if any was."""
        return self.chain[0] if self.chain else None

    def trusted_by(self, anchor: str) -> Trust | None:
        """The verdict for one anchor (SHA-256 of a root, or `PUBLIC`); None if it was not tried."""
        return next((trust for trust in self.trust if trust.anchor == anchor), None)

    def trusted_by_all(self, anchors: Iterable[str]) -> Trust | None:
        """The verdict where these anchors are trusted together, as OpenSSL trusts them; None if that is not known.

        OpenSSL finds an issuer by its name (X509_STORE_CTX_get1_issuer, x509_lu.c), so anchors whose names lead nowhere
        change nothing, and the answer is that for the related ones. Where it was not asked about those together, one
        that suffices alone is taken to suffice.
        """
        wanted = tuple(dict.fromkeys(anchors))
        alone = [trust for it in wanted if (trust := self.trusted_by(it)) is not None]
        related = [trust.anchor for trust in alone if trust.related]
        joint = self.trusted_by(together(related)) if len(alone) == len(wanted) else None
        if joint is not None:
            return joint
        good = next((trust for trust in alone if trust.code == 0), None)
        if good is not None or len(alone) < len(wanted) or len(related) > 1:
            return good
        return next(iter(alone), None)

    @property
    def anchors(self) -> tuple[str, ...]:
        """Every anchor in which the chain ends; if none suffices alone, those of the first set that does."""
        good = [trust.anchor for trust in self.trust if trust.code == 0]
        alone = tuple(it for it in good if _AND not in it)
        return alone or tuple(good[0].split(_AND) if good else ())


def together(anchors: Iterable[str]) -> str:
    """The key under which `Handshake.trust` holds the answer for several anchors at once."""
    return _AND.join(sorted(anchors))


@dataclass(frozen=True, slots=True)
class Response:
    """The head of an HTTP answer and the first bytes of its body."""

    status: int
    location: str | None
    body: str


@dataclass(frozen=True, slots=True)
class NoResponse:
    """The connection stood, but no HTTP/1.1 answer came. `tls`: plain HTTP was answered with TLS; `http2`: with frames
    of HTTP/2.
    """

    kind: Literal[
        "timeout", "closed", "malformed", "tls", "http2", "client_certificate", "not_asked"
    ]
    reason: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The connection stood: `handshake` is None on plain HTTP only."""

    address: str
    handshake: Handshake | None
    http: Response | NoResponse


Outcome = NotTried | Unresolved | NotConnected | HandshakeFailed | Answered


@dataclass(frozen=True, slots=True)
class Observation:
    """One attempt and its outcome; `seconds` is how long it took.

    `addresses` are those that the server's name had, in the order of DNS; none where no name was looked up.
    """

    attempt: Attempt
    outcome: Outcome
    seconds: float = 0.0
    addresses: tuple[str, ...] = ()
