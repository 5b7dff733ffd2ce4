"""Opening modals: the evidence, the details, and what an approver has to know."""

import logging

from bot.core.changes.change import Change
from bot.core.problem import Problem
from bot.core.report.incident import Incident
from bot.core.report.report import Report
from handlers.blocks import modals
from handlers.blocks.evidence import evidence
from handlers.blocks.forms import View
from handlers.blocks.kit import Message, note
from handlers.changing import NOTHING
from handlers.interactions import Interaction
from handlers.links import thread_link
from handlers.shell import Shell

log = logging.getLogger(__name__)


class Windows:
    """What a press on *Evidence* or *Details* shows; where no modal can be opened, where else it is said."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    async def evidence(self, act: Interaction, incident_id: str) -> None:
        """What was seen, and what it means."""
        found = await self._report(act, incident_id)
        if found is not None:
            incident, report, offered = found
            thread = await thread_link(self._shell.slack, incident)
            await self._show(
                act, modals.evidence_view(report, thread), evidence(report, offered), thread
            )

    async def details(self, act: Interaction, incident_id: str) -> None:
        """Every option, what it changes, and its steps."""
        found = await self._report(act, incident_id)
        if found is not None:
            incident, report, offered = found
            thread = await thread_link(self._shell.slack, incident)
            view = modals.details_view(report, offered, thread)
            await self._show(act, view, evidence(report, offered), thread)

    async def _report(
        self, act: Interaction, incident_id: str
    ) -> tuple[Incident, Report, tuple[Change, ...]] | None:
        incident = await self._shell.workflow.store.incident(incident_id)
        if incident is None or incident.report is None:
            await self._shell.tell(act, note(NOTHING))
            return None
        changes = await self._shell.cards.changes(incident)
        offered = tuple(it for it in changes if it.undoes is None)
        return incident, incident.report, offered

    async def _show(
        self, act: Interaction, view: View, pages: tuple[Message, ...], thread: str
    ) -> None:
        """The modal; else where all of it is, or the pages themselves where the thread is gone with its card."""
        try:
            await self._shell.slack.open(act, view)
        except Problem as problem:
            log.info("no modal for %s: %s", act.person.user, problem)
            where = (
                (note(f"All of it, with commands to copy, is in {thread}."),) if thread else pages
            )
            for it in where or (note("There is nothing to show any more. Diagnose again."),):
                await self._shell.tell(act, it)
