"""All gateways with what is going on at each: for the list, the picker and the Home tab."""

from datetime import timedelta

from bot.core.changes.change import Change
from bot.core.report.incident import Incident
from handlers.blocks.gateway_now import RUNNING, GatewayNow, Overview
from handlers.shell import Shell

LOOK_BACK = timedelta(days=1)
"""A diagnosis older than this says nothing of how a gateway is now."""
MOST_READ = 100
"""How many diagnoses, and how many changes, are looked through: each holds a whole report or plan."""


async def overview(shell: Shell, part: str = "") -> Overview:
    """The gateways that have `part` in their names. Raises `Problem` if Azure or the store cannot be asked."""
    every = await shell.workflow.gateways()
    store, since = shell.workflow.store, shell.clock() - LOOK_BACK
    newest: dict[str, Incident] = {}
    for incident in await store.recent_incidents(None, since, limit=MOST_READ):
        newest.setdefault(incident.gateway_id.lower(), incident)
    changes: dict[str, list[Change]] = {}
    for change in await store.open_changes(limit=MOST_READ):
        if change.state != "offered" or change.expires >= shell.clock():
            changes.setdefault(change.plan.gateway_id.lower(), []).append(change)
    found = (
        GatewayNow(it, newest.get(it.id.lower()), tuple(changes.get(it.id.lower(), ())))
        for it in every.candidates
        if part.lower() in f"{it.subscription}/{it.resource_group}/{it.name}".lower()
    )
    return Overview(part, tuple(sorted(found, key=_urgency)), every.gaps)


def _urgency(shown: GatewayNow) -> tuple[bool, bool, str, str]:
    it = shown.gateway
    return not shown.is_open, it.state == RUNNING, it.name.lower(), it.id.lower()
