"""The facts of one X.509 certificate, read elsewhere: nothing here can parse one."""

from dataclasses import dataclass, field, fields
from datetime import datetime

MOST_HANDED_IN = 64 * 1024
"""Bytes of a file that a person hands in: a certificate with 100 names has 5,000."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate, as plain values.

    `subject` and `issuer` are RFC 4514 strings, `sha256` is the lower-case hex digest of the DER,
    `dns_names` are the DNS entries of the subject alternative name. `self_signed` is true only if the
    certificate's own key really signed it; `self_issued` only compares the names.

    `public_key` is the lower-case hex SHA-256 of the key (SubjectPublicKeyInfo), `key_id` and `issuer_key_id` are the
    subject and the authority key identifier, in hex (RFC 5280, 4.2.1.1 and 4.2.1.2); `key_kind` is `RSA`, `DSA` or
    `EC`, `key_bits` its length, `signature_hash` the hash that was signed, such as `sha256`. None: it says nothing
    of it, or it could not be read.
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
    public_key: str | None = None
    key_id: str | None = None
    issuer_key_id: str | None = None
    key_kind: str | None = None
    key_bits: int | None = None
    signature_hash: str | None = None

    def __hash__(self) -> int:
        """By its digest alone, which no other certificate has: 1,200 servers may have one each."""
        return hash(self.sha256)

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
class Bundle(Certificate):
    """A certificate, and what else was found behind it in the same file: the `others`."""

    others: tuple[Certificate, ...] = ()

    @property
    def first(self) -> Certificate:
        """The certificate alone, equal to any other reading of it."""
        return Certificate(**{it.name: getattr(self, it.name) for it in fields(Certificate)})


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Data that should have been a certificate but could not be read as one.

    `key_vault`: it is kept there, and only the gateway may read it, which is no fault.
    """

    reason: str
    key_vault: bool = False
