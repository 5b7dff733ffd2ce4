"""Each end of a change is counted where it is stored: once, whichever replica carried it out."""

from collections.abc import Sequence

from bot.core.changes.audit import AuditEntry
from bot.core.changes.change import ACTIVE, Change, ChangeState
from bot.telemetry import CHANGE_SECONDS, CHANGES, ENDS, record


def tell(before: ChangeState, moved: Change, entries: Sequence[AuditEntry]) -> None:
    """Count it if that was its end; how long it took if it had been approved."""
    if moved.state not in ENDS:
        return
    record(CHANGES, outcome=moved.state)
    if before in ACTIVE and moved.decided and entries:
        record(CHANGE_SECONDS, (entries[-1].at - moved.decided).total_seconds())
