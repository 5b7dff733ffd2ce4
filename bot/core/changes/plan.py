"""A plan: everything that a press of the button will do, fixed before anyone presses it.

The approval names the plan's digest. Whatever differs at the press (another etag, another certificate) makes
another digest, so it cannot be carried out by mistake.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.core.arm.edit import Edit, undone
from bot.core.changes.remark import Remark
from bot.core.remedies.relief import NO_RELIEF, Relief


@dataclass(frozen=True, slots=True)
class Expectation:
    """A certificate that a server must still show at the press: `sha256` for that server, port and SNI."""

    server: str
    port: int
    sni: str | None
    sha256: str


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What an approver is shown of a certificate."""

    subject: str
    issuer: str
    sha256: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One place of the gateway, before and after, in words a person reads.

    `opposite`: "without X", then "with X", or the other way round, so that `after` alone says it all.
    """

    place: str
    before: str
    after: str
    opposite: bool = False


@dataclass(frozen=True, slots=True)
class BlastRadius:
    """Everything that shares the changed parts: names as in the portal."""

    settings: tuple[str, ...]
    pools: tuple[str, ...]
    rules: tuple[str, ...]
    listeners: tuple[str, ...]
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """One change to one gateway. `probe_interval` is in seconds and says how long proof may take.

    `relief` says which faults it ends and which it does not (empty in a plan that undoes another, or was stored before
    it was kept). `content` is the digest of the document that the plan was made from, empty in one stored before it was
    kept. `notes` are what an approver must know beside the change itself.
    """

    gateway_id: str
    gateway_name: str
    etag: str
    option: str
    title: str
    edits: tuple[Edit, ...]
    lines: tuple[Line, ...]
    certificates: tuple[CertificateFacts, ...]
    expects: tuple[Expectation, ...]
    blast_radius: BlastRadius
    watched: tuple[tuple[str, str, str], ...]
    probe_interval: int
    relief: Relief = NO_RELIEF
    content: str = ""
    notes: tuple[Remark, ...] = ()

    @property
    def undo(self) -> tuple[Edit, ...]:
        """What takes the change back: only what it made itself."""
        return undone(self.edits)

    @property
    def digest(self) -> str:
        """SHA-256 over what will be done to what: gateway, etag, edits and expected certificates."""
        decisive = {
            "gateway": self.gateway_id.lower(),
            "etag": self.etag,
            "option": self.option,
            "edits": [_tagged(edit) for edit in self.edits],
            "expects": [asdict(expected) for expected in self.expects],
        }
        text = json.dumps(decisive, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _tagged(edit: Edit) -> dict[str, Any]:
    return {"kind": type(edit).__name__, **asdict(edit)}
