"""Links to cards and their threads, where Slack still has them."""

import asyncio
import logging
from collections.abc import Iterable, Mapping

from bot.core.problem import Problem
from bot.core.report.incident import Incident
from handlers.blocks.gateway_now import Overview
from handlers.blocks.text import link
from handlers.slack import Slack

log = logging.getLogger(__name__)

THREAD = "the card's thread"

MOST_LINKS = 10
"""How many cards are linked to: Slack is asked for each link."""

PostedAt = tuple[str, str]
"""Channel and timestamp of a message; where it was never posted, the timestamp is empty."""


async def card_url(slack: Slack, incident: Incident) -> str:
    """Where the card stands; empty if Slack does not say."""
    return await _url(slack, (incident.channel, incident.ts))


async def card_urls(slack: Slack, messages: Iterable[PostedAt]) -> Mapping[PostedAt, str]:
    """The same of several; asked for at the same time, each once."""
    posted = [posted_at for posted_at in dict.fromkeys(messages) if posted_at[1]]
    urls = await asyncio.gather(*(_url(slack, posted_at) for posted_at in posted))
    return {posted_at: url for posted_at, url in zip(posted, urls, strict=True) if url}


async def _url(slack: Slack, posted_at: PostedAt) -> str:
    """https://docs.slack.dev/reference/methods/chat.getPermalink."""
    try:
        return await slack.link(*posted_at)
    except Problem as gone:
        log.info("card in %s: %s", posted_at[0], gone.code)
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
