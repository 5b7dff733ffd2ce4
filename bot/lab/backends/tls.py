"""The TLS side of a backend: which chain it sends, and whom it refuses."""

import base64
import ssl
import tempfile
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from OpenSSL import SSL, crypto

from bot.lab.backends.spec import BackendSpec, Chain, DhGroup
from bot.lab.streams import Stream, TlsStream

_VERSIONS = {
    ssl.TLSVersion.TLSv1: SSL.TLS1_VERSION,
    ssl.TLSVersion.TLSv1_1: SSL.TLS1_1_VERSION,
    ssl.TLSVersion.TLSv1_2: SSL.TLS1_2_VERSION,
    ssl.TLSVersion.TLSv1_3: SSL.TLS1_3_VERSION,
}

LEAST_DH_BITS = 1024
"""OpenSSL has no smaller groups, at any security level."""

# A fatal unrecognized_name(112) in its own record (RFC 8446, sections 5.1 and 6). Nothing is
# encrypted yet when a server decides by SNI, and pyOpenSSL's callback cannot refuse.
_REFUSED = object()
_UNRECOGNIZED_NAME = bytes.fromhex("15 0303 0002 02 70")

# What nginx answers to plain HTTP on a TLS port (nginx, ngx_http_special_response.c).
_PLAIN_HTTP = "http request"
_SAID_TO_PLAIN_HTTP = {
    "closed": b"",
    "bare": b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    "page": b"HTTP/1.1 400 Bad Request\r\nContent-Length: 57\r\nConnection: close\r\n\r\n"
    b"400 The plain HTTP request was sent to HTTPS port.\r\nLab\r\n",
}

# OpenSSL's word for a version that the server does not support; else it sends protocol_version(70).
_NO_VERSION = ("unsupported protocol", "version too low")
_INSTEAD = {"closed": b"", "internal_error": bytes.fromhex("15 0303 0002 02 50")}


class BackendTls:
    """Does the server's side of handshakes as a spec says; `seen` is called with each SNI (or None)."""

    def __init__(self, spec: BackendSpec, seen: Callable[[str | None], None]) -> None:
        self._spec = spec
        self._seen = seen
        self._contexts: dict[Chain, SSL.Context] = {}
        self._first = self._context(())
        self._first.set_tlsext_servername_callback(self._choose)

    async def accept(self, lower: Stream) -> TlsStream:
        """Do the handshake as the server. SSL.Error or EOFError if it fails."""
        connection = SSL.Connection(self._first, None)
        connection.set_accept_state()
        stream = TlsStream(lower, connection)
        try:
            await stream.shake_hands()
        except SSL.Error as error:
            if connection.get_app_data() is _REFUSED:
                stream.discard()
                await lower.write(_UNRECOGNIZED_NAME)
            elif _PLAIN_HTTP in str(error):
                stream.discard()
                await lower.write(_SAID_TO_PLAIN_HTTP[self._spec.on_plain_http])
            elif self._spec.tls.refusal in _INSTEAD and any(it in str(error) for it in _NO_VERSION):
                stream.discard()
                await lower.write(_INSTEAD[self._spec.tls.refusal])
            await stream.flush()
            raise
        return stream

    def _choose(self, connection: SSL.Connection) -> None:
        """Called by OpenSSL during the handshake, even without SNI."""
        name = connection.get_servername()
        sni = None if name is None else name.decode("ascii", "replace")
        self._seen(sni)
        chain = self._spec.chain_for(sni)
        if chain is None:
            # The first context has no certificate: the handshake ends here.
            connection.set_app_data(_REFUSED)
            return
        if chain not in self._contexts:
            self._contexts[chain] = self._context(chain)
        connection.set_context(self._contexts[chain])

    def _context(self, chain: Chain) -> SSL.Context:
        context = SSL.Context(SSL.TLS_SERVER_METHOD)
        limits = self._spec.tls
        if limits.minimum < ssl.TLSVersion.TLSv1_2:
            # OpenSSL allows TLS 1.0 and 1.1 only at security level 0.
            context.set_cipher_list(b"ALL:@SECLEVEL=0")
        if limits.ciphers:
            context.set_cipher_list(limits.ciphers.encode("ascii"))
        if limits.dh is not None and limits.dh.bits >= LEAST_DH_BITS:
            _load_group(context, limits.dh)
        context.set_min_proto_version(_VERSIONS[limits.minimum])
        context.set_max_proto_version(_VERSIONS[limits.maximum])
        if self._spec.client_certificates:
            required = SSL.VERIFY_FAIL_IF_NO_PEER_CERT
            wanted = self._spec.client_certificates.required
            context.set_verify(SSL.VERIFY_PEER | (required if wanted else 0))
            store = context.get_cert_store()
            assert store is not None
            for issued in self._spec.client_certificates.authorities:
                context.add_client_ca(issued.certificate)
                store.add_cert(crypto.X509.from_cryptography(issued.certificate))
        if chain:
            context.use_privatekey(chain[0].key)
            context.use_certificate(chain[0].certificate)
            for issued in chain[1:]:
                context.add_extra_chain_cert(issued.certificate)
        return context


def _load_group(context: SSL.Context, group: DhGroup) -> None:
    """Have the context use this group; with the curve alone on offer it does not agree on one of RFC 7919 instead."""
    context.set_tmp_ecdh(SECP256R1())
    numbers = b"".join(_integer(it) for it in (group.prime, group.generator))
    text = base64.encodebytes(b"\x30" + _length(numbers) + numbers).decode("ascii")
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(f"-----BEGIN DH PARAMETERS-----\n{text}-----END DH PARAMETERS-----\n")
        file.flush()
        context.load_tmp_dh(file.name)


def _integer(number: int) -> bytes:
    """In DER (X.690, 8.3): with a zero in front where the highest bit is set."""
    data = number.to_bytes(number.bit_length() // 8 + 1, "big")
    return b"\x02" + _length(data) + data


def _length(data: bytes) -> bytes:
    size = len(data)
    if size < 128:
        return bytes([size])
    width = (size.bit_length() + 7) // 8
    return bytes([128 + width]) + size.to_bytes(width, "big")
