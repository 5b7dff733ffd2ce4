"""Pointing somebody to a card that already stands, instead of diagnosing once more."""

import logging
from datetime import timedelta

from bot.core.problem import Problem
from bot.core.report.incident import Incident
from handlers.blocks.kit import note
from handlers.blocks.text import code, link, moment
from handlers.interactions import Interaction
from handlers.shell import Shell

log = logging.getLogger(__name__)

STILL_RUNNING = timedelta(minutes=10)
"""A diagnosis takes less: an older incident is not the one that is being looked at."""


async def recent_incident(shell: Shell, gateway_id: str, age: timedelta) -> Incident | None:
    """The newest incident of a gateway, if it is not older than `age`."""
    since = shell.clock() - age
    recent = await shell.workflow.store.recent_incidents(gateway_id, since, limit=1)
    return recent[0] if recent else None


async def point_to(shell: Shell, act: Interaction, incident: Incident | None) -> bool:
    """Link somebody to the existing card; False if it no longer exists."""
    if incident is None or not incident.ts:
        await shell.tell(act, note("Somebody just asked that. The card is coming."))
        return True
    try:
        url = await shell.slack.link(incident.channel, incident.ts)
    except Problem as gone:
        log.info("card of %s: %s", incident.gateway_name, gone)
        return False
    name = code(incident.gateway_name)
    text = f"{name} is being diagnosed: see {link(url, 'the card')}."
    if incident.report is not None:
        text = (
            f"{name} was diagnosed {moment(incident.created)}: see {link(url, 'the card')}."
            " Add `again` to diagnose it again."
        )
    await shell.tell(act, note(text))
    return True
