"""A certificate from somebody who can reach the backend: from the press on the card to an offer on it."""

import asyncio
import logging

from bot.core.arm.document import mapping_of, text_of
from bot.core.changes.change import Change
from bot.core.changes.word import Word
from bot.core.model.certificate import MOST_HANDED_IN
from bot.core.problem import Problem
from bot.core.report.incident import Incident
from bot.workflow import Refused
from handlers.blocks import handing_in as blocks
from handlers.blocks.forms import View
from handlers.blocks.kit import note
from handlers.blocks.text import link, outside
from handlers.changing import NOTHING
from handlers.interactions import Interaction
from handlers.links import card_url
from handlers.shell import Shell
from handlers.slack_errors import SlackProblem

log = logging.getLogger(__name__)

REMEMBERED = 300.0
"""Seconds for which the scopes are taken as they were."""
PAUSES = (0.1, 0.3, 1.0, 2.0)
"""Seconds between two looks for a modal that Slack may not have updated yet."""
EMPTY = "Nothing was handed in: choose the file, or paste its text."


class HandingIn:
    """Opens the modal, takes its submission, and says what came of it there, on the card and in its thread."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._granted: frozenset[str] | None = None
        self._until = 0.0

    async def ask(self, act: Interaction, incident_id: str) -> None:
        """Open the modal; without the scope for files it takes the text only."""
        incident = await self._shell.workflow.store.incident(incident_id)
        if incident is None or incident.report is None or incident.report.wanted is None:
            await self._shell.tell(act, note(NOTHING))
            return
        await self._shell.slack.open(act, await self._form(incident))

    async def take(
        self, act: Interaction, modal: str, incident_id: str, file_id: str, typed: str
    ) -> None:
        """What was submitted: the file, if one was chosen, else the text; `modal` is the id that it goes on under."""
        incident = await self._shell.workflow.store.incident(incident_id)
        if incident is None:
            await self._shell.tell(act, note(NOTHING))
            return
        try:
            content = await self._file(file_id) if file_id else typed.encode("utf-8", "replace")
            offer: Change | Refused = Refused(EMPTY)
            if content.strip():
                offer = await self._shell.workflow.hand_in(incident, content, act.person)
        except Problem as problem:
            offer = Refused(str(problem))
        if isinstance(offer, Refused):
            await self._refuse(act, modal, incident, offer)
        else:
            await self._taken(act, modal, incident, offer)

    async def _file(self, file_id: str) -> bytes:
        slack = self._shell.slack
        url = text_of(mapping_of(await slack.file(file_id)).get("url_private")) or ""
        # One byte more says that it is longer, and then it is refused.
        return await slack.downloads.fetch(url, MOST_HANDED_IN)

    async def _form(self, incident: Incident, wrong: str = "") -> View:
        by_file = "files:read" in await self._scopes()
        report = incident.report
        wanted = report.wanted if report is not None and report.wanted is not None else "served"
        metadata = f"{incident.channel}:{incident.id}"
        return blocks.form(wanted, metadata, by_file=by_file, wrong=wrong)

    async def _scopes(self) -> frozenset[str]:
        """What the app was granted, as of a while ago: a modal has to be opened within three seconds of the press."""
        now = asyncio.get_running_loop().time()
        if self._granted is None or now > self._until:
            self._granted = await self._shell.slack.scopes()
            self._until = now + REMEMBERED
        return self._granted

    async def _refuse(
        self, act: Interaction, modal: str, incident: Incident, refused: Refused
    ) -> None:
        """In the modal, to try again; or only to them, where they have closed it."""
        await self._shell.record(
            "refused", act, incident.gateway_id, wanted="hand_in", because=refused.reason
        )
        try:
            await self._show(modal, await self._form(incident, refused.reason))
        except Problem as gone:
            log.info("the modal of %s: %s", act.person.user, gone.code)
            await self._shell.tell(act, note(f":warning: {outside(refused.reason, 900)}"))

    async def _taken(self, act: Interaction, modal: str, incident: Incident, offer: Change) -> None:
        outbox = self._shell.outbox
        key = f"{offer.id}:handed"
        await outbox.say(
            Word(key, incident.id, "reply", offer.id, {"text": blocks.thread_note(offer)})
        )
        await outbox.refresh(incident.id)
        url = await card_url(self._shell.slack, incident)
        made = blocks.accepted(offer, link(url, "the card") if url else "")
        try:
            await self._show(modal, made)
        except Problem as gone:
            # The card and its thread say it.
            log.info("the modal of %s: %s", act.person.user, gone.code)

    async def _show(self, modal: str, view: View) -> None:
        """Put it into the modal, which Slack knows under this id as soon as it has our acknowledgement.

        Raises `SlackProblem`, after a while also if it was closed.
        """
        for pause in PAUSES:
            try:
                return await self._shell.slack.update_view(modal, view)
            except SlackProblem as problem:
                if problem.code != "not_found":
                    raise
            await asyncio.sleep(pause)
        return await self._shell.slack.update_view(modal, view)
