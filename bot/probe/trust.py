"""Does a served chain end in a trust anchor? OpenSSL's answer for each anchor alone, and for related ones together.

Left out on purpose: dates (see `Certificate.valid_at`) and host names (see `bot.core.model.hostname`). Only
certificates that the server sent may complete the chain. Nothing is fetched from the URLs in a certificate, because the
gateway does not do so either: a missing intermediate is a fault of the backend
(learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting).

An anchor must be a root: without X509_V_FLAG_PARTIAL_CHAIN an intermediate is not one, as on the gateway. The code is
OpenSSL's first error. `openssl s_client` continues and shows its last: 21 where this says 20.

OpenSSL is asked with dates first, because it prefers issuers that are in date: of two certificates of one root it takes
the valid one. Only if it then objects to a date is it asked again without.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import combinations
from pathlib import Path

import certifi
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.bindings.openssl.binding import Binding
from cryptography.hazmat.primitives.asymmetric import rsa
from OpenSSL import crypto

from bot.core.model.certificate import Certificate
from bot.core.model.observation import PUBLIC, Trust, together
from bot.core.problem import Problem
from bot.probe.quiet import quiet

_NO_CHECK_TIME = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME (openssl/x509_vfy.h), for which pyOpenSSL has no name."""

_PURPOSE_SSL_SERVER = 2
"""X509_PURPOSE_SSL_SERVER (openssl/x509v3.h): what every TLS client verifies a server's chain for."""

_DATES = frozenset({9, 10, 13, 14})
"""X509_V_ERR_* about a certificate's dates: https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/"""

LONGEST_EXPONENT = 64
"""Bits of an RSA key's public exponent. OpenSSL takes one as long as the modulus, up to 3,072 bits, and then verifies
300 times as slowly as with the usual 65537; for longer moduli it sets this limit itself (OPENSSL_RSA_MAX_PUBEXP_BITS,
https://docs.openssl.org/master/man3/RSA_get0_key/). Go's crypto/tls takes 31 bits."""

MOST_REMEMBERED = 2048
"""Chains whose verdicts are remembered in one run: more than the connections that one makes."""

MOST_LOADED = 64
"""Certificates that are kept as OpenSSL has them: the roots and issuers that most chains of a gateway share."""

_MOST_TOGETHER = 5
"""Related anchors of which every combination is tried: 26 of them. That many of one name are not met."""


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
        return self._loaded(_store(_NO_CHECK_TIME))

    @cached_property
    def store_with_dates(self) -> crypto.X509Store:
        """The same, for verifying with the dates of today.

        Raises:
            Problem: `bad_public_roots`, the extra file cannot be read.
        """
        return self._loaded(_store())

    def _loaded(self, store: crypto.X509Store) -> crypto.X509Store:
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


@dataclass(frozen=True, slots=True)
class Judged:
    """A chain that was sent, and the verdicts on it."""

    chain: tuple[Certificate, ...]
    trust: tuple[Trust, ...]


class Anchors:
    """What chains are verified against in one run: roots given from outside, and the public CAs.

    `public_with_dates` are the public CAs in a store that minds dates. `now` is the moment at which
    dates are good or not, by default today.
    """

    def __init__(
        self,
        anchors: Iterable[Certificate],
        public: crypto.X509Store,
        public_with_dates: crypto.X509Store | None = None,
        now: datetime | None = None,
    ) -> None:
        self._given = dict(_loaded(anchors))
        self._public = public
        self._public_with_dates = public_with_dates or public
        self._now = now
        self._judged: dict[tuple[bytes, ...], Judged] = {}

    def recall(self, sent: tuple[bytes, ...]) -> Judged | None:
        """What was found about a chain with these certificates, as DER; None: nothing yet."""
        return self._judged.get(sent)

    def judge(self, chain: Sequence[Certificate]) -> tuple[Trust, ...]:
        """An answer for each given anchor, each self-signed certificate in the chain, and the public CAs.

        Then one for each combination of related anchors. In one run a chain is verified once: another run has other
        roots, and another time.
        """
        if not chain:
            return ()
        shown = tuple(it.der for it in chain)
        known = self._judged.get(shown)
        if known is not None:
            return known.trust
        verdicts = self._verified(chain)
        if len(self._judged) < MOST_REMEMBERED:
            self._judged[shown] = Judged(tuple(chain), verdicts)
        return verdicts

    def _verified(self, chain: Sequence[Certificate]) -> tuple[Trust, ...]:
        served = [_load(certificate.der) for certificate in chain]
        carried = dict(_loaded(certificate for certificate in chain if certificate.self_signed))
        anchors = {**self._given, **carried}
        related = _related(served, anchors)
        return (
            *self._alone(served, anchors, related),
            self._verdict(PUBLIC, served, self._public_with_dates, self._public),
            *(self._among(served, anchors, several) for several in _combinations(related)),
        )

    def _alone(
        self, served: Sequence[crypto.X509], anchors: Mapping[str, crypto.X509], related: set[str]
    ) -> Iterator[Trust]:
        # All that lead nowhere have one answer: that of a store in which nothing is found.
        nowhere: Trust | None = None
        for digest in anchors:
            if digest in related:
                yield self._among(served, anchors, (digest,))
            else:
                nowhere = nowhere or self._among(served, {}, ())
                yield replace(nowhere, anchor=digest, related=False)

    def _among(
        self,
        served: Sequence[crypto.X509],
        anchors: Mapping[str, crypto.X509],
        trusted: Sequence[str],
    ) -> Trust:
        with_dates, without_dates = _store(), _store(_NO_CHECK_TIME)
        if self._now is not None:
            with_dates.set_time(self._now)
        for digest in trusted:
            with_dates.add_cert(anchors[digest])
            without_dates.add_cert(anchors[digest])
        return self._verdict(together(trusted), served, with_dates, without_dates)

    def _verdict(
        self,
        anchor: str,
        served: Sequence[crypto.X509],
        with_dates: crypto.X509Store,
        without_dates: crypto.X509Store,
    ) -> Trust:
        found = _verify(anchor, with_dates, served)
        return _verify(anchor, without_dates, served) if found.code in _DATES else found


class TooCostly(ValueError):
    """A certificate that is not looked at, because that may take long; the message is a clause about it."""


def signed_itself(der: bytes) -> bool:
    """Whether the certificate's signature was made with its own key.

    Raises:
        TooCostly: verifying signatures of this key takes unreasonably long.
    """
    try:
        certificate = _load(der)
        _check_exponent_of(certificate)
    except crypto.Error:
        return False
    store = crypto.X509Store()
    store.set_flags(_NO_CHECK_TIME | crypto.X509StoreFlags.CHECK_SS_SIGNATURE)
    store.add_cert(certificate)
    return _verify("", store, [certificate]).code == 0


def _check_exponent_of(certificate: crypto.X509) -> None:
    try:
        key = certificate.get_pubkey().to_cryptography_key()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return  # A kind of key that cannot be used, and costs nothing.
    check_exponent(key.public_numbers().e.bit_length() if isinstance(key, rsa.RSAPublicKey) else 0)


def check_exponent(bits: int) -> None:
    """
    Raises:
        TooCostly: verifying signatures with an exponent of so many bits takes unreasonably long.
    """
    if bits > LONGEST_EXPONENT:
        raise TooCostly(f"its RSA key has an exponent of {bits} bits, too many to verify with")


def _store(flags: int = 0) -> crypto.X509Store:
    store = crypto.X509Store()
    store.set_flags(flags)
    # pyOpenSSL has no method for it; without a purpose, OpenSSL does not look at the extended key usage.
    Binding.lib.X509_STORE_set_purpose(store._store, _PURPOSE_SSL_SERVER)
    return store


@lru_cache(maxsize=MOST_LOADED)
def _load(der: bytes) -> crypto.X509:
    return crypto.load_certificate(crypto.FILETYPE_ASN1, der)


def _loaded(certificates: Iterable[Certificate]) -> Iterator[tuple[str, crypto.X509]]:
    """Those that OpenSSL can read, by their SHA-256; no chain is verified against the others."""
    for certificate in certificates:
        try:
            yield certificate.sha256, _load(certificate.der)
        except crypto.Error:
            continue


def _related(served: Sequence[crypto.X509], anchors: Mapping[str, crypto.X509]) -> set[str]:
    """The anchors that the names lead to, from the server's own certificate up.

    OpenSSL finds an issuer by its name and then looks closer, so no other anchor can become part of the chain. Names
    are compared by their hash, as OpenSSL's stores do: two names of one hash only make more anchors related.
    """
    # pyOpenSSL points to `cryptography`, which refuses some certificates that OpenSSL verifies.
    with quiet(DeprecationWarning):
        every = (*served, *anchors.values())
        names = [(it.subject_name_hash(), it.get_issuer().hash()) for it in every]
    reached: set[int] = {names[0][0]}
    while above := {issuer for subject, issuer in names if subject in reached} - reached:
        reached |= above
    return {key for key, it in anchors.items() if it.subject_name_hash() in reached}


def _combinations(related: set[str]) -> Iterator[tuple[str, ...]]:
    """Two or more of them; where there are too many, only all of them together."""
    several = sorted(related)
    least = 2 if len(several) <= _MOST_TOGETHER else len(several)
    for size in range(least, len(several) + 1):
        yield from combinations(several, size)


def _verify(anchor: str, store: crypto.X509Store, served: Sequence[crypto.X509]) -> Trust:
    """OpenSSL's verdict: 0 and `ok`, or its X509_V_ERR_* number and text (openssl-verification-options)."""
    leaf, *others = served
    try:
        path = crypto.X509StoreContext(store, leaf, others).get_verified_chain()
    except crypto.X509StoreContextError as error:
        code, depth, text = error.errors
        return Trust(anchor, code, text, depth, _digest(error.certificate), related=True)
    return Trust(anchor, 0, "ok", path=tuple(map(_digest, path)), related=True)


def _digest(certificate: crypto.X509) -> str:
    return sha256(crypto.dump_certificate(crypto.FILETYPE_ASN1, certificate)).hexdigest()
