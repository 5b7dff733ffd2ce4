"""Whether a change may be built on what a backend behind an ILB shows: only where Azure does not hold another one.

A certificate read from a socket is believed on first sight: whoever is in between can show their own.
"""

from bot.core.analysis.ilb_comparison import compare_ilb_certificate
from bot.core.case.view import BackendView
from bot.core.remedies.option import NotApplicable

STEPS = (
    "Was the ILB certificate changed in the last hour? Every front end takes up to 40 minutes to show it:"
    " wait, then diagnose again.",
    "If not, find out what answers at this address: a firewall or proxy that opens TLS, or another server."
    " Upload nothing that it shows.",
)


def reason_not_to_trust(view: BackendView) -> NotApplicable | None:
    """Why nothing may be built on what this backend shows, or would show; None if nothing speaks against it."""
    found = compare_ilb_certificate(view)
    if found is None or not found.differs:
        return None
    return NotApplicable(
        f"without SNI it shows another certificate than the ILB certificate of {found.environment.name}"
        " that Azure holds: somebody may be in between, or a new one is not rolled out yet (up to 40 minutes)",
        STEPS,
    )
