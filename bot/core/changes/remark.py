"""What is to be said of a change, as codes with parts: stored like this, and put into words when somebody reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

RemarkCode = Literal[
    # Nothing was sent to Azure.
    "frozen",
    "not_running",
    "in_other_state",
    "changed_since_offer",
    "changed_while_checked",
    "does_not_fit",
    "foreseen",
    "policy_denies",
    "locked",
    "unresolved",
    "no_certificate",
    "other_certificate",
    "would_be_unhealthy",
    "unreadable",
    "approval_over",
    "approval_over_updating",
    "approval_over_unreachable",
    "cancelled",
    # Sent, and not in effect.
    "refused",
    "overtaken",
    "not_carried_out",
    "superseded",
    "not_kept",
    "taken_back",
    "gone",
    # In effect, or perhaps.
    "not_known",
    "operation_failed",
    "state_failed",
    "differs",
    # How it looks after it.
    "verified",
    "healed_in_part",
    "not_fixed",
    "not_verified",
    "not_diagnosed",
    "not_seen",
    "clients",
    "undone",
    "undone_alone",
    "undone_in_part",
    "undone_unproven",
    # What a plan says of itself.
    "cures_failed",
    "waits_for_update",
    "stays",
    "handed_in",
    "handed_in_weak",
    "first_root",
]


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to be said: a code, and what its sentence names. `bot.core.changes.remark_text` makes them."""

    code: RemarkCode
    parts: Mapping[str, str] = field(default_factory=dict)
