"""A backend server as data: its address, its certificates, its answers, its misbehaviour."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.lab.pki import Issued

# What is sent in the handshake, in this order; the first one's key signs it. So `site.path` is
# leaf to root, `(site,)` only the leaf, `(issuing, site)` a wrong order.
Chain = tuple[Issued, ...]

ANY_HOST = "*"


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, started after `seconds`."""

    status: int = 200
    body: bytes = b"It works.\n"
    headers: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Route:
    """The answer for requests whose Host is `host` (or ANY_HOST) and whose path begins with `path`."""

    host: str
    path: str = "/"
    answer: Answer = Answer()


@dataclass(frozen=True, slots=True)
class DhGroup:
    """A group for ephemeral Diffie-Hellman."""

    prime: int
    generator: int = 2

    @property
    def bits(self) -> int:
        return self.prime.bit_length()


@dataclass(frozen=True, slots=True)
class TlsLimits:
    """Which TLS a server supports; `ciphers` is an OpenSSL cipher list, for TLS 1.2 and below.

    `dh` is the group for its DHE suites.

    `refusal` is how it turns other versions down: it names the reason (alert protocol_version), says only that
    something went wrong (alert internal_error), or closes the connection.
    """

    minimum: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2
    maximum: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
    ciphers: str | None = None
    refusal: Literal["protocol_version", "internal_error", "closed"] = "protocol_version"
    dh: DhGroup | None = None


@dataclass(frozen=True, slots=True)
class ClientCertificates:
    """The server requires a client certificate issued by one of these authorities.

    Not `required`: it only asks for one in the handshake, and the site's answers say what it makes of that.
    """

    authorities: Chain
    required: bool = True


@dataclass(frozen=True, slots=True)
class Normal:
    """Accept, complete the handshake, answer."""


@dataclass(frozen=True, slots=True)
class Refusing:
    """Nothing listens: connections are refused."""


@dataclass(frozen=True, slots=True)
class Resetting:
    """Accept, then reset the connection at once."""


@dataclass(frozen=True, slots=True)
class Silent:
    """Accept, then never send anything."""


@dataclass(frozen=True, slots=True)
class Slow:
    """Complete the handshake at once, then wait this many seconds before the HTTP answer."""

    seconds: float


@dataclass(frozen=True, slots=True)
class OnePacket:
    """Refuse TLS handshakes that begin with more than `most` bytes.

    Like servers and firewalls that read only one packet of it: some drop it, some reset the connection
    (https://tldr.fail).
    """

    most: int = 1400
    resets: bool = False


@dataclass(frozen=True, slots=True)
class Http2Only:
    """Speak HTTP/2 and nothing else: begin with SETTINGS, and answer what is not HTTP/2 with GOAWAY.

    RFC 9113, sections 3.4 and 5.4.1.
    """


@dataclass(frozen=True, slots=True)
class OldSuites:
    """Support cipher suites that no OpenSSL of today offers (RC4, 3DES): whoever offers none of them is turned away.

    With the alert handshake_failure (RFC 5246, 7.4.1.3).
    """


@dataclass(frozen=True, slots=True)
class Denying:
    """Turn callers from these addresses away: with this answer, or, without one, with a reset at once."""

    sources: tuple[str, ...]
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class HeaderFirst:
    """Take a connection only after a line of the PROXY protocol, and close any other at once.

    As nginx and HAProxy do: https://www.haproxy.org/download/2.8/doc/proxy-protocol.txt, sections 2 and 2.1.
    """


Behaviour = (
    Normal
    | Refusing
    | Resetting
    | Silent
    | Slow
    | OnePacket
    | Http2Only
    | OldSuites
    | Denying
    | HeaderFirst
)


@dataclass(frozen=True, slots=True)
class BackendSpec:
    """One server: an address and port as the gateway knows them, and what is there.

    `certificates` maps an SNI (a name, or `*.example.com` for one label) to the chain sent for
    it. `default` is sent without SNI and, unless `refuses_unknown_sni`, for an SNI that no
    entry covers. A server with neither speaks plain HTTP. If no chain fits, the handshake ends
    with the alert unrecognized_name. A request that no route covers gets `otherwise`, by default
    404, as App Service answers for an unknown host. `on_plain_http` is what a server that speaks TLS says to plain
    HTTP: nginx's page, a 400 without any explanation, or nothing (it closes the connection).
    """

    address: str
    port: int = 443
    certificates: Mapping[str, Chain] = field(default_factory=dict)
    default: Chain | None = None
    refuses_unknown_sni: bool = False
    tls: TlsLimits = TlsLimits()
    client_certificates: ClientCertificates | None = None
    routes: tuple[Route, ...] = ()
    otherwise: Answer = Answer(404, b"404 Web Site not found.\n")
    behaviour: Behaviour = Normal()
    on_plain_http: Literal["page", "bare", "closed"] = "page"

    @property
    def speaks_tls(self) -> bool:
        return bool(self.certificates) or self.default is not None

    def chain_for(self, sni: str | None) -> Chain | None:
        """The chain sent for this SNI; None: the handshake is refused."""
        if sni is None:
            return self.default
        name = sni.lower()
        wildcard = f"*.{name.partition('.')[2]}"
        for entry, chain in self.certificates.items():
            if entry.lower() in (name, wildcard):
                return chain
        return None if self.refuses_unknown_sni else self.default

    def answer_for(self, host: str, path: str) -> Answer:
        """The HTTP answer for this Host (without port) and path: the first route that matches."""
        for route in self.routes:
            if route.host in (ANY_HOST, host.lower()) and path.startswith(route.path):
                return route.answer
        return self.otherwise
