"""A backend server as data: its address, its certificates, its answers, its misbehaviour."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

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
class TlsLimits:
    """Which TLS a server supports; `ciphers` is an OpenSSL cipher list, for TLS 1.2 and below."""

    minimum: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2
    maximum: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
    ciphers: str | None = None


@dataclass(frozen=True, slots=True)
class ClientCertificates:
    """The server requires a client certificate issued by one of these authorities."""

    authorities: Chain


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


Behaviour = Normal | Refusing | Resetting | Silent | Slow | OnePacket


@dataclass(frozen=True, slots=True)
class BackendSpec:
    """One server: an address and port as the gateway knows them, and what is there.

    `certificates` maps an SNI (a name, or `*.example.com` for one label) to the chain sent for
    it. `default` is sent without SNI and, unless `refuses_unknown_sni`, for an SNI that no
    entry covers. A server with neither speaks plain HTTP. If no chain fits, the handshake ends
    with the alert unrecognized_name. A request that no route covers gets `otherwise`, by default
    404, as App Service answers for an unknown host.
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
