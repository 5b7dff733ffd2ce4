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
from functools import cached_property
from itertools import combinations
from pathlib import Path

import certifi
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from OpenSSL import crypto

from bot.core.model.certificate import Certificate
from bot.core.model.observation import PUBLIC, Trust, together
from bot.core.problem import Problem
from bot.probe.verification import NO_CHECK_TIME, Loaded, ServedChain, load, new_store

_DATES = frozenset({9, 10, 13, 14})
"""X509_V_ERR_* about a certificate's dates: https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/"""

LONGEST_EXPONENT = 64
"""Bits of an RSA key's public exponent. OpenSSL takes one as long as the modulus, up to 3,072 bits, and then verifies
300 times as slowly as with the usual 65537; for longer moduli it sets this limit itself (OPENSSL_RSA_MAX_PUBEXP_BITS,
https://docs.openssl.org/master/man3/RSA_get0_key/). Go's crypto/tls takes 31 bits."""

MOST_REMEMBERED = 2048
"""Chains whose verdicts are remembered in one run: more than the connections that one makes."""

MOST_STORES = 64
"""Stores that are kept in one run, one for each combination of the gateway's own roots that leads anywhere."""

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
        return self._loaded(new_store(NO_CHECK_TIME))

    @cached_property
    def store_with_dates(self) -> crypto.X509Store:
        """The same, for verifying with the dates of today.

        Raises:
            Problem: `bad_public_roots`, the extra file cannot be read.
        """
        return self._loaded(new_store())

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
        self._given = {it.sha256: it for it in _loaded(anchors)}
        self._public = _Stores(public_with_dates or public, public)
        self._now = now
        self._judged: dict[tuple[bytes, ...], Judged] = {}
        self._made: dict[tuple[str, ...], _Stores] = {}

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
        served = [load(certificate.der) for certificate in chain]
        carried = _loaded(it for it in chain if it.self_signed and it.sha256 not in self._given)
        anchors = {**self._given, **{it.sha256: it for it in carried}}
        related = _related(served, anchors)
        shown = ServedChain(served, tuple(anchors.values()))
        return (
            *self._alone(shown, anchors, related),
            self._public.verdict(PUBLIC, shown),
            *(self._among(shown, anchors, several) for several in _combinations(related)),
        )

    def _alone(
        self, shown: ServedChain, anchors: Mapping[str, Loaded], related: set[str]
    ) -> Iterator[Trust]:
        # All that lead nowhere have one answer: that of a store in which nothing is found.
        nowhere: Trust | None = None
        for digest in anchors:
            if digest in related:
                yield self._among(shown, anchors, (digest,))
            else:
                nowhere = nowhere or self._among(shown, {}, ())
                yield replace(nowhere, anchor=digest, related=False)

    def _among(
        self, shown: ServedChain, anchors: Mapping[str, Loaded], trusted: tuple[str, ...]
    ) -> Trust:
        stores = self._made.get(trusted)
        if stores is None:
            stores = _stores((anchors[it].x509 for it in trusted), self._now)
            # Not for what servers send: of that there may be as much as there are servers.
            if len(self._made) < MOST_STORES and self._given.keys() >= set(trusted):
                self._made[trusted] = stores
        return stores.verdict(together(trusted), shown)


@dataclass(frozen=True, slots=True)
class _Stores:
    """The same anchors in a store that minds dates, and in one that does not."""

    with_dates: crypto.X509Store
    without_dates: crypto.X509Store

    def verdict(self, anchor: str, shown: ServedChain) -> Trust:
        found = shown.verify(anchor, self.with_dates)
        return shown.verify(anchor, self.without_dates) if found.code in _DATES else found


def _stores(trusted: Iterable[crypto.X509], now: datetime | None) -> _Stores:
    made = _Stores(new_store(), new_store(NO_CHECK_TIME))
    if now is not None:
        made.with_dates.set_time(now)
    for it in trusted:
        made.with_dates.add_cert(it)
        made.without_dates.add_cert(it)
    return made


class TooCostly(ValueError):
    """A certificate that is not looked at, because that may take long; the message is a clause about it."""


def signed_itself(der: bytes) -> bool:
    """Whether the certificate's signature was made with its own key.

    Raises:
        TooCostly: verifying signatures of this key takes unreasonably long.
    """
    try:
        certificate = load(der)
        _check_exponent_of(certificate.x509)
    except crypto.Error:
        return False
    store = crypto.X509Store()
    store.set_flags(NO_CHECK_TIME | crypto.X509StoreFlags.CHECK_SS_SIGNATURE)
    store.add_cert(certificate.x509)
    return ServedChain([certificate]).verify("", store).code == 0


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


def _loaded(certificates: Iterable[Certificate]) -> Iterator[Loaded]:
    """Those that OpenSSL can read; no chain is verified against the others."""
    for certificate in certificates:
        try:
            yield load(certificate.der)
        except crypto.Error:
            continue


def _related(served: Sequence[Loaded], anchors: Mapping[str, Loaded]) -> set[str]:
    """The anchors that the names lead to, from the server's own certificate up.

    OpenSSL finds an issuer by its name and then looks closer, so no other anchor can become part of the chain. Names
    are compared by their hash, as OpenSSL's stores do: two names of one hash only make more anchors related.
    """
    names = {(it.subject, it.issuer) for it in (*served, *anchors.values())}
    reached: set[int] = {served[0].subject}
    while above := {issuer for subject, issuer in names if subject in reached} - reached:
        reached |= above
    return {key for key, it in anchors.items() if it.subject in reached}


def _combinations(related: set[str]) -> Iterator[tuple[str, ...]]:
    """Two or more of them; where there are too many, only all of them together."""
    several = sorted(related)
    least = 2 if len(several) <= _MOST_TOGETHER else len(several)
    for size in range(least, len(several) + 1):
        yield from combinations(several, size)
