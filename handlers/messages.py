"""Mentions anywhere; in the channels chosen for it plain reports, and the alerts of bots that were named."""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext

from bot.core.change import Person
from bot.core.target import resource_id
from bot.workflow.naming import Found, NotFound
from handlers.acts import Act, Json, of_event
from handlers.commands import Commands
from handlers.diagnosing import Diagnosing
from handlers.parse import Diagnose, mentioned, parse, plain, reports
from handlers.people import is_monitor
from handlers.shell import Shell

log = logging.getLogger(__name__)

MOST_NAMES = 4
"""Names tried out of one message: each that is unknown costs a look at Azure's list."""
REPEATED = timedelta(minutes=30)
"""Monitors say the same thing again and again; a card as old as this is answer enough."""

# The metrics that tell of a 502, in words and as Azure Monitor names them:
# learn.microsoft.com/azure/application-gateway/monitor-application-gateway-reference
_METRIC = re.compile(
    r"(?i)\b(?:un)?healthy[ _-]?host[ _-]?(?:s|count)?\b|\bfailed[ _-]?requests?\b"
    r"|\bstatus[ _.-]?code\W{1,3}50[24]\b|\b5xx\b"
)
_STATE = re.compile(
    r"(?i)\b(?:(?P<over>resolved|recovered|closed|deactivated|cleared|acknowledged)"
    r"|fired|firing|triggered|alerting|activated)\b|(?P<ok>\[ok\])"
)
_BY_TYPE = re.compile(
    r"(?i)(?<![\w.-])([\w.-]{1,80}) {0,3}\( {0,3}microsoft\.network/applicationgateways {0,3}\)"
    r"|\bapplicationgateways/([\w.-]{1,80})"
)
_READ = ("text", "subject", "pretext", "title", "value", "fallback", "plain_text")
_HOLD = ("blocks", "attachments", "files", "elements", "fields")


class Messages:
    """Hears what is written. Slack announces a mention twice, as itself and as a message; the mention counts."""

    def __init__(self, shell: Shell, commands: Commands) -> None:
        self._shell = shell
        self._commands = commands
        self._diagnosing = Diagnosing(shell)

    async def mention(self, body: Json) -> None:
        """`@agw diagnose agw-prod`, in a channel or in a thread."""
        if _by_a_person(body["event"]):
            await self._commands.hand_over(of_event(body), parse(body["event"]["text"]))

    async def message(self, body: Json, context: AsyncBoltContext) -> None:
        """ "502 from gateway agw-prod" in a report channel; anything else is none of the bot's business."""
        event, settings = body["event"], self._shell.settings
        if event["channel"] not in settings.report_channels:
            return
        if _is_new_by(event, settings.alert_bots):
            names = alert("\n".join(dict.fromkeys(_texts(event))))
            if names:
                act = _of_alert(body)
                await self._shell.hand_over(act, lambda: self._alerted(act, names))
        elif _by_a_person(event) and f"<@{context.bot_user_id}" not in event["text"]:
            heard = reports(event["text"])
            if heard:
                act = of_event(body)
                await self._shell.hand_over(act, lambda: self._overheard(act, heard))

    async def _overheard(self, act: Act, heard: tuple[Diagnose, ...]) -> None:
        """The first that is a gateway; else, what was most likely meant may deserve a private word."""
        for wanted in heard[:MOST_NAMES]:
            if not isinstance(await self._shell.workflow.name(wanted.target), NotFound):
                await self._diagnosing.by_name(act, wanted)
                return
        if heard[0].sure or "://" not in heard[0].target:
            await self._diagnosing.by_name(act, heard[0])

    async def _alerted(self, act: Act, names: tuple[str, ...]) -> None:
        """Only what is certain, and nothing is said: a monitor can neither choose nor read."""
        for name in names[:MOST_NAMES]:
            answer = await self._shell.workflow.name(name)
            if isinstance(answer, Found):
                since = self._shell.clock() - REPEATED
                gateway = answer.candidate
                if not await self._shell.workflow.store.recent_incidents(gateway.id, since):
                    await self._diagnosing.start(act, gateway, name, again=True)
                return
        log.info("%s: an alert that names no gateway that I see", act.key)


def alert(text: str) -> tuple[str, ...]:
    """What a monitor's message may name, the likeliest first, if it tells of a 502 or of hosts that are not healthy.

    The first word of state decides whether it is over: "Resolved:Sev1 ..." in a subject, `[FIRING:1]` in a title.
    """
    said = plain(text)
    state = _STATE.search(said)
    if state is not None and (state["over"] or state["ok"]):
        return ()
    if not _METRIC.search(said) and not reports(text):
        return ()
    names = mentioned(text)
    ids = [found for found in map(resource_id, names) if found is not None]
    by_type = [(it[1] or it[2]).rstrip(".-") for it in _BY_TYPE.finditer(said)]
    return tuple(dict.fromkeys([*ids, *by_type, *names]))


def _texts(value: Any) -> Iterator[str]:
    """All that a message shows: monitors write into attachments and blocks, e-mail comes as a file."""
    if isinstance(value, dict):
        yield from (text for key in _READ if isinstance(text := value.get(key), str) and text)
        # A block's text is an object with a text.
        for key in (*_READ, *_HOLD):
            if isinstance(value.get(key), dict | list):
                yield from _texts(value[key])
    elif isinstance(value, list):
        for it in value:
            yield from _texts(it)


def _of_alert(body: Json) -> Act:
    """Integrations of the old kind post without a user (https://docs.slack.dev/reference/events/message/bot_message)."""
    event = body["event"]
    team = event.get("team") or body["team_id"]
    person = Person(team, event.get("user") or event["bot_id"])
    return Act(f"message:{event['channel']}:{event['ts']}", person, event["channel"])


def _is_new_by(event: Json, bots: frozenset[str]) -> bool:
    """Whether one of these bots or apps wrote it, and wrote it just now: no edit, no deletion."""
    is_new = event.get("subtype") in (None, "bot_message", "file_share")
    return bool(event.get("bot_id")) and is_new and is_monitor(event, bots)


def _by_a_person(event: Json) -> bool:
    """Not by a bot, and new: edits, deletions, joins and the like carry a subtype."""
    return not event.get("bot_id") and "subtype" not in event and bool(event.get("text"))
