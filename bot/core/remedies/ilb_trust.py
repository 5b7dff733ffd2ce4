"""Whether a change may rely on what a backend behind an ILB shows: only where Azure does not hold a different one.

A certificate read from a socket is trusted on first use: whoever is in between can show their own.
"""

from bot.core.analysis.ilb_comparison import compare_ilb_certificate
from bot.core.case.view import BackendView
from bot.core.model.marked import mark
from bot.core.remedies.option import NotApplicable

STEPS = (
    "Was the ILB certificate changed in the last hour? Every front end takes up to 40 minutes to show it:"
    " wait, then diagnose again.",
    "If not, find out what answers at this address: a firewall or proxy that decrypts TLS, or another server."
    " Do not upload what it shows.",
)


def reason_not_to_trust(view: BackendView) -> NotApplicable | None:
    """Why no change may rely on what this backend shows, or would show; None if nothing is against it."""
    found = compare_ilb_certificate(view)
    if found is None or not found.differs:
        return None
    return NotApplicable(
        "without SNI it shows a different certificate from the ILB certificate that Azure holds for"
        f" {mark(found.environment.name)}: somebody may be in between, or a new one is not rolled out yet (up to 40"
        " minutes)",
        STEPS,
    )
