"""Who may approve: checked at every press, and when in doubt the answer is no."""

import logging

from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.core.arm.document import Json
from bot.core.changes.change import Person
from bot.core.problem import Problem
from handlers.app import Next
from handlers.blocks.kit import note
from handlers.blocks.text import approvers
from handlers.directory import Directory
from handlers.interactions import Interaction, of_interaction
from handlers.membership import Installation, belongs, home_of
from handlers.slack import Slack

log = logging.getLogger(__name__)

LET_IN = "let_in"
"""Set in Bolt's context once a request was verified and its sender is one of ours."""
OUTSIDER = "Only members of the workspace I am installed in can use me."


class People:
    """Knows the approvers: users (`U...`, `W...`) and user groups (`S...`)."""

    def __init__(
        self,
        slack: Slack,
        directory: Directory,
        names: tuple[str, ...],
        alert_bots: frozenset[str] = frozenset(),
    ) -> None:
        self.approvers = names
        self._alert_bots = alert_bots
        self._slack = slack
        self._directory = directory

    async def objection(self, person: Person) -> str | None:
        """Why this person may not approve, reject or undo, in mrkdwn; None if they may.

        Group members are read each time, not cached: whoever has just left a group may no longer approve.
        """
        if not self.approvers:
            return "Nobody may do that yet: no approvers are configured. Set `AGW_APPROVERS`."
        if person.user in self.approvers:
            return None
        unknown = False
        for group in (name for name in self.approvers if name.startswith("S")):
            try:
                if person.user in await self._directory.members(group, person.team):
                    return None
            except Problem as problem:
                log.warning("members of %s: %s", group, problem)
                unknown = True
        if unknown:
            return "I could not ask Slack who is in the approvers' group, so I cannot allow this. Try again."
        return f"You may not do that. Ask an approver: {approvers(self.approvers)}."

    async def only_ours(
        self, context: AsyncBoltContext, body: Json, let_in: Next
    ) -> BoltResponse | None:
        """Middleware: turns away people from elsewhere (Slack Connect), and bots other than configured monitors."""
        heard = not is_bot(body) or is_monitor(body["event"], self._alert_bots)
        if heard and await self._is_ours(context, body):
            context[LET_IN] = True
            await let_in()
            return None
        if body.get("type") in ("block_actions", "message_action"):
            await self._turn_away(of_interaction(body))
        # 200, so that Slack does not deliver it again. A command's acknowledgement may carry a text.
        said = {"response_type": "ephemeral", "text": OUTSIDER} if "command" in body else ""
        return BoltResponse(status=200, body=said)

    async def _is_ours(self, context: AsyncBoltContext, body: Json) -> bool:
        signed_in = context.authorize_result
        if signed_in is None or not signed_in.team_id:
            return False
        home = home_of(body)
        if not signed_in.enterprise_id:
            return belongs(home, Installation(signed_in.team_id), self.approvers)
        try:
            return belongs(home, await self._directory.installation(), self.approvers)
        except Problem as problem:
            log.warning("where I am installed is not known, so nobody is let in: %s", problem)
            return False

    async def _turn_away(self, act: Interaction) -> None:
        try:
            await self._slack.tell(act, note(OUTSIDER))
        except Problem as problem:
            log.warning("could not turn %s away: %s", act.person.user, problem)


def is_bot(body: Json) -> bool:
    """Whether a bot wrote it, this one or another."""
    event = body.get("event")
    return isinstance(event, dict) and bool(event.get("bot_id"))


def is_monitor(event: Json, bots: frozenset[str]) -> bool:
    """Whether one of these bots (`B...`) or apps (`A...`) wrote it."""
    profile = event.get("bot_profile") or {}
    return not bots.isdisjoint({event.get("bot_id"), event.get("app_id"), profile.get("app_id")})
