"""What the client offers in the ClientHello, the first message of a TLS handshake."""

from collections.abc import Mapping
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from OpenSSL import SSL

from bot.core.model.hostname import ascii_name
from bot.core.model.observation import Hello
from bot.probe.progress import watch

_NEWEST: Mapping[Hello, int] = {"tls12": SSL.TLS1_2_VERSION, "old": SSL.TLS1_1_VERSION}


@cache
def context(hello: Hello) -> SSL.Context:
    """A context that verifies nothing; what its connections tell is watched.

    `small` offers only P-256 for the key exchange, which every TLS 1.3 server must support (RFC 8446, 9.1); `full` is
    OpenSSL's default, with a post-quantum key share. Measured with a host name of 16 letters: 354 and 1,561 bytes.
    `tls12` offers every key exchange of TLS 1.2; `old` is TLS 1.0 and 1.1, which no gateway uses.

    TLS 1.2 or 1.3, as the gateway uses with backends since 31 August 2025
    (learn.microsoft.com/azure/application-gateway/application-gateway-tls-version-retirement).
    """
    made = SSL.Context(SSL.TLS_CLIENT_METHOD)
    made.set_min_proto_version(SSL.TLS1_VERSION if hello == "old" else SSL.TLS1_2_VERSION)
    if hello in _NEWEST:
        made.set_max_proto_version(_NEWEST[hello])
    made.set_verify(SSL.VERIFY_NONE)
    # Weak keys and legacy renegotiation are allowed: a gateway may accept what OpenSSL would not.
    made.set_options(SSL.OP_LEGACY_SERVER_CONNECT)
    made.set_cipher_list(b"DEFAULT:@SECLEVEL=0")
    if hello in ("small", "proxied"):
        made.set_tmp_ecdh(SECP256R1())
    watch(made)
    return made


def sni_bytes(sni: str) -> bytes:
    """The name as the ClientHello carries it: ASCII, without the final dot (RFC 6066, section 3).

    Raises:
        ValueError: it cannot be a host name.
    """
    name = ascii_name(sni).removesuffix(".")
    try:
        encoded = name.encode("ascii")
    except UnicodeError as error:
        raise ValueError(f"{sni!r} is not a host name") from error
    if not 0 < len(encoded) <= 255 or not name.isprintable():
        raise ValueError(f"{sni!r} is not a host name")
    return encoded
