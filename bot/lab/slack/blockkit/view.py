"""Modals and Home tabs: their own keys, around their blocks."""

from typing import Any

from bot.lab.slack.blockkit.check import block_faults
from bot.lab.slack.blockkit.slots import FLAG, Slot, String, plain
from bot.lab.slack.blockkit.structure import fault, faults
from bot.lab.values import Json

_VIEW: dict[str, Slot] = {
    "private_metadata": String(3000, least=0),
    "callback_id": String(255, least=0),
    "external_id": String(255, least=0),
}
_MODAL: dict[str, Slot] = {
    "title": plain(24),
    "submit": plain(24),
    "close": plain(24),
    "clear_on_close": FLAG,
    "notify_on_close": FLAG,
    "submit_disabled": FLAG,
}


def view_faults(view: Any) -> list[str]:
    """Everything for which Slack would refuse this modal or Home tab.

    https://docs.slack.dev/reference/views/modal-views
    """
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        return [fault("must be a valid enum value (modal, home)", "/view/type")]
    modal = view["type"] == "modal"
    keys = _VIEW | (_MODAL if modal else {})
    found = [
        fault(f"invalid additional property: {key}", "/view")
        for key in view.keys() - keys.keys() - {"type", "blocks"}
    ]
    for key in keys.keys() & view.keys():
        found += faults(view[key], keys[key], f"/view/{key}")
    found += block_faults(view.get("blocks"), "modal" if modal else "home", "/view/blocks")
    if modal and "title" not in view:
        found.append(fault("missing required field: title", "/view"))
    if not found and modal and "submit" not in view and _has_input(view["blocks"]):
        found.append(fault("missing required field: submit", "/view"))
    return found


def _has_input(blocks: list[Json]) -> bool:
    return any(block["type"] == "input" for block in blocks)
