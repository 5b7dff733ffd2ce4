"""From chains of the lab to contexts of the ssl module."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.lab.backends.spec import BackendSpec, Chain


def server_context(spec: BackendSpec, seen: Callable[[str | None], None]) -> ssl.SSLContext:
    """A server context that picks the chain by SNI, as `BackendSpec.chain_for` says.

    `seen` is told the SNI of each handshake (None: none sent).

    The choice is made in the callback for every handshake, also for one without SNI, so that a
    server without a default certificate refuses it as a real one does.
    """
    contexts: dict[Chain, ssl.SSLContext] = {}

    def choose(sock: ssl.SSLObject, sni: str | None, _: ssl.SSLContext) -> int | None:
        seen(sni)
        chain = spec.chain_for(sni)
        if chain is None:
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        if chain not in contexts:
            contexts[chain] = _context(spec, chain)
        sock.context = contexts[chain]
        return None

    # The callback replaces this context; it needs some certificate to get that far.
    first = _context(spec, spec.default or next(iter(spec.certificates.values())))
    first.sni_callback = choose
    return first


def _context(spec: BackendSpec, chain: Chain) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if spec.tls.minimum < ssl.TLSVersion.TLSv1_2:
        # OpenSSL 3 speaks TLS 1.0 and 1.1 only at security level 0.
        context.set_ciphers("ALL:@SECLEVEL=0")
    if spec.tls.ciphers:
        context.set_ciphers(spec.tls.ciphers)
    context.minimum_version = spec.tls.minimum
    context.maximum_version = spec.tls.maximum
    if spec.client_certificates:
        authorities = b"".join(issued.pem for issued in spec.client_certificates.authorities)
        context.load_verify_locations(cadata=authorities.decode("ascii"))
        context.verify_mode = ssl.CERT_REQUIRED
    _load_chain(context, chain)
    return context


def _load_chain(context: ssl.SSLContext, chain: Chain) -> None:
    """The ssl module takes a chain from a file only: one that lives for the length of a read."""
    with TemporaryDirectory(prefix="agw-lab-") as folder:
        pem = Path(folder) / "chain.pem"
        pem.touch(mode=0o600)
        pem.write_bytes(b"".join(issued.pem for issued in chain) + chain[0].key_pem)
        context.load_cert_chain(pem)
