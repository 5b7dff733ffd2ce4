"""Which gateway? Asked where nobody said it, unless it was said in the thread of a card."""

import logging

from bot.core.problem import Problem
from bot.core.report.incident import Incident
from bot.core.routing.target import parse_target
from bot.workflow.lookup_result import Candidate
from handlers.blocks import gateways
from handlers.blocks.gateway_now import Overview
from handlers.diagnosing import Diagnosing
from handlers.interactions import Interaction
from handlers.overview import overview
from handlers.shell import Shell
from handlers.voice import incident_of

log = logging.getLogger(__name__)

MOST_LINKS = 10
"""How many cards are linked to: Slack is asked for each link."""


class Choosing:
    """The list of gateways, and the menu of them."""

    def __init__(self, shell: Shell, diagnosing: Diagnosing) -> None:
        self._shell = shell
        self._diagnosing = diagnosing

    async def which(self, act: Interaction) -> None:
        """Diagnose the gateway of the card in whose thread this is, or ask which one."""
        incident = await self.talked_about(act)
        if incident is None:
            await self.ask(act)
        else:
            asked = parse_target(incident.asked)
            await self._diagnosing.start(act, candidate_of(incident), asked)

    async def ask(self, act: Interaction) -> None:
        """Show the menu."""
        await self._shell.tell(act, gateways.picker(await overview(self._shell)))

    async def list_all(self, act: Interaction, part: str) -> None:
        """Show the list."""
        found = await overview(self._shell, part)
        await self._shell.tell(act, gateways.listing(found, await card_links(self._shell, found)))

    async def talked_about(self, act: Interaction) -> Incident | None:
        """The incident in whose card's thread this was said, however old it is."""
        if act.thread is None:
            return None
        try:
            key = await self._shell.slack.key_of(act.channel, act.thread)
        except Problem as problem:
            log.info("the thread's first message is not known: %s", problem.code)
            return None
        return await self._shell.workflow.store.incident(incident_of(key)) if key else None


async def card_links(shell: Shell, found: Overview) -> dict[str, str]:
    """Where the newest cards of what is open stand, by the incident's id."""
    newest = (it.newest for it in found.gateways if it.is_open)
    links: dict[str, str] = {}
    for incident in [it for it in newest if it is not None and it.ts][:MOST_LINKS]:
        try:
            links[incident.id] = await shell.slack.link(incident.channel, incident.ts)
        except Problem as gone:
            log.info("card of %s: %s", incident.gateway_name, gone.code)
    return links


def candidate_of(incident: Incident) -> Candidate:
    """The gateway of an incident."""
    # The resource id holds both: /subscriptions/S/resourceGroups/G/providers/...
    parts = incident.gateway_id.split("/")
    return Candidate(incident.gateway_id, incident.gateway_name, parts[4], parts[2])
