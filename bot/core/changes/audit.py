"""One line of the audit log: append-only, ids instead of names, never a secret."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.core.model.marked import plain


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Something that happened: `action` is short and stable (`diagnosed`, `offered`, `approved`, `refused`,
    `put_intended`, `put_answered`, `verified`, `undone`, ...); `details` are plain texts: digest, etags,
    fingerprints, correlation id, what was shown."""

    at: datetime
    action: str
    gateway_id: str
    team: str = ""
    user: str = ""
    change: str = ""
    details: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        told = {key: plain(text) for key, text in self.details.items()}
        object.__setattr__(self, "details", told)


@dataclass(frozen=True, slots=True)
class AuditLine:
    """An entry as it stands in the log.

    `text` is what is stored, and what `hash` covers together with `previous`, the hash of the line before
    (`bot.core.changes.audit_chain`); both are None in a line that was written before there was a chain.
    """

    entry: AuditEntry
    number: int
    text: str
    previous: str | None
    hash: str | None
