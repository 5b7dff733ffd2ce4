"""The buttons and the menu: every press gets an answer, even on an old card."""

import secrets
from collections.abc import Awaitable, Callable

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.core.arm.document import Json
from bot.core.routing.target import parse_target
from handlers.blocks.handing_in import under_inspection
from handlers.blocks.help import said_in
from handlers.blocks.kit import note
from handlers.blocks.modals import of_metadata
from handlers.changing import NOTHING, Changing
from handlers.choosing import Choosing, candidate_of
from handlers.details import Details
from handlers.diagnosing import Diagnosing
from handlers.handing_in import HandingIn
from handlers.ids import CER_FILE, CER_TEXT, REASON
from handlers.interactions import Interaction, of_interaction, of_submission
from handlers.shell import Shell
from handlers.windows import Windows

Press = Callable[[Interaction, str], Awaitable[None]]


class Buttons:
    """Passes each press on to the part that handles it."""

    def __init__(
        self, shell: Shell, changing: Changing, diagnosing: Diagnosing, details: Details
    ) -> None:
        self._shell = shell
        self._handing_in = HandingIn(shell)
        self._choosing = Choosing(shell, diagnosing)
        self._changing = changing
        self._diagnosing = diagnosing
        self._details = details
        self._windows = Windows(shell)

    async def approve(self, ack: AsyncAck, body: Json) -> None:
        """Ask to approve one option: opens the modal whose submission approves it."""
        await self._press(ack, body, self._changing.ask)

    async def approved(self, ack: AsyncAck, body: Json) -> None:
        """The modal was submitted: approve."""
        await ack()
        view = body["view"]
        channel, change_id = of_metadata(str(view.get("private_metadata") or ""))
        given = _typed(view, REASON).get("value")
        act, reason = of_submission(body, channel), str(given or "").strip()
        await self._shell.hand_over(act, lambda: self._changing.approve(act, change_id, reason))

    async def seen(self, ack: AsyncAck) -> None:
        """A tick in a checklist, or another modal: nothing follows from it."""
        await ack()

    async def reject(self, ack: AsyncAck, body: Json) -> None:
        """Reject everything the card offers, or withdraw what one asked for."""
        await self._press(ack, body, self._changing.reject)

    async def cancel(self, ack: AsyncAck, body: Json) -> None:
        """Stop an approved change before it is sent to Azure."""
        await self._press(ack, body, self._changing.cancel)

    async def undo(self, ack: AsyncAck, body: Json) -> None:
        """Undo the change."""
        await self._press(ack, body, self._changing.undo)

    async def evidence(self, ack: AsyncAck, body: Json) -> None:
        """Show the evidence."""
        await self._press(ack, body, self._windows.evidence)

    async def details(self, ack: AsyncAck, body: Json) -> None:
        """Show every option."""
        await self._press(ack, body, self._windows.details)

    async def certificate(self, ack: AsyncAck, body: Json) -> None:
        """Get the `.cer`."""
        await self._press(ack, body, self._details.certificate)

    async def hand_in(self, ack: AsyncAck, body: Json) -> None:
        """Hand in a certificate that the bot cannot get itself."""
        await self._press(ack, body, self._handing_in.ask)

    async def handed_in(self, ack: AsyncAck, body: Json) -> None:
        """The modal with it was submitted. Fetching and judging take longer than an answer may."""
        view, again = body["view"], secrets.token_urlsafe(12)
        await ack(response_action="update", view=under_inspection(again))
        channel, incident_id = of_metadata(str(view.get("private_metadata") or ""))
        act = of_submission(body, channel)
        files = _typed(view, CER_FILE).get("files") or ()
        file_id = str(next((it["id"] for it in files), ""))
        typed = str(_typed(view, CER_TEXT).get("value") or "")
        await self._shell.hand_over(
            act,
            lambda: self._handing_in.take(act, again, incident_id, file_id, typed),
        )

    async def as_code(self, ack: AsyncAck, body: Json) -> None:
        """Get every option as code."""
        await self._press(ack, body, self._details.as_code)

    async def diagnose_again(self, ack: AsyncAck, body: Json) -> None:
        """Diagnose the same gateway again."""
        await self._press(ack, body, self._again)

    async def diagnose_now(self, ack: AsyncAck, body: Json) -> None:
        """Yes, what was reported too long ago is still to be diagnosed."""
        await self._press(ack, body, self._diagnosing.after_all)

    async def pick_gateway(self, ack: AsyncAck, body: Json) -> None:
        """Choose one of several gateways."""
        await ack()
        act, action = of_interaction(body), body["actions"][0]
        said, value = said_in(action["block_id"]), action["selected_option"]["value"]
        await self._shell.hand_over(act, lambda: self._diagnosing.by_choice(act, said, value))

    async def suggest_gateways(self, ack: AsyncAck, body: Json) -> None:
        """What is typed into the menu of many gateways. Nothing is stored of it, so it is no job."""
        person = of_interaction(body).person
        await ack(options=await self._choosing.suggest(person, str(body.get("value") or "")))

    async def unknown(self, ack: AsyncAck, body: Json) -> None:
        """A button that this version does not know."""
        await self._press(ack, body, self._unknown)

    async def _press(self, ack: AsyncAck, body: Json, work: Press) -> None:
        await ack()
        act, value = of_interaction(body), str(body["actions"][0].get("value") or "")
        await self._shell.hand_over(act, lambda: work(act, value))

    async def _again(self, act: Interaction, incident_id: str) -> None:
        incident = await self._shell.workflow.store.incident(incident_id)
        if incident is None:
            await self._unknown(act, incident_id)
            return
        asked = parse_target(incident.asked)
        await self._diagnosing.start(act, candidate_of(incident), asked, again=True)

    async def _unknown(self, act: Interaction, _: str) -> None:
        await self._shell.tell(act, note(NOTHING))


def _typed(view: Json, field: str) -> Json:
    """What a modal's field holds; block and action have the same id."""
    found: Json = view["state"]["values"].get(field, {}).get(field, {})
    return found
