"""One chain verified by OpenSSL, through pyOpenSSL's own binding.

pyOpenSSL's `X509StoreContext` copies certificates for its answer and builds the chain anew for each store, which takes
longer than the verifying; here the answer is digests, and each chain is built once for all stores.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Any

from cryptography.hazmat.bindings.openssl.binding import Binding
from OpenSSL import crypto

from bot.core.model.observation import Trust

_lib, _ffi = Binding.lib, Binding.ffi

NO_CHECK_TIME = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME (openssl/x509_vfy.h), for which pyOpenSSL has no name."""

_PURPOSE_SSL_SERVER = 2
"""X509_PURPOSE_SSL_SERVER (openssl/x509v3.h): what every TLS client verifies a server's chain for."""

MOST_LOADED = 64
"""Certificates that are kept as OpenSSL has them: the roots and issuers that most chains of a gateway share."""


@dataclass(frozen=True)
class Loaded:
    """A certificate as OpenSSL has it. `subject` and `issuer` are hashes of names, as OpenSSL's stores compare them."""

    x509: crypto.X509
    sha256: str
    subject: int
    issuer: int

    @cached_property
    def at(self) -> int:
        """Where OpenSSL keeps it: in a chain that it built, the certificates are those that it was given."""
        return pointer_of(self.x509._x509)


@lru_cache(maxsize=MOST_LOADED)
def load(der: bytes) -> Loaded:
    """
    Raises:
        crypto.Error: OpenSSL cannot read it.
    """
    return loaded(crypto.load_certificate(crypto.FILETYPE_ASN1, der), sha256(der).hexdigest())


def loaded(x509: crypto.X509, digest: str) -> Loaded:
    """One that OpenSSL has already; `digest` is its SHA-256."""
    # Not by pyOpenSSL, which copies both names and points to `cryptography` for them; that refuses some certificates.
    subject = _lib.X509_NAME_hash(_lib.X509_get_subject_name(x509._x509))
    issuer = _lib.X509_NAME_hash(_lib.X509_get_issuer_name(x509._x509))
    return Loaded(x509, digest, subject, issuer)


def new_store(flags: int = 0) -> crypto.X509Store:
    """An empty store for verifying servers."""
    store = crypto.X509Store()
    store.set_flags(flags)
    # pyOpenSSL has no method for it; without a purpose, OpenSSL does not look at the extended key usage.
    _lib.X509_STORE_set_purpose(store._store, _PURPOSE_SSL_SERVER)
    return store


class Issuers:
    """What servers send after their own certificates, as OpenSSL wants it: built once for all that send the same.

    `anchors` are certificates that may end a chain, so that their digests are known as well.
    """

    def __init__(self, sent: Sequence[Loaded] = (), anchors: Iterable[Loaded] = ()) -> None:
        # The stack holds the certificates without owning them; `_kept` does.
        self._kept = tuple(it.x509 for it in sent)
        self.stack = _ffi.gc(_lib.sk_X509_new_null(), _lib.sk_X509_free)
        for it in self._kept:
            if _lib.sk_X509_push(self.stack, it._x509) <= 0:
                raise MemoryError
        self._digests = {it.at: it.sha256 for it in (*anchors, *sent)}

    def digest(self, one: Any) -> str:
        """The SHA-256 of a certificate; only a public CA is none that was given."""
        known = self._digests.get(pointer_of(one))
        if known is not None:
            return known
        # As pyOpenSSL's certificates free what they hold, this one is counted once more.
        _lib.X509_up_ref(one)
        held = crypto.X509._from_raw_x509_ptr(one)
        return sha256(crypto.dump_certificate(crypto.FILETYPE_ASN1, held)).hexdigest()


NO_ISSUERS = Issuers()


class ServedChain:
    """A chain as it was sent, the server's own certificate first, to be verified against any number of stores."""

    def __init__(self, own: Loaded, issuers: Issuers = NO_ISSUERS) -> None:
        self._own = own
        self._issuers = issuers

    def verify(self, anchor: str, store: crypto.X509Store) -> Trust:
        """OpenSSL's verdict: 0 and `ok`, or its X509_V_ERR_* number and text (openssl-verification-options)."""
        context = _ffi.gc(_lib.X509_STORE_CTX_new(), _lib.X509_STORE_CTX_free)
        own, others = self._own.x509._x509, self._issuers.stack
        if not _lib.X509_STORE_CTX_init(context, store._store, own, others):
            raise MemoryError
        if _lib.X509_verify_cert(context) > 0:
            return Trust(anchor, 0, "ok", path=self._path(context), related=True)
        code = _lib.X509_STORE_CTX_get_error(context)
        depth = _lib.X509_STORE_CTX_get_error_depth(context)
        about = self._digest(_lib.X509_STORE_CTX_get_current_cert(context))
        return Trust(anchor, code, _text(code), depth, about, related=True)

    def _path(self, context: Any) -> tuple[str, ...]:
        chain = _lib.X509_STORE_CTX_get1_chain(context)
        path = []
        for number in range(_lib.sk_X509_num(chain)):
            one = _lib.sk_X509_value(chain, number)
            path.append(self._digest(one))
            _lib.X509_free(one)
        _lib.sk_X509_free(chain)
        return tuple(path)

    def _digest(self, one: Any) -> str:
        return self._own.sha256 if pointer_of(one) == self._own.at else self._issuers.digest(one)


def pointer_of(one: Any) -> int:
    """Where OpenSSL keeps it."""
    return int(_ffi.cast("uintptr_t", one))


@lru_cache(maxsize=128)
def _text(code: int) -> str:
    said: bytes = _ffi.string(_lib.X509_verify_cert_error_string(code))
    return said.decode()
