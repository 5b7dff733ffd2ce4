"""Which gateway? Asked where nobody said it, unless it was said in the thread of a card."""

import asyncio
import logging

from bot.core.changes.change import Person
from bot.core.problem import Problem
from bot.core.report.incident import Incident
from bot.core.routing.target import parse_target
from bot.workflow.lookup_result import Candidate
from handlers.blocks import gateways
from handlers.blocks.composition import Element
from handlers.diagnosing import Diagnosing
from handlers.interactions import Interaction
from handlers.links import card_links
from handlers.overview import overview
from handlers.shell import Shell
from handlers.voice import incident_of

WITHIN = 2.5
"""Seconds for the options of a menu that is searched."""

log = logging.getLogger(__name__)


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

    async def suggest(self, person: Person, part: str) -> list[Element]:
        """The options with `part` in their names, for who may see them; none if there is no time for an answer.

        Slack waits three seconds (https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload).
        """
        try:
            async with asyncio.timeout(WITHIN):
                if await self._shell.guests.objection(person) is not None:
                    return []
                return gateways.suggestions(await overview(self._shell, part.strip()))
        except (Problem, TimeoutError) as problem:
            log.warning("no options for %s: %r", person.user, problem)
            return []

    async def list_all(self, act: Interaction, part: str) -> None:
        """Show the list."""
        found = await overview(self._shell, part)
        await self._shell.tell(
            act, gateways.listing(found, await card_links(self._shell.slack, found))
        )

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


def candidate_of(incident: Incident) -> Candidate:
    """The gateway of an incident."""
    # The resource id holds both: /subscriptions/S/resourceGroups/G/providers/...
    parts = incident.gateway_id.split("/")
    return Candidate(incident.gateway_id, incident.gateway_name, parts[4], parts[2])
