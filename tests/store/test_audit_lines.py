"""The lines of the audit log in the log: what a person wrote never looks like a field, nor steers a terminal."""

import logging

import pytest

from bot.core.changes.audit import AuditEntry, AuditLine
from bot.store.audit_lines import tell
from tests.core.make import ID, NOW

HASH = "ab" * 32


def line(entry: AuditEntry) -> AuditLine:
    """As it stands in the log."""
    return AuditLine(entry, 7, "{}", "", HASH)


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        ("agreed", "reason=agreed"),
        ("ok user=U0EVE", 'reason="ok user=U0EVE"'),
        ("\x1b[2Jgone", r'reason="\u001b[2Jgone"'),
        ('"quoted"', r'reason="\"quoted\""'),
        ("übernommen", r'reason="\u00fcbernommen"'),
    ],
)
def test_a_reason_is_one_value(reason: str, shown: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "bot.audit"):
        tell([line(AuditEntry(NOW, "approved", ID, user="U0ADA", details={"reason": reason}))])
    assert caplog.messages == [
        f"approved gateway={ID} user=U0ADA {shown} audit_line=7 audit_hash={HASH}"
    ]
