"""CPU of a probe against a client in C that makes the same connections: one thread, epoll, OpenSSL.

The client is compiled here, on the OpenSSL that this machine has headers of; the probe has the one that comes with
`cryptography`. Both offer the same group, P-256, and both say whether the chain ends in the root or in a public CA. A
round of one and a round of the other take turns, what is remembered of certificates is forgotten before each, and of
the CPU of each the least counts, so a busy machine matters little.
"""

import asyncio
import ssl
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL

from bot.cli.garbage import look_seldom
from bot.core.model.certificate import Certificate
from bot.core.model.observation import Answered, Attempt
from bot.lab.pki import Issued, authority, leaf, rsa_key
from bot.probe import NetworkProber
from bot.probe.x509 import forget, read_der
from tests.bench.children import servers, until_asked
from tests.bench.client import Connected, connected, write_roots
from tests.bench.compiled import NoCompiler, compiled
from tests.bench.measure import Ratio
from tests.probe.servers import over_tls, serving, tls_context

TARGETS = 200
ROUNDS = 5
PATIENCE = 120.0
BARE, WITH_HTTP = 1.15, 1.5
"""How many times the CPU of the client in C a probe may take, without and with a request."""

_PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


async def probe_and_client() -> list[Ratio]:
    """Each kind of key, with one certificate for all servers and one for each, without and with a request."""
    found = []
    look_seldom()  # As `agw` does.
    with tempfile.TemporaryDirectory() as folder:
        try:
            client = compiled(Path(folder), "client")
        except NoCompiler as why:
            print(f"CPU of a probe against a client in C: left out, {why}")
            return []
        for kind in ("P-256", "RSA"):
            for certificates in (1, TARGETS):
                found += await _compared(client, Path(folder), kind, certificates)
    return found


@dataclass(frozen=True, slots=True)
class _Round:
    """Seconds of CPU, how many connections were answered, and how many chains were verified."""

    cpu: float
    answered: int
    verified: int


async def _compared(client: Path, folder: Path, kind: str, certificates: int) -> list[Ratio]:
    roots = folder / "roots.pem"
    async with servers("tests.bench.probe_cpu", kind, str(certificates)) as (port, pem):
        await asyncio.to_thread(write_roots, roots, pem)
        root = read_der(ssl.PEM_cert_to_DER_cert(pem))
        return [
            await _in_turns(client, port, roots, root, f"{kind}, {certificates} certificate(s)", it)
            for it in (False, True)
        ]


async def _in_turns(
    client: Path, port: int, roots: Path, root: Certificate, what: str, with_http: bool
) -> Ratio:
    ways = {(_address(it), 443): ("127.0.0.1", port) for it in range(TARGETS)}
    prober = NetworkProber(ways, loopback_only=True)
    probes: list[_Round] = []
    clients: list[Connected] = []
    await _probe(prober, root, with_http)
    for _ in range(ROUNDS):
        probes.append(await _probe(prober, root, with_http))
        clients.append(await connected(client, port, roots, [TARGETS], with_http=with_http))
    made = [(it.answered, it.verified) for it in probes]
    made += [(it.answered, it.verified) for it in clients]
    assert set(made) == {(TARGETS, TARGETS)}, made
    version = SSL.OpenSSL_version(0).decode().partition(" ")[2].partition(" ")[0]
    named = (
        f"CPU of a probe, {what}, {'HTTP' if with_http else 'no HTTP'},"
        f" {version} against C on {clients[0].version}"
    )
    # The least: whatever else a machine does only adds to it.
    takes, against = min(it.cpu for it in probes), min(it.cpu for it in clients)
    return Ratio(named, takes, against, WITH_HTTP if with_http else BARE)


async def _probe(prober: NetworkProber, root: Certificate, with_http: bool) -> _Round:
    path = "/" if with_http else None
    attempts = [
        Attempt(_address(it), 443, True, f"s{it}.contoso.com", "s.contoso.com", path)
        for it in range(TARGETS)
    ]
    forget()
    began = time.process_time()
    seen = await prober.observe(attempts, (root,), timeout=PATIENCE)
    taken = time.process_time() - began
    answered = [it.outcome for it in seen if isinstance(it.outcome, Answered)]
    good = [
        it for it in answered if it.handshake and any(not one.code for one in it.handshake.trust)
    ]
    return _Round(taken, len(answered), len(good))


def _address(number: int) -> str:
    return f"10.8.0.{number + 1}"


async def _serve(kind: str, certificates: int) -> None:
    key = rsa_key() if kind == "RSA" else ec.generate_private_key(ec.SECP256R1())
    root = authority("Contoso Root CA", key=key)
    shown = [
        leaf(f"s{it}.contoso.com", dns_names=["*.contoso.com"], issuer=root, key=key)
        for it in range(certificates)
    ]
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        handler = over_tls(_by_name(folder, [(it, root) for it in shown]), _PAGE)
        backend = await stack.enter_async_context(serving(handler))
        await until_asked([backend.port, root.pem.decode()])


def _by_name(folder: Path, chains: Sequence[tuple[Issued, ...]]) -> ssl.SSLContext:
    """A context that shows the certificate whose number is in the SNI."""
    contexts = [tls_context(folder, it) for it in chains]

    def choose(session: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        number = (name or "").partition(".")[0].removeprefix("s")
        session.context = contexts[int(number) % len(contexts) if number.isdecimal() else 0]

    contexts[0].sni_callback = choose
    return contexts[0]


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], int(sys.argv[2])))
