"""How a stored word becomes a message: rendered from what is stored now, and said where people can still see it.

A card that can no longer be edited is posted anew in its channel; where that is out of reach too, whoever asked or
approved gets it as a direct message.
"""

import logging
from dataclasses import replace
from typing import NoReturn

from bot.core.changes.change import Change, Person
from bot.core.changes.word import KINDS, Unsaid, Word
from bot.core.report.incident import Incident
from bot.workflow.ports import Store
from handlers.blocks.card_state import card_state
from handlers.blocks.kit import Message, note
from handlers.blocks.outcome import elsewhere
from handlers.blocks.reply import reply
from handlers.cards import Cards
from handlers.outbox import NotYet, Unsayable
from handlers.requests import Requests
from handlers.slack import Slack
from handlers.slack_errors import SlackProblem

log = logging.getLogger(__name__)

LOOK_AGAIN = 5.0
"""Seconds between two looks whether a diagnosis is still being made."""
MOST_LOOKS = 720
"""Looks, in an hour, after which a word of a kind that is not known here is left to the audit log."""
INTERRUPTED = "I was restarted, or cut off from my database, during the diagnosis."


class Voice:
    """Says one word at a time; see `Outbox` for when and how often."""

    def __init__(self, slack: Slack, cards: Cards, store: Store, life: str) -> None:
        self._slack = slack
        self._cards = cards
        self._store = store
        self._life = life
        self._requests = Requests(slack, store)

    async def say(self, unsaid: Unsaid) -> str:
        """The message's timestamp, or empty if there is nothing to say any more.

        Raises:
            SlackProblem: it may be possible later. NotYet. Unsayable: nobody is in reach.
        """
        word = unsaid.word
        if word.kind not in KINDS:
            return self._unknown(unsaid)
        if word.kind == "note":
            return await self._note(word)
        change = await self._store.change(word.about)
        place = change.card.incident if change is not None else word.about
        incident = await self._store.incident(place)
        if incident is None:
            return ""
        if "promise" in word.parts:
            incident = await self._interrupted(incident)
            if incident is None:
                return ""
        if word.kind == "request":
            return await self._requests.say(unsaid, incident, change)
        # Whoever began it may have been killed before it could note that Slack took it.
        again = unsaid.begun or unsaid.tries > 0
        if word.kind == "card":
            return await self._card(word, incident, change)
        return await self._reply(word, incident, change, again=again)

    def _unknown(self, unsaid: Unsaid) -> NoReturn:
        """A word of a later version, during an update or after it was taken back: its replicas know what it says."""
        if unsaid.tries < MOST_LOOKS:
            raise NotYet(LOOK_AGAIN)
        raise Unsayable(unsaid.word.key, "unknown_kind", "")

    async def _note(self, word: Word) -> str:
        """For one person, where they asked; directly if that is out of reach."""
        channel, user, made = word.parts["channel"], word.parts["user"], note(word.parts["text"])
        try:
            await self._slack.whisper(channel, user, made, word.parts.get("thread") or None)
        except SlackProblem as problem:
            if not problem.out_of_reach:
                raise
            try:
                return await self._slack.post(user, elsewhere(made, channel, str(problem)))
            except SlackProblem as gone:
                if not gone.out_of_reach:
                    raise
                raise Unsayable(made.text, gone.code, "") from gone
        return ""

    async def _interrupted(self, incident: Incident) -> Incident | None:
        """A diagnosis without a report, if nobody is making it any more; None if there is nothing to say of it."""
        if incident.report is not None:
            return None
        if incident.trouble:
            # Whoever asked was told at once where there can be no card.
            return incident if incident.ts or incident.trouble == INTERRUPTED else None
        lease = await self._store.take(f"examine:{incident.gateway_id.lower()}", self._life, 5.0)
        if lease is None:
            raise NotYet(LOOK_AGAIN)
        try:
            # It may have ended just before the lease was free.
            return await self._store.alter_incident(incident.id, _left)
        finally:
            await self._store.let_go(lease)

    async def _card(self, word: Word, incident: Incident, change: Change | None) -> str:
        made = await self._cards.message(incident, trouble=word.parts.get("trouble", ""))
        try:
            if incident.ts:
                await self._slack.edit(incident.channel, incident.ts, made)
                return incident.ts
            return await self._post_card(incident, made)
        except SlackProblem as gone:
            if not gone.out_of_reach:
                raise
            problem = gone
        if "only" in word.parts:
            return ""
        if incident.ts:
            log.warning("card %s in %s: %s", incident.ts, incident.channel, problem.code)
            try:
                return await self._post_card(incident, made)
            except SlackProblem as gone:
                if not gone.out_of_reach:
                    raise
                problem = gone
        if card_state(await self._cards.changes(incident)).current is not None:
            return ""  # The reply at its end tells it.
        return await self._directly(incident, change, made, problem)

    async def _post_card(self, incident: Incident, made: Message) -> str:
        """A new card; or the one that was posted already, if only the answer was lost."""
        key = card_key(incident)
        channel, since = incident.channel, incident.created
        ts = await self._slack.find(channel, None, key, since)
        if ts is None:
            ts = await self._slack.post(channel, made, key=key)
        else:
            await self._slack.edit(channel, ts, made)
        await self._store.alter_incident(incident.id, lambda it: replace(it, ts=ts))
        return ts

    async def _reply(
        self, word: Word, incident: Incident, change: Change | None, *, again: bool
    ) -> str:
        made = reply(word, incident, change, await self._cards.changes(incident))
        if made is None:
            return ""
        problem: SlackProblem | None = None
        for thread in dict.fromkeys((incident.ts or None, None)):
            try:
                if again:
                    channel, since = incident.channel, incident.created
                    ts = await self._slack.find(channel, thread, word.key, since)
                    if ts is not None:
                        return ts
                return await self._slack.post(incident.channel, made, thread, word.key)
            except SlackProblem as gone:
                if not gone.out_of_reach:
                    raise
                problem = gone
        assert problem is not None
        if "evidence" in word.parts:
            return ""  # Without its card nobody misses it; the card's button shows it again.
        return await self._directly(incident, change, made, problem)

    async def _directly(
        self, incident: Incident, change: Change | None, made: Message, problem: SlackProblem
    ) -> str:
        """To those who wait for it, wherever they are."""
        told = elsewhere(made, incident.channel, str(problem))
        reached = ""
        for person in _waiting(incident, change):
            try:
                reached = await self._slack.post(person.user, told) or reached
            except SlackProblem as gone:
                if gone.passes and not reached:
                    raise
                log.warning("%s could not be told directly: %s", person.user, gone.code)
        return reached or _unsayable(incident, made, problem)


def card_key(incident: Incident) -> str:
    """By which the card can be found in its channel; another one for each card of an incident."""
    return f"card:{incident.id}:{incident.ts}"


def incident_of(key: str) -> str:
    """The id of the incident whose card was posted with that key; empty if it is no card's."""
    kind, _, rest = key.partition(":")
    return rest.partition(":")[0] if kind == "card" else ""


def _left(incident: Incident) -> Incident | None:
    """As nobody goes on with its diagnosis; None if that has ended."""
    ended = incident.report is not None or incident.trouble
    return None if ended else replace(incident, trouble=INTERRUPTED)


def _waiting(incident: Incident, change: Change | None) -> tuple[Person, ...]:
    """Who approved it and who asked; a monitor (`B...`) reads nothing."""
    asked = (change.approved_by, change.requested_by) if change is not None else ()
    people = [it for it in (*asked, incident.asked_by) if it is not None]
    return tuple({it.user: it for it in people if not it.user.startswith("B")}.values())


def _unsayable(incident: Incident, made: Message, problem: SlackProblem) -> NoReturn:
    raise Unsayable(made.text, problem.code, incident.gateway_id)
