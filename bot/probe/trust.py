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

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import combinations
from pathlib import Path

import certifi
from OpenSSL import crypto

from bot.core.model.certificate import Certificate
from bot.core.model.observation import PUBLIC, Trust, together
from bot.core.problem import Problem
from bot.probe.verification import (
    NO_CHECK_TIME,
    Issuers,
    Loaded,
    ServedChain,
    load,
    loaded,
    new_store,
)

_DATES = frozenset({9, 10, 13, 14})
"""X509_V_ERR_* about a certificate's dates: https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/"""

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

    @property
    def are_read(self) -> bool:
        """Whether both stores are there."""
        return {"store", "store_with_dates"} <= vars(self).keys()

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
        self._given = {it.sha256: it for it in _readable(anchors)}
        self._public = _Stores(public_with_dates or public, public)
        self._now = now
        self._judged: dict[tuple[bytes, ...], Judged] = {}
        self._made: dict[tuple[str, ...], _Stores] = {}
        self._known_above: dict[tuple[str, ...], _Above] = {}

    def recall(self, sent: tuple[bytes, ...]) -> Judged | None:
        """What was found about a chain with these certificates, as DER; None: nothing yet."""
        return self._judged.get(sent)

    def judge(
        self, chain: Sequence[Certificate], shown_first: crypto.X509 | None = None
    ) -> tuple[Trust, ...]:
        """An answer for each given anchor, each self-signed certificate in the chain, and the public CAs.

        Then one for each combination of related anchors. In one run a chain is verified once: another run has other
        roots, and another time. `shown_first` is the chain's first certificate, if OpenSSL has it already.
        """
        if not chain:
            return ()
        shown = tuple(it.der for it in chain)
        known = self._judged.get(shown)
        if known is not None:
            return known.trust
        verdicts = self._verified(chain, shown_first)
        if len(self._judged) < MOST_REMEMBERED:
            self._judged[shown] = Judged(tuple(chain), verdicts)
        return verdicts

    def _verified(
        self, chain: Sequence[Certificate], shown_first: crypto.X509 | None
    ) -> tuple[Trust, ...]:
        first, *issuers = chain
        own = load(first.der) if shown_first is None else loaded(shown_first, first.sha256)
        above = self._above(tuple(issuers), first if first.self_signed else None)
        related = above.related(own)
        shown = ServedChain(own, above.issuers)
        return (
            *self._alone(shown, above.anchors, related),
            self._public.verdict(PUBLIC, shown),
            *(self._among(shown, above.anchors, several) for several in _combinations(related)),
        )

    def _above(self, issuers: tuple[Certificate, ...], alone: Certificate | None) -> "_Above":
        """What may stand above a server's own certificate: `alone` is that one, if it signed itself."""
        sent = (*(it.sha256 for it in issuers), alone.sha256 if alone else "")
        found = self._known_above.get(sent)
        if found is None:
            shown = issuers if alone is None else (alone, *issuers)
            carried = _readable(
                it for it in shown if it.self_signed and it.sha256 not in self._given
            )
            anchors = {**self._given, **{it.sha256: it for it in carried}}
            found = _Above([load(it.der) for it in issuers], anchors)
            if len(self._known_above) < MOST_STORES:
                self._known_above[sent] = found
        return found

    def _alone(
        self, shown: ServedChain, anchors: Mapping[str, Loaded], related: Collection[str]
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


class _Above:
    """The certificates that servers send after their own, and the anchors in which their chains may end."""

    def __init__(self, sent: Sequence[Loaded], anchors: Mapping[str, Loaded]) -> None:
        self.anchors = anchors
        self.issuers = Issuers(sent, anchors.values())
        self._names = {(it.subject, it.issuer) for it in (*sent, *anchors.values())}
        self._subjects = {subject for subject, _ in self._names}
        self._related: dict[frozenset[int], frozenset[str]] = {}

    def related(self, own: Loaded) -> frozenset[str]:
        """The anchors that the names lead to, from the server's own certificate up.

        OpenSSL finds an issuer by its name and then looks closer, so no other anchor can become part of the chain.
        Names are compared by their hash, as OpenSSL's stores do: two names of one hash only make more anchors related.
        """
        begin = frozenset(self._subjects & {own.subject, own.issuer})
        found = self._related.get(begin)
        if found is None:
            reached = set(begin)
            while above := {up for subject, up in self._names if subject in reached} - reached:
                reached |= above
            found = frozenset(key for key, it in self.anchors.items() if it.subject in reached)
            self._related[begin] = found
        return found


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


def _readable(certificates: Iterable[Certificate]) -> Iterator[Loaded]:
    """Those that OpenSSL can read; no chain is verified against the others."""
    for certificate in certificates:
        try:
            yield load(certificate.der)
        except crypto.Error:
            continue


def _combinations(related: Collection[str]) -> Iterator[tuple[str, ...]]:
    """Two or more of them; where there are too many, only all of them together."""
    several = sorted(related)
    least = 2 if len(several) <= _MOST_TOGETHER else len(several)
    for size in range(least, len(several) + 1):
        yield from combinations(several, size)
