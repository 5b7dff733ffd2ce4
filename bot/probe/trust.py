"""Does a served chain end in a trust anchor? OpenSSL's own answer, for each anchor separately.

Left out on purpose: dates (see `Certificate.valid_at`) and host names (see `bot.core.model.hostname`). Only
certificates that the server sent may complete the chain. Nothing is fetched from the URLs in a certificate, because the
gateway does not do so either: a missing intermediate is a fault of the backend
(learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting).

An anchor must be a root: without X509_V_FLAG_PARTIAL_CHAIN an intermediate is not one, as on the gateway. The code is
OpenSSL's first error. `openssl s_client` continues and shows its last: 21 where this says 20.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

import certifi
from OpenSSL import crypto

from bot.core.model.certificate import Certificate
from bot.core.model.observation import PUBLIC, Trust
from bot.core.problem import Problem

_NO_CHECK_TIME = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME (openssl/x509_vfy.h), for which pyOpenSSL has no name."""


class PublicRoots:
    """The well-known CAs: certifi's bundle, read when first needed, and optionally another PEM file."""

    def __init__(self, extra: Path | None = None) -> None:
        self._extra = extra

    @cached_property
    def store(self) -> crypto.X509Store:
        """
        Raises:
            Problem: `bad_public_roots`, the extra file cannot be read.
        """
        store = _store()
        store.load_locations(certifi.where())
        if self._extra is not None:
            try:
                store.load_locations(str(self._extra))
            except crypto.Error as error:
                raise Problem(
                    "bad_public_roots",
                    f"The file of additional public roots, {self._extra}, cannot be read.",
                    "It must be a PEM file with certificates.",
                ) from error
        return store


class Anchors:
    """What chains are verified against in one run: roots given from outside, and the public CAs."""

    def __init__(self, anchors: Iterable[Certificate], public: crypto.X509Store) -> None:
        self._given = tuple(anchors)
        self._public = public

    def judge(self, chain: Sequence[Certificate]) -> tuple[Trust, ...]:
        """An answer for each given anchor, each self-signed certificate in the chain, and the public CAs."""
        if not chain:
            return ()
        leaf, *others = (_load(certificate.der) for certificate in chain)
        return tuple(
            Trust(anchor, *_verify(store, leaf, others)) for anchor, store in self._stores(chain)
        )

    def _stores(self, chain: Sequence[Certificate]) -> Iterator[tuple[str, crypto.X509Store]]:
        carried = (certificate for certificate in chain if certificate.self_signed)
        distinct = {anchor.sha256: anchor for anchor in (*self._given, *carried)}
        for sha256, anchor in distinct.items():
            try:
                certificate = _load(anchor.der)
            except crypto.Error:
                continue  # OpenSSL cannot read it, so no chain was verified against it.
            store = _store()
            store.add_cert(certificate)
            yield sha256, store
        yield PUBLIC, self._public


def signed_itself(der: bytes) -> bool:
    """Whether the certificate's signature was made with its own key."""
    try:
        certificate = _load(der)
    except crypto.Error:
        return False
    store = _store(crypto.X509StoreFlags.CHECK_SS_SIGNATURE)
    store.add_cert(certificate)
    code, _ = _verify(store, certificate, ())
    return code == 0


def _store(flags: int = 0) -> crypto.X509Store:
    store = crypto.X509Store()
    store.set_flags(_NO_CHECK_TIME | flags)
    return store


def _load(der: bytes) -> crypto.X509:
    return crypto.load_certificate(crypto.FILETYPE_ASN1, der)


def _verify(
    store: crypto.X509Store, leaf: crypto.X509, others: Sequence[crypto.X509]
) -> tuple[int, str]:
    """OpenSSL's verdict: 0 and `ok`, or its X509_V_ERR_* number and text (openssl-verification-options)."""
    try:
        crypto.X509StoreContext(store, leaf, others).verify_certificate()
    except crypto.X509StoreContextError as error:
        code, _, text = error.errors
        return code, text
    return 0, "ok"
