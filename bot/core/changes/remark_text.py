"""The sentences of remarks: the one place that knows how the end of a change is worded."""

import string
from collections.abc import Iterable, Mapping

from bot.core.changes.change import Change
from bot.core.changes.remark import Remark, RemarkCode
from bot.core.model.marked import mark

SENTENCES: Mapping[RemarkCode, str] = {
    "frozen": "Nothing was changed: changes are frozen until {until} (AGW_FREEZE).",
    "not_running": "Nothing was changed: the gateway's operational state is {state}. Diagnose again when it runs.",
    "in_other_state": "Nothing was changed: the gateway's provisioning state is {state}.",
    "changed_since_offer": (
        "Nothing was changed: the gateway was changed since this was offered. Diagnose again for a new offer."
    ),
    "changed_while_checked": (
        "Nothing was changed: somebody else changed the gateway while this was being checked, so this was not sent"
        " ({where}). Diagnose again for a new offer."
    ),
    "does_not_fit": "Nothing was changed: the gateway is not as it was shown: {conflict}.",
    "foreseen": "Nothing was changed, because Azure would refuse it: {because}.",
    "policy_denies": (
        "Nothing was changed: Azure Policy's own check says that it would be denied by the assignment {names}."
        " Ask whoever manages the policy."
    ),
    "locked": (
        "Nothing was changed: the read-only lock {lock} on {place} lets nobody change the gateway. Ask why it is there;"
        " an Owner or User Access Administrator can remove it."
    ),
    "unresolved": (
        "Nothing was changed: the pool member {server} does not resolve from here. Writing the gateway while a name"
        " does not resolve would make it forget the address it still uses."
    ),
    "no_certificate": (
        "Nothing was changed: {server} no longer shows its certificate from here, so it cannot be compared with the"
        " approved one."
    ),
    "other_certificate": (
        "Nothing was changed: {server} now serves a different certificate from the approved one:"
        " approved SHA-256 {approved}, now {now} ({subject})."
    ),
    "would_be_unhealthy": (
        "Nothing was changed: the gateway tried the new probe itself, and {server} would be unhealthy: {message}."
    ),
    "unreadable": "Nothing was changed. {said}",
    "approval_over": (
        "Nothing was changed: the approval was for {minutes:minute}, over before anything was sent."
        " Diagnose again."
    ),
    "approval_over_updating": (
        "Nothing was changed: another operation was still updating the gateway when the {minutes:minute} of the"
        " approval were over. Diagnose again when it has ended; one that takes more than an hour is a case for"
        " Microsoft's support."
    ),
    "approval_over_unreachable": (
        "Nothing was changed: Azure did not answer until the {minutes:minute} of the approval were over. {said}"
        " Diagnose again."
    ),
    "cancelled": "Nothing was changed: it was cancelled before anything was sent to Azure.",
    "refused": "Nothing was changed. {said}",
    "overtaken": (
        "This approval changed nothing: somebody else changed the gateway at the same time, and Azure refused this"
        " change. Diagnose again."
    ),
    "not_carried_out": (
        "Not carried out, as far as Azure shows: {minutes:minute} after it was to be sent, the gateway does not have"
        " the change. Diagnose again, and press again if it is still needed."
    ),
    "superseded": (
        "Azure cancelled the change because another operation on the gateway superseded it; it is not in effect."
        " Diagnose again."
    ),
    "not_kept": "Azure took the change, but did not keep it; it is not in effect. {said} Diagnose again.",
    "taken_back": (
        "Azure took the change, but it is no longer in effect: something has taken it back. Find out what else writes"
        " this gateway, such as an ingress controller or a pipeline, and make the change there."
    ),
    "gone": "The gateway was deleted meanwhile.",
    "not_known": (
        "Not known: {hours:hour} after the change was approved, Azure does not say how it ended, so I stop looking."
        " The gateway may hold the change. Diagnose again."
    ),
    "operation_failed": "The gateway has the change, but Azure says that rolling it out failed: {said}",
    "state_failed": (
        "The gateway has the change, but Azure gives its provisioning state as Failed, and no reason. The activity log"
        " of the gateway has the reason; a change that Azure can roll out ends that state."
    ),
    "differs": "Apart from the change, the gateway differs from the plan: {where}.",
    "verified": (
        "Verified: the gateway still has the change, reports the {watched:backend} that it is for as healthy, and a new"
        " diagnosis finds no fault at its {backends:backend}, nor in the {requests:request} of clients that it tried."
    ),
    "healed_in_part": (
        "Healthy again: the {watched:backend} that this change is for. But the gateway is not without fault: {left}"
    ),
    "not_fixed": "Changed, but not fixed: backend health is {health}. {left}",
    "not_verified": "Changed, but not verified: backend health is {health} at the end of the time allowed.",
    "not_diagnosed": (
        "The gateway could not be diagnosed again, so its other backends and its clients were not looked at. {said}"
    ),
    "not_seen": (
        "Not known: {requests:request} of clients could not be tried, and {questions:question} of the diagnosis stayed"
        " open."
    ),
    "clients": "{suffering}",
    "undone": "The gateway is as it was before; backend health is now {health}.",
    "undone_alone": (
        "What the change had made is taken back; backend health is now {health}. How the rest was before is no longer"
        " stored, so it was not compared."
    ),
    "undone_in_part": (
        "What the change had made is taken back; backend health is now {health}. The gateway is not wholly as it was"
        " before, because somebody else changed it as well: {where}."
    ),
    "undone_unproven": (
        "The configuration reads as before, which does not prove that the gateway runs it; backend health is now"
        " {health}."
    ),
    "cures_failed": (
        "The gateway's provisioning state is Failed. Microsoft's cure for that is an update that succeeds, and this is"
        " one; it can fail for the same reason as the one before."
    ),
    "waits_for_update": (
        "Another operation is at work on the gateway. Once approved, this waits for its end, and goes on if the gateway"
        " is then as shown here."
    ),
    "stays": "What somebody else changed since stays as it is: {where}.",
    "handed_in": (
        "The certificate was handed in by a person. I could not reach {servers}, so I did not see it served, and could"
        " not try whether this helps. Compare its SHA-256 with whoever runs the backend."
    ),
    "handed_in_weak": "It {what}: whether the gateway accepts that is not known.",
    "first_root": "Public CAs then no longer count for {settings}: only the roots that are listed there do.",
}


_NAMES = frozenset({"state", "server", "subject", "lock"})
"""Parts that are one name from outside; the others are numbers, or sentences in which names are marked."""


def remark(code: RemarkCode, /, **parts: str) -> Remark:
    """A remark with exactly the parts that its sentence names.

    Raises:
        ValueError: a part is missing, or one too many.
    """
    if parts.keys() != wanted_parts(code):
        raise ValueError(f"{code} has the parts {sorted(wanted_parts(code))}, not {sorted(parts)}")
    return Remark(code, parts)


def wanted_parts(code: RemarkCode) -> set[str]:
    """What the sentence of a code names."""
    return {name for _, name, _, _ in string.Formatter().parse(SENTENCES[code]) if name}


class _Part(str):
    """A part as a sentence has it: `{backends:backend}` is "1 backend", or "2 backends"."""

    __slots__ = ()

    def __format__(self, noun: str) -> str:
        return f"{self!s} {noun}{'' if self == '1' else 's'}" if noun else str(self)


def in_words(said: Remark) -> str:
    """A remark in words; what it does not say is left open, so that what is stored always stays readable."""
    known = {name: said.parts.get(name, "?") for name in wanted_parts(said.code)}
    named = {name: _Part(mark(it) if name in _NAMES else it) for name, it in known.items()}
    return SENTENCES[said.code].format_map(named)


def all_in_words(remarks: Iterable[Remark]) -> str:
    """Several, one after the other."""
    return " ".join(map(in_words, remarks))


def outcome_text(change: Change) -> str:
    """How a change ended, in words; empty while it has not, and nothing is to be said."""
    return all_in_words(change.remarks) or change.outcome
