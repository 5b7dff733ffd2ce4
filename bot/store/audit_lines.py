"""What is in the audit log is in the log as well, as soon as it is stored: a line each, without the long texts."""

import json
import logging
import re
from collections.abc import Sequence

from bot.core.changes.audit import AuditEntry, AuditLine

log = logging.getLogger("bot.audit")

PLAIN = re.compile(r"[!#-<>-~]+")
"""Printable ASCII without a space, a quotation mark or an equals sign."""

LONGEST = 200
"""Characters of a detail; the whole of it is in the audit log."""


def tell(lines: Sequence[AuditLine]) -> None:
    """Log the lines. What an entry has beside its action goes along as fields, for logs that have fields.

    With their hashes: a log that is kept elsewhere then says what the audit log's chain has to lead to.
    """
    for line in lines:
        entry = line.entry
        fields = {name: text for name, text in (*_fields(entry), *_chained(line)) if text}
        shown = " ".join(f"{name}={_plain(text)}" for name, text in fields.items())
        log.info("%s %s", entry.action, shown, extra={"fields": {"action": entry.action, **fields}})


def _plain(text: str) -> str:
    """A text that cannot look like further fields or steer a terminal, as it is; any other one quoted."""
    return text if PLAIN.fullmatch(text) else json.dumps(text)


def _chained(line: AuditLine) -> list[tuple[str, str]]:
    return [("audit_line", str(line.number)), ("audit_hash", line.hash or "")]


def _fields(entry: AuditEntry) -> list[tuple[str, str]]:
    return [
        ("gateway", entry.gateway_id),
        ("change", entry.change),
        ("user", entry.user),
        ("team", entry.team),
        *((name, " ".join(text[:LONGEST].split())) for name, text in entry.details.items()),
    ]
