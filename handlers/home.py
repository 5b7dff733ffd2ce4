"""The Home tab of the app, made anew each time that somebody opens it."""

import logging
from collections.abc import Iterator

from bot.core.arm.document import Json
from bot.core.changes.change import Change, Person
from bot.core.changes.limits import frozen_words
from bot.core.problem import Problem
from handlers.blocks.forms import View
from handlers.blocks.gateway_now import Overview
from handlers.blocks.history import MOST_LISTED
from handlers.blocks.home import home_view, is_by, reason_view
from handlers.blocks.text import approvers
from handlers.blocks.text import names as listed
from handlers.links import card_links
from handlers.overview import MOST_READ, overview
from handlers.shell import Shell

log = logging.getLogger(__name__)


class HomeTab:
    """Publishes it (https://docs.slack.dev/surfaces/app-home)."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    async def publish(self, body: Json) -> None:
        """`app_home_opened`, which comes for the messages tab too."""
        event = body["event"]
        if event.get("tab") != "home":
            return
        person = Person(body["team_id"], event["user"])

        async def failed(sentence: str) -> None:
            await self._shell.slack.publish(person.user, reason_view(f":warning: {sentence}"))

        async def work() -> None:
            await self._shell.slack.publish(person.user, await self._made(person))

        # Not remembered as a delivery: to publish the same again harms nobody.
        self._shell.jobs.start(f"home:{person.user}", work, failed)

    async def _made(self, person: Person) -> View:
        shell = self._shell
        objection = await shell.guests.objection(person)
        if objection is not None:
            return reason_view(objection)
        found = await overview(shell)
        offers = [it for one in found.gateways for it in one.changes if it.state == "offered"]
        waiting, asked = await self._shared(person, offers)
        # What is only offered stands above already, and has changed nothing.
        every = await shell.workflow.store.changes(limit=MOST_READ)
        recent = [it for it in every if it.state != "offered"][:MOST_LISTED]
        links = await card_links(shell.slack, found)
        may = [*self._permitted(found)]
        return home_view(found, links, waiting, asked, recent, may, shell.clock())

    def _permitted(self, found: Overview) -> Iterator[str]:
        """What the operator lets the bot do, and what not."""
        policy, names = self._shell.workflow.policy, self._shell.people.approvers
        if policy.read_only:
            yield "Look, and nothing else: read-only mode (AGW_READ_ONLY)."
            return
        if not names:
            yield "Look, and nothing else: nobody may approve a change (AGW_APPROVERS)."
            return
        yield f"Look, and change what one of these approves: {approvers(names)}."
        closed = [it.gateway.name for it in found.gateways if policy.limits.closed(it.gateway.id)]
        if closed:
            yield f"Never change {listed(closed, MOST_LISTED)} (AGW_CHANGE_NEVER, AGW_CHANGE_ONLY)."
        until = policy.limits.frozen_until(self._shell.clock())
        if until is not None:
            yield frozen_words(until)

    async def _shared(
        self, person: Person, offers: list[Change]
    ) -> tuple[list[Change], list[Change]]:
        """What this person may approve, and what others have to decide for them."""
        try:
            may = await self._shell.people.objection(person) is None
        except Problem as problem:
            log.warning("whether %s may approve: %s", person.user, problem)
            may = False
        objection = self._shell.workflow.objection
        waiting = [it for it in offers if may and objection(it, person) is None]
        return waiting, [it for it in offers if it not in waiting and is_by(it, person)]
