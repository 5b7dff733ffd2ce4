"""From a gateway's name to a card with a diagnosis and its evidence."""

import logging
from difflib import get_close_matches

from bot.core.routing.target import Target, parse_target
from bot.workflow.lookup_result import Ambiguous, Candidate, Found, Named, NotFound
from handlers.blocks import help as helps
from handlers.blocks.kit import note
from handlers.blocks.text import code
from handlers.command_model import Diagnose
from handlers.examination import Examination
from handlers.interactions import Interaction
from handlers.pointing import STILL_RUNNING, point_to, recent_incident
from handlers.rate import over_rate
from handlers.shell import Shell

log = logging.getLogger(__name__)

MOST_NAMES = 12
"""How many names of one message are tried. The list of gateways is read once; searching it costs nothing."""


class Diagnosing:
    """One diagnosis per gateway at a time; whoever asks again gets a link to the existing card."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    async def by_name(self, act: Interaction, wanted: Diagnose) -> None:
        """Find the gateway meant, and diagnose it."""
        await self.by_answer(act, wanted, await self._shell.workflow.name(wanted.target))

    async def by_answer(self, act: Interaction, wanted: Diagnose, answer: Named) -> None:
        """The same, with the name already looked up."""
        # A message that only looked like a report gets no comment.
        if wanted.sure or not isinstance(answer, NotFound) or _is_misspelt(answer):
            await self._go_on(act, answer, again=wanted.again)

    async def by_any(self, act: Interaction, names: tuple[str, ...]) -> None:
        """The first of these names, found in somebody's message, that is a gateway."""
        answers = [await self._shell.workflow.name(name) for name in names[:MOST_NAMES]]
        known = (it for it in answers if not isinstance(it, NotFound))
        await self._go_on(act, next(known, answers[0]))

    async def _go_on(self, act: Interaction, answer: Named, *, again: bool = False) -> None:
        match answer:
            case Found(target, candidate):
                await self.start(act, candidate, target, again=again)
            case NotFound():
                await self._shell.tell(act, helps.not_found(answer))
            case Ambiguous():
                await self._shell.tell(act, helps.which(answer))

    async def by_choice(self, act: Interaction, said: str, value: str) -> None:
        """Somebody chose from the menu: look the name up again, and take the chosen gateway."""
        candidates = await self._offered(said)
        chosen = next((it for it in candidates if helps.option_value(it) == value), None)
        if chosen is None:
            text = "That gateway is no longer there. Ask again."
        else:
            text = f"Diagnosing {code(chosen.name)} ..."
        await self._shell.tell(act, note(text), replace=True)
        if chosen is not None:
            await self.start(act, chosen, parse_target(said or chosen.name))

    async def _offered(self, said: str) -> tuple[Candidate, ...]:
        """What a menu offers for a name; all gateways, where none was said."""
        if not said:
            return (await self._shell.workflow.gateways()).candidates
        match await self._shell.workflow.name(said):
            case Found(candidate=candidate):
                return (candidate,)
            case Ambiguous(candidates=candidates):
                return candidates
            case _:
                return ()

    async def after_all(self, act: Interaction, said: str) -> None:
        """Somebody answered the question whether a late report still holds: it does."""
        await self._shell.tell(act, note(f"Diagnosing {code(said)} ..."), replace=True)
        await self.by_name(act, Diagnose(said))

    async def start(
        self,
        act: Interaction,
        candidate: Candidate,
        asked: Target,
        *,
        again: bool = False,
        thread: str | None = None,
    ) -> None:
        """Post a card and begin, unless there already is a recent one, or who asks has had many.

        With a `thread`, why it is not begun is said there: a monitor reads nothing.
        """
        shell = self._shell
        name = f"diagnosis:{candidate.id.lower()}"
        if not again and not shell.jobs.running(name):
            recent = await recent_incident(shell, candidate.id, shell.settings.recent)
            if recent is not None and recent.report and await point_to(shell, act, recent):
                return

        if not shell.jobs.running(name):
            objection = await over_rate(shell, act.person)
            if objection is not None:
                await self._decline(act, objection, thread)
                return

        async def failed(sentence: str) -> None:
            await shell.tell(act, note(f":warning: {sentence}"))

        async def work() -> None:
            await Examination(shell).carry_out(act, candidate, asked)

        if not shell.jobs.start(name, work, failed, kind="diagnosis"):
            await point_to(shell, act, await recent_incident(shell, candidate.id, STILL_RUNNING))

    async def _decline(self, act: Interaction, objection: str, thread: str | None) -> None:
        if thread is None:
            await self._shell.tell(act, note(objection))
        else:
            await self._shell.slack.post(act.channel, note(objection), thread)


def _is_misspelt(answer: NotFound) -> bool:
    """Whether a gateway's name is close enough to be the one meant: `agw-prdo` is, `apim-prod` is not."""
    said = answer.target.name
    return bool(get_close_matches(said, map(str.lower, answer.nearest), n=1, cutoff=0.8))
