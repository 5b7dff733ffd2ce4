"""An App Service Environment behind an internal load balancer (ILB), as far as Azure shows it.

Read only where the bot may; `Unavailable` says why it could not, and is never an error. What Azure holds was put there
by somebody who may write it, so it says whether a certificate read from a socket is the right one:
https://learn.microsoft.com/azure/app-service/environment/create-from-template (v2) and
https://learn.microsoft.com/azure/app-service/environment/how-to-custom-domain-suffix (v3).
"""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha1
from ipaddress import ip_address
from typing import Literal

from bot.core.model.certificate import Certificate, Unreadable
from bot.core.model.gateway import Gateway, is_ip
from bot.core.model.hostname import covers
from bot.core.model.marked import mark
from bot.core.model.unavailable import Unavailable

EnvironmentVersion = Literal["v2", "v3"]

Shown = Literal["ilb", "default_domain", "custom_suffix", "other"]
"""Which of its certificates an environment shows. `ilb`: the very one that Azure holds as its ILB certificate;
`default_domain`, `custom_suffix`: one for names below that suffix."""


@dataclass(frozen=True, slots=True)
class IlbCertificate:
    """What Azure holds as the ILB certificate of an environment (v2).

    `thumbprint` is the SHA-1 of the DER in lower-case hex: all that some answers tell of a certificate.
    """

    id: str
    name: str
    thumbprint: str
    certificate: Certificate | Unreadable

    def is_same(self, served: Certificate) -> bool:
        """Whether the served certificate is this one."""
        if isinstance(self.certificate, Certificate):
            return self.certificate.sha256 == served.sha256
        return self.thumbprint == sha1(served.der, usedforsecurity=False).hexdigest()

    @property
    def label(self) -> str:
        """Which certificate, for a person."""
        if isinstance(self.certificate, Certificate):
            return f"{mark(self.certificate.subject)} (SHA-256 {self.certificate.sha256})"
        return f"{mark(self.name)} (SHA-1 {self.thumbprint})"


@dataclass(frozen=True, slots=True)
class CustomSuffix:
    """The further suffix that v3 may have, and how Azure is getting on with it.

    `state` is Succeeded, InProgress, Degraded or Failed, and `details` what Azure says of it; `certificate` is the
    address in Key Vault of the one for its names: Azure shows no more of it.
    https://learn.microsoft.com/azure/app-service/environment/how-to-custom-domain-suffix
    """

    name: str
    state: str | None
    details: str | None
    certificate: str | None


@dataclass(frozen=True, slots=True)
class Environment:
    """One environment; `inbound` are the addresses at which it answers.

    `dns_suffix` is that of its apps' own names, `custom_suffix` the one that v3 may have beside it. Only v2 has ILB
    certificates that Azure shows: v3 keeps the one for its custom suffix in Key Vault, and the one for its own
    domain is Azure's. There is none as well where a v2 environment was made without one. `notes` says what of it could
    not be read.
    """

    id: str
    name: str
    version: EnvironmentVersion
    inbound: tuple[str, ...]
    dns_suffix: str | None
    custom_suffix: CustomSuffix | None
    ilb_certificates: tuple[IlbCertificate, ...] | Unavailable
    notes: tuple[str, ...] = ()

    @property
    def held(self) -> tuple[IlbCertificate, ...]:
        """The ILB certificates as far as they were read."""
        return () if isinstance(self.ilb_certificates, Unavailable) else self.ilb_certificates

    def holding(self, served: Certificate) -> IlbCertificate | None:
        """What Azure holds of this very certificate, if it does."""
        return next((it for it in self.held if it.is_same(served)), None)

    def shown(self, served: Certificate) -> Shown:
        """Which of its certificates this is."""
        if self.held:
            return "ilb" if self.holding(served) else "other"
        if self.custom_suffix and _below(self.custom_suffix.name, served):
            return "custom_suffix"
        return "default_domain" if _below(self.dns_suffix, served) else "other"


def private_members(gateway: Gateway) -> frozenset[str]:
    """The pool members by an address that is not of the internet: only there an ILB can be."""
    servers = {server for pool in gateway.pools for server in pool.servers}
    return frozenset(filter(_is_private, servers))


@lru_cache(maxsize=4_096)
def _is_private(server: str) -> bool:
    """Remembered, since a pool has up to 1,200 members and each diagnosis asks three times."""
    return is_ip(server) and not ip_address(server).is_global


def _below(suffix: str | None, served: Certificate) -> bool:
    return suffix is not None and covers(served, f"app.{suffix}")
