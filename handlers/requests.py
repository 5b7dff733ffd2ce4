"""How a request to the approvers gets into their channel, and how it is brought in line with what was decided."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from bot.core.changes.change import Change, Sought
from bot.core.changes.word import Unsaid
from bot.core.report.incident import Incident
from bot.workflow.ports import Store
from handlers.blocks.kit import note
from handlers.blocks.outcome import elsewhere
from handlers.blocks.request import request
from handlers.links import card_url
from handlers.outbox import Unsayable
from handlers.slack import Slack
from handlers.slack_errors import SlackProblem

log = logging.getLogger(__name__)


class Requests:
    """Says the words of the kind `request`."""

    def __init__(self, slack: Slack, store: Store) -> None:
        self._slack = slack
        self._store = store

    async def say(self, unsaid: Unsaid, incident: Incident, change: Change | None) -> str:
        """The message's timestamp. Raises `SlackProblem`, and `Unsayable` if the card's channel is gone too."""
        sought = change.sought if change is not None else None
        if change is None or sought is None:
            return ""
        made = request(change, sought, await card_url(self._slack, incident))
        again = unsaid.begun or unsaid.tries > 0
        try:
            if sought.ts:
                await self._slack.edit(sought.channel, sought.ts, made)
                return sought.ts
            key = f"request:{change.id}"
            since = change.created
            ts = await self._slack.find(sought.channel, None, key, since) if again else None
            if ts is None:
                ts = await self._slack.post(sought.channel, made, key=key)
            await self._store.amend(change.id, partial(_stands, ts=ts))
            return ts
        except SlackProblem as problem:
            if not problem.out_of_reach:
                raise
            log.warning("the approvers cannot be asked in %s: %s", sought.channel, problem.code)
            return "" if sought.ts else await self._beside(incident, sought, problem)

    async def _beside(self, incident: Incident, sought: Sought, problem: SlackProblem) -> str:
        """Where the approvers' channel is out of reach, whoever asked learns it in the card's thread."""
        said = f"<@{sought.by.user}> I could not ask the approvers."
        made = elsewhere(note(said), sought.channel, str(problem))
        try:
            return await self._slack.post(incident.channel, made, incident.ts or None)
        except SlackProblem as gone:
            if not gone.out_of_reach:
                raise
            raise Unsayable(made.text, gone.code, incident.gateway_id) from gone


def _stands(change: Change, ts: str) -> Mapping[str, Sought] | None:
    """Where the request is, whoever is stored as having asked for it."""
    return None if change.sought is None else {"sought": replace(change.sought, ts=ts)}
