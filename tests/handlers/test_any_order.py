"""The same as in `tests/workflow/test_any_order.py`, by people in Slack, and Slack fails too.

Besides what holds there: every press is answered; every last word is delivered, once; cards say in the end what is
stored.
"""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from bot.core.arm.document import Json
from bot.lab.approving import INPUT
from bot.lab.slack import SlackWorkspace
from bot.lab.slack.changes import Change as Shown
from handlers import ShellSettings
from handlers.blocks.outcome import ENDS, UNDO_ENDS
from tests.handlers.bench import ADA, BEN, IMPATIENT, INCIDENTS, buttons, shown
from tests.handlers.replica import SlackReplica
from tests.sizes import examples
from tests.workflow.any_order import AT_PUT, REPLICAS, SECONDS, Outside
from tests.workflow.played_azure import AtPut

SETTINGS = ShellSettings(approvers=("S0NETOPS",), report_channels=frozenset({INCIDENTS}))

METHODS = (
    "chat.postMessage",
    "chat.update",
    "chat.postEphemeral",
    "conversations.replies",
    "conversations.history",
    "usergroups.users.list",
    "views.open",
    "views.update",
)
REASON = {INPUT: {INPUT: {"type": "plain_text_input", "value": None}}}
TROUBLES = ("status", "rate limit", "error", "no answer", "silence")
WANTED = ("approve", "approve", "reject", "cancel", "undo", "diagnose_again", "evidence")


@dataclass(frozen=True, slots=True)
class Asked:
    """A press, or a report: by whom, on which card (empty: none), and when, as a place in what was shown."""

    person: str
    what: str
    card: str
    since: int


class InSlack(Outside):
    """People who see cards, and press what they see, or saw before."""

    grace = 0.001

    def __init__(self) -> None:
        super().__init__()
        self.bots: list[SlackReplica] = []
        self.screen: list[Shown] = []
        self.asked: list[Asked] = []
        self.past: list[Json] = []
        self.modals: dict[str, tuple[str, str]] = {}
        self.open = AsyncExitStack()

    @property
    def replicas(self) -> list[SlackReplica]:
        return self.bots

    def replace(self, number: int) -> None:
        self.bots[number] = self.do(self._bot())

    async def _bot(self) -> SlackReplica:
        store = await self.database.store()
        made = SlackReplica.start(self.world, store, self.slack, self.clock, self.moved, SETTINGS)
        return await made

    @initialize(
        strict=st.booleans(), replicas=st.integers(1, 3), fault=st.none() | AT_PUT, seconds=SECONDS
    )
    def start(self, strict: bool, replicas: int, fault: AtPut | None, seconds: float) -> None:
        """An approved change, as far as it has come after so many seconds."""
        self.set_up(strict, fault)
        self.do(self._workspace())
        for _ in range(replicas):
            self.bots.append(self.do(self._bot()))
        self.report(0, ADA)
        self.time_goes_on(5)
        self.press(0, 0, "approve", ADA, True)
        self.time_goes_on(seconds)

    async def _workspace(self) -> None:
        opened = SlackWorkspace.open(limits=IMPATIENT, clock=lambda: self.clock().timestamp())
        self.slack = await self.open.enter_async_context(opened)
        self.slack.subscribe(self._shown)

    def _shown(self, change: Shown) -> None:
        self.screen.append(change)
        message = change.data.get("message") or {}
        if message.get("bot_id") and change.only_for is None:
            self._claimed(str(message["text"]))
            if buttons(message):
                self.past.append(message)

    def _claimed(self, text: str) -> None:
        """What is said to have ended has ended so by then; `moved` compares that with Azure."""
        ended = {(it.undoes is None, it.state) for it in self.ended.values()}
        for first, ends in ((True, ENDS), (False, UNDO_ENDS)):
            states = {it for it, (_, words) in ends.items() if f": {words}." in text}
            if states and not any((first, it) in ended for it in states):
                self.faults.append(f"said too early: {text}")

    # What people do.

    @rule(number=REPLICAS, who=st.sampled_from((ADA, BEN)))
    def report(self, number: int, who: str) -> None:
        self.slack.faults.next_socket(number)
        self.asked.append(Asked(who, "report", "", len(self.screen)))
        self.do(self.slack.post(who, INCIDENTS, "502 from gateway agw-test"))

    # No rule has a precondition: what is on the screen by now depends on how quick the database was, and Hypothesis
    # fails where two runs could not choose among the same rules. A rule that finds nothing to do does nothing.
    @rule(
        number=REPLICAS,
        back=st.integers(0, 3),
        wanted=st.sampled_from(WANTED),
        who=st.sampled_from((ADA, ADA, BEN)),
        submits=st.sampled_from((True, True, False)),
    )
    def press(self, number: int, back: int, wanted: str, who: str, submits: bool) -> None:
        """A button of the newest card that has one like it, or of a card as it was some edits before."""
        found = [
            (it, name)
            for it in reversed(self.past)
            for name in buttons(it)
            if name.startswith(wanted)
        ]
        if not found:
            return
        card, name = found[min(back, len(found) - 1)]
        self.slack.faults.next_socket(number)
        self.asked.append(Asked(who, name, card["ts"], len(self.screen)))
        self.do(self._press(who, card, name, submits))

    async def _press(self, who: str, card: Json, name: str, submits: bool) -> None:
        await self.slack.click(who, INCIDENTS, card["ts"], name, force=True, message=card)
        # A modal comes within seconds, or never: Slack allows no more.
        await asyncio.sleep(1)
        for it in self.slack.views(who):
            # Evidence in a modal is to be read: nobody can submit that.
            if it["submit"]:
                self.modals.setdefault(it["id"], (who, card["ts"]))
        if submits:
            await self._submit()

    @rule(number=REPLICAS)
    def submit(self, number: int) -> None:
        """A modal that was left open for a while, if there is one."""
        self.slack.faults.next_socket(number)
        self.do(self._submit())

    async def _submit(self) -> None:
        """The newest modal, if it is still there."""
        view_id = next(reversed(self.modals), "")
        who, card = self.modals.pop(view_id, ("", ""))
        if who and any(it["id"] == view_id for it in self.slack.views(who)):
            since = len(self.screen)
            given = await self.slack.submit_view(who, view_id, REASON)
            if given.ok:
                self.asked.append(Asked(who, "submit", card, since))

    @rule(number=REPLICAS, minutes=st.sampled_from((2, 4, 31)))
    def much_later(self, number: int, minutes: int) -> None:
        self.ahead += timedelta(minutes=minutes)
        self.do(self.run(20))

    # What Slack does.

    @rule(method=st.sampled_from(METHODS), what=st.sampled_from(TROUBLES), times=st.integers(1, 6))
    def slack_fails(self, method: str, what: str, times: int) -> None:
        faults = self.slack.faults
        match what:
            case "status":
                faults.fail_with_status(method, 503, times)
            case "rate limit":
                faults.rate_limit(method, 7, times)
            case "error":
                faults.fail(method, "internal_error", times)
            case "no answer":
                faults.drop_answer(method, times)
            case _:
                faults.hang(method, times)

    @rule(times=st.integers(1, 6), status=st.sampled_from((404, 503)))
    def slack_forgets_where_to_answer(self, times: int, status: int) -> None:
        self.slack.faults.fail_with_status("response_url", status, times)

    @rule()
    def slack_delivers_twice(self) -> None:
        self.slack.faults.deliver_twice()

    @rule(number=REPLICAS)
    def kill(self, number: int) -> None:
        self._what_was_asked_may_be_lost()
        super().kill(number)

    @rule(number=REPLICAS)
    def cut_off(self, number: int) -> None:
        self._what_was_asked_may_be_lost()
        super().cut_off(number)

    def _what_was_asked_may_be_lost(self) -> None:
        """Slack has its acknowledgement, and whoever gave it may be dead: the button is still there."""
        self.asked = [it for it in self.asked if self._answered(it)]

    # What always holds.

    def _answered(self, asked: Asked) -> bool:
        """Whether there is something new for that person, on that card or in its thread; or a card for a report."""
        for it in self.screen[asked.since :]:
            message = it.data.get("message") or {}
            # That a modal goes is no answer to its submission.
            own = it.only_for == asked.person and (message or asked.what != "submit")
            if own or message.get("channel") == f"D{asked.person}":
                return True
            if message.get("bot_id") and it.only_for is None:
                places = (message["ts"], message.get("thread_ts"))
                if asked.card in places or not asked.card or asked.what == "diagnose_again":
                    return True
        return False

    @property
    def is_idle(self) -> bool:
        return all(it.is_idle for it in self.bots)

    async def at_the_end(self) -> None:
        """Slack works again: everything is said, once, and every card says what is stored."""
        self.slack.faults.clear()
        store = self.bots[0].store
        for _ in range(30):
            await self.run(60)
            if self.is_idle and not await store.unsaid_count():
                break
        assert await store.unsaid_count() == 0
        assert await store.open_changes() == ()
        keys = [_key(it) for it in self.slack.messages(INCIDENTS)]
        assert {it: keys.count(it) for it in self.announced() if keys.count(it) != 1} == {}
        assert [it for it in self.asked if not self._answered(it)] == []
        await self._cards_say_what_is_stored()

    async def _cards_say_what_is_stored(self) -> None:
        store, cards = self.bots[0].store, self.bots[0].shell.cards
        for it in self.slack.messages(INCIDENTS):
            key = _key(it)
            if key.startswith("card:"):
                incident = await store.incident(key.split(":")[1])
                assert incident.ts == it["ts"]
                wanted = await cards.message(incident)
                assert shown(it["blocks"]) == shown(list(wanted.blocks))

    async def closed(self) -> None:
        await self.open.aclose()


def _key(message: Json) -> str:
    return str(((message.get("metadata") or {}).get("event_payload") or {}).get("key", ""))


class InSlackOnPostgresql(InSlack):
    """The same, on a server."""

    kind = "postgresql"


InSlack.TestCase.settings = settings(examples(2), stateful_step_count=15)
InSlackOnPostgresql.TestCase.settings = settings(examples(2), stateful_step_count=15)
TestOnSqlite = InSlack.TestCase
TestOnPostgresql = InSlackOnPostgresql.TestCase
