"""Every id that Slack hands back: commands, shortcuts, buttons and menus. Scripts rely on the public ones."""

import re

COMMAND = "/agw"

DIAGNOSE_SHORTCUT = "diagnose_gateway"

APPROVE_PREFIX = "approve_"
APPROVE = re.compile(r"^approve_[a-z0-9_]+$")
REJECT = "reject"
CANCEL = "cancel"
UNDO = "undo"
EVIDENCE = "evidence"
DETAILS = "details"
TICK = "tick"
"""A box of a checklist."""
CERTIFICATE = "certificate"
HAND_IN = "hand_in_certificate"
AS_CODE = "as_code"
DIAGNOSE_AGAIN = "diagnose_again"
DIAGNOSE_NOW = "diagnose_now"
PICK_GATEWAY = "pick_gateway"

APPROVE_VIEW = "approve"
"""The modal whose submission approves."""
REASON = "reason"
HAND_IN_VIEW = "hand_in_certificate"
"""The modal that takes a certificate, and its two fields."""
CER_FILE = "cer_file"
CER_TEXT = "cer_text"
EVIDENCE_VIEW = "evidence"
DETAILS_VIEW = "details"

ANYTHING = re.compile(r"")
"""Matches every action, so that a button of an older version of the bot gets an answer too."""


def approve(option: str) -> str:
    """The action id of the button that approves an option."""
    return f"{APPROVE_PREFIX}{option}"
