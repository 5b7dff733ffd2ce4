"""The facts of one X.509 certificate, read elsewhere: nothing here can parse one."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate, as plain values.

    `subject` and `issuer` are RFC 4514 strings, `sha256` is the lower-case hex digest of the DER,
    `dns_names` are the DNS entries of the subject alternative name. `self_signed` is true only if the
    certificate's own key really signed it; `self_issued` only compares the names.
    """

    subject: str
    issuer: str
    common_name: str | None
    dns_names: tuple[str, ...]
    sha256: str
    not_before: datetime
    not_after: datetime
    is_ca: bool
    self_signed: bool
    der: bytes = field(repr=False)
    has_san: bool = False

    @property
    def self_issued(self) -> bool:
        """Whether subject and issuer are the same name."""
        return self.subject == self.issuer

    @property
    def is_root(self) -> bool:
        """Whether it may stand at the end of a chain: a CA that signed itself."""
        return self.is_ca and self.self_signed

    def valid_at(self, moment: datetime) -> bool:
        """Whether `moment` (aware) lies within the validity, both ends included (RFC 5280, 4.1.2.5)."""
        return self.not_before <= moment <= self.not_after


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Data that should have been a certificate but could not be read as one.

    `key_vault`: it is kept there, and only the gateway may read it, which is no fault.
    """

    reason: str
    key_vault: bool = False
