"""Which certificates' dates the gateway checks, and which of them are out of date, or not valid yet."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.analysis.chain_fault import anchors_in_use, chain_verdict, counted
from bot.core.analysis.reported_code import reported_code
from bot.core.analysis.reported_health import reported_class
from bot.core.case.view import BackendView
from bot.core.model.asked_once import asked_once
from bot.core.model.certificate import Certificate
from bot.core.model.hostname import covers
from bot.core.model.observation import Handshake


@dataclass(frozen=True, slots=True)
class CheckedCertificates:
    """Those whose dates are checked at `now`.

    `own` is the server's own certificate, whether its dates are checked or not; `sent` are those of the chain as it
    was sent; `roots` the stored ones in which it ends, of which one in date is enough, unless `all_roots` are needed.
    `unneeded` were sent too, but do not lead to a root.
    """

    own: Certificate
    sent: tuple[Certificate, ...]
    roots: tuple[Certificate, ...]
    now: datetime
    all_roots: bool = False
    unneeded: tuple[Certificate, ...] = ()

    @property
    def late_sent(self) -> tuple[Certificate, ...]:
        """Those of the chain that are out of date, or not valid yet."""
        return tuple(it for it in self.sent if not it.valid_at(self.now))

    @property
    def late_roots(self) -> tuple[Certificate, ...]:
        """The stored roots, if none of them is in date; those that are not, if all are needed."""
        late = tuple(it for it in self.roots if not it.valid_at(self.now))
        return late if self.all_roots or len(late) == len(self.roots) else ()

    @property
    def late_root(self) -> Certificate | None:
        """The one to renew."""
        return next(iter(self.late_roots), None)

    @property
    def late(self) -> tuple[Certificate, ...]:
        """Whatever keeps the gateway from accepting the chain by its dates, each once."""
        return tuple(dict.fromkeys((*self.late_sent, *self.late_roots[:1])))


def checks_dates(view: BackendView) -> bool:
    """Whether the gateway checks any dates of this backend's certificates; v2 can be told not to."""
    return not view.gateway.traits.verifies_chain or view.settings.validate_chain


@asked_once
def checked_certificates(view: BackendView, handshake: Handshake) -> CheckedCertificates:
    """v1 checks the certificate that comes first, v2 those up to a root and the root, unless it was told not to.

    OpenSSL passes over what it does not need (such as a cross-signed root that has expired, where the root itself is
    trusted), so that is checked only where the gateway's own report speaks of dates.
    """
    chain, now = handshake.chain, view.case.now
    if not view.gateway.traits.verifies_chain:
        return CheckedCertificates(chain[0], chain[:1], (), now)
    own = own_certificate(chain, view.request.sni)
    if not checks_dates(view):
        return CheckedCertificates(own, (), (), now)
    verdict = chain_verdict(view, handshake)
    roots, needed = anchors_in_use(view, handshake), counted(view, handshake)
    checked = CheckedCertificates(
        own,
        needed if own in needed else chain,
        roots,
        now,
        all_roots=bool(verdict and verdict.path),
        unneeded=tuple(it for it in chain if own in needed and it not in needed),
    )
    if checked.unneeded and not checked.late and _says_dates(view):
        return CheckedCertificates(own, chain, roots, now, checked.all_roots)
    return checked


def _says_dates(view: BackendView) -> bool:
    code = reported_code(view)
    return reported_class(view) == "not_in_date" or (code is not None and code.kind == "date")


def own_certificate(chain: tuple[Certificate, ...], name: str | None) -> Certificate:
    """The server's own certificate, wherever in the chain it is; the first one if none stands out."""
    leaves = [it for it in chain if not it.is_ca]
    fitting = (it for it in leaves if name is None or covers(it, name))
    return next(fitting, leaves[0] if leaves and chain[0].is_ca else chain[0])
