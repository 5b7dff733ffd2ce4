"""Mentions anywhere; in report channels also plain reports, and alerts of the configured monitors."""

import logging
from datetime import UTC, datetime, timedelta
from functools import partial

from slack_bolt.context.async_context import AsyncBoltContext

from bot.core.arm.document import Json
from bot.core.changes.change import Person
from bot.workflow.lookup_result import Found, Named, NotFound
from handlers.blocks import help as helps
from handlers.command_model import Diagnose, Which
from handlers.commands import Commands
from handlers.diagnosing import Diagnosing
from handlers.hearing.alert import alert, is_green, shown
from handlers.hearing.complaint import heard_in, is_nameless
from handlers.hearing.reading import read
from handlers.interactions import Interaction, of_event
from handlers.parse import parse
from handlers.people import is_monitor
from handlers.shell import Shell

log = logging.getLogger(__name__)

DIRECT = "im"
"""A conversation with the bot alone: whatever is said there is said to it."""
MOST_NAMES = 4
"""How many names of one message are tried: each unknown one may cost a read of Azure's list."""
MOST_IN_ALERT = 12
"""Higher for alerts: monitors write labels and links beside the name that counts."""
LATE = timedelta(minutes=15)
"""Slack delivers again for hours what the bot did not take: a report older than this may be over."""
REPEATED = timedelta(minutes=30)
"""Monitors repeat their alerts; a card younger than this is answer enough."""


class Messages:
    """Reads messages. Slack delivers a mention twice, as itself and as a message; the mention counts."""

    def __init__(self, shell: Shell, commands: Commands) -> None:
        self._shell = shell
        self._commands = commands
        self._diagnosing = Diagnosing(shell)

    async def mention(self, body: Json) -> None:
        """`@agw diagnose agw-prod`, in a channel or in a thread."""
        event = body["event"]
        if _by_a_person(event):
            act, command = of_event(body), await read(parse, event["text"])
            if isinstance(command, Diagnose) and self._is_late(event):
                await self._shell.hand_over(act, lambda: self._ask(act, event, command.target))
            else:
                await self._commands.hand_over(act, command)

    async def message(self, body: Json, context: AsyncBoltContext) -> None:
        """All of a direct conversation, "502 from gateway agw-prod" in a report channel; anything else is ignored."""
        event, settings = body["event"], self._shell.settings
        if event.get("channel_type") == DIRECT:
            await self.mention(body)
            return
        if event["channel"] not in settings.report_channels:
            return
        if _is_new_by(event, settings.alert_bots):
            reader = partial(alert, green=is_green(event))
            names = await read(reader, shown(event))
            if names:
                act = _of_alert(body)
                await self._shell.hand_over(
                    act, lambda: self._alerted(act, names, event), by_monitor=True
                )
        elif _by_a_person(event) and f"<@{context.bot_user_id}" not in event["text"]:
            act, named = of_event(body), await read(heard_in, event["text"])
            if named:
                await self._shell.hand_over(act, lambda: self._overheard(act, named, event))
            elif await read(is_nameless, event["text"]) and not self._is_late(event):
                await self._commands.hand_over(act, Which())

    async def _overheard(self, act: Interaction, heard: tuple[Diagnose, ...], event: Json) -> None:
        """The first name that is a gateway; if none is, the likeliest may get a private answer."""
        answers: list[Named] = []
        for wanted in heard[:MOST_NAMES]:
            answer = await self._shell.workflow.name(wanted.target)
            if not isinstance(answer, NotFound):
                if self._is_late(event):
                    await self._ask(act, event, wanted.target)
                    return
                await self._diagnosing.by_answer(act, wanted, answer)
                return
            answers.append(answer)
        if self._is_late(event):
            return
        if heard[0].sure or "://" not in heard[0].target:
            await self._diagnosing.by_answer(act, heard[0], answers[0])

    async def _alerted(self, act: Interaction, names: tuple[str, ...], event: Json) -> None:
        """Only a certain match, and no questions: a monitor can neither choose nor read."""
        for name in names[:MOST_IN_ALERT]:
            answer = await self._shell.workflow.name(name)
            if isinstance(answer, Found):
                since = self._shell.clock() - REPEATED
                gateway = answer.candidate
                if await self._shell.workflow.store.recent_incidents(gateway.id, since, limit=1):
                    return
                if self._is_late(event):
                    # In the alert's thread: a monitor cannot be asked, those who read it can.
                    question = helps.late(gateway.id, gateway.name, written(event))
                    await self._shell.slack.post(act.channel, question, event["ts"])
                else:
                    await self._diagnosing.start(
                        act, gateway, answer.target, again=True, thread=event["ts"]
                    )
                return
        log.info("%s: the alert names no known gateway", act.key)

    async def _ask(self, act: Interaction, event: Json, said: str) -> None:
        await self._shell.tell(act, helps.late(said, said, written(event)))

    def _is_late(self, event: Json) -> bool:
        return self._shell.clock() - written(event) > LATE


def written(event: Json) -> datetime:
    """When a message was written: its timestamp is its id as well."""
    return datetime.fromtimestamp(float(event["ts"]), UTC)


def _of_alert(body: Json) -> Interaction:
    """Legacy integrations post without a user (https://docs.slack.dev/reference/events/message/bot_message)."""
    event = body["event"]
    team = event.get("team") or body["team_id"]
    person = Person(team, event.get("user") or event["bot_id"])
    return Interaction(f"message:{event['channel']}:{event['ts']}", person, event["channel"])


NEW = frozenset({None, "bot_message", "file_share", "me_message", "thread_broadcast"})
"""The subtypes of what somebody has just written; edits, deletions, joins and the like have others
(https://docs.slack.dev/reference/events/message#subtypes)."""


def _is_new_by(event: Json, bots: frozenset[str]) -> bool:
    """Whether one of these bots or apps wrote it, as a new message: no edit, no deletion."""
    is_new = event.get("subtype") in NEW
    return bool(event.get("bot_id")) and is_new and is_monitor(event, bots)


def _by_a_person(event: Json) -> bool:
    """Not by a bot, new, and with words: a screenshot alone says nothing."""
    is_new = event.get("subtype") in NEW and bool(event.get("user"))
    return not event.get("bot_id") and is_new and bool(event.get("text"))
