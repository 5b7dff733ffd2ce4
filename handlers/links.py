"""Links to cards and their threads, where Slack still has them."""

import logging

from bot.core.problem import Problem
from bot.core.report.incident import Incident
from handlers.blocks.gateway_now import Overview
from handlers.blocks.text import link
from handlers.slack import Slack

log = logging.getLogger(__name__)

THREAD = "the card's thread"

MOST_LINKS = 10
"""How many cards are linked to: Slack is asked for each link."""


async def card_url(slack: Slack, incident: Incident) -> str:
    """Where the card stands; empty if Slack does not say.

    https://docs.slack.dev/reference/methods/chat.getPermalink
    """
    try:
        return await slack.link(incident.channel, incident.ts)
    except Problem as gone:
        log.info("card of %s: %s", incident.gateway_name, gone.code)
        return ""


async def thread_link(slack: Slack, incident: Incident) -> str:
    """A link to the card's thread; empty if it is gone."""
    url = await card_url(slack, incident)
    query = f"?thread_ts={incident.ts}&cid={incident.channel}"
    return link(url + query, THREAD) if url else ""


async def card_links(slack: Slack, found: Overview) -> dict[str, str]:
    """Where the newest cards of what is open stand, by the incident's id."""
    newest = (it.newest for it in found.gateways if it.is_open)
    cards = [it for it in newest if it is not None and it.ts][:MOST_LINKS]
    urls = [(it.id, await card_url(slack, it)) for it in cards]
    return {incident: url for incident, url in urls if url}
