"""The last word is always said: after outages, kills, lost answers, deleted cards and archived channels, and once."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from bot.core.arm.document import Json
from bot.core.changes.change import Person
from bot.core.changes.word import Unsaid, Word, WordKind
from bot.core.problem import Problem
from bot.lab.slack import SlackWorkspace
from bot.workflow.ports import Store
from handlers.changing import Changing
from handlers.interactions import Interaction
from handlers.outbox import NotYet, Outbox, Unsayable
from handlers.slack_errors import SlackProblem
from tests.core import make
from tests.databases import Kind
from tests.handlers.bench import (
    ADA,
    APPROVE,
    BEN,
    GENERAL,
    INCIDENTS,
    QUICK,
    Bench,
    button,
    buttons,
    open_bench,
    shown,
)
from tests.handlers.edges import gateway
from tests.sizes import examples
from tests.store.make import entries_of


async def killed(bench: Bench) -> None:
    """As by kill -9: nothing is finished, and nothing more is sent or stored."""
    for task in bench.shell.jobs.tasks:
        task.cancel()
    await asyncio.wait(bench.shell.jobs.tasks)


@asynccontextmanager
async def restarted(folder: Path, bench: Bench, **settings: Any) -> AsyncIterator[Bench]:
    again = open_bench(folder, slack=bench.slack, azure=bench.azure, clock=bench.clock, **settings)
    async with again as later:
        yield later


def replies(bench: Bench, words: str) -> list[Json]:
    """Whatever anybody can see in the channel that says this, but for the card itself."""
    return [
        it
        for it in bench.slack.messages(INCIDENTS)
        if it.get("bot_id") and words in it["text"] and "undo" not in buttons(it)
    ]


@pytest.mark.parametrize(
    "break_slack",
    [
        lambda faults: faults.fail_with_status("chat.update", 503, times=6),
        lambda faults: faults.rate_limit("chat.update", retry_after=10, times=4),
        lambda faults: faults.hang("chat.update", times=2),
        lambda faults: faults.drop_answer("chat.update", times=4),
        lambda faults: faults.fail("chat.update", "internal_error", times=6),
    ],
)
async def test_after_an_outage_the_card_says_how_it_ended(
    bench: Bench, break_slack: Callable[[Any], None]
) -> None:
    card = await bench.report()
    await bench.idle()
    break_slack(bench.slack.faults)
    await bench.press(card, APPROVE)
    await bench.slack.wait_for(lambda: "undo" in buttons(bench.cards()[-1]), timeout=3600)
    assert "healthy again" in bench.cards()[-1]["text"]
    await bench.slack.wait_for(lambda: replies(bench, "healthy again"), timeout=600)
    await bench.idle()
    assert len(replies(bench, "healthy again")) == 1


async def test_a_change_never_waits_for_slack(bench: Bench) -> None:
    card = await bench.report()
    await bench.idle()
    bench.slack.faults.hang("chat.update", times=1000)
    bench.slack.faults.hang("chat.postMessage", times=1000)
    began = asyncio.get_running_loop().time()
    await bench.press(card, APPROVE)
    await bench.slack.wait_for(lambda: bench.azure.puts)
    assert bench.azure.puts[0]["at"] - began < 1


async def test_what_was_stored_before_a_kill_is_said_after_it(tmp_path: Path) -> None:
    async with SlackWorkspace.open() as slack:
        async with open_bench(tmp_path, slack=slack) as bench:
            card = await bench.report()
            await bench.idle()
            slack.faults.fail_with_status("chat.update", 503, times=1000)
            await bench.press(card, APPROVE)
            await bench.slack.wait_for(lambda: any(it.status == 503 for it in slack.calls))
            await bench.idle()
            await killed(bench)
            assert "undo" not in buttons(bench.cards()[-1])
        slack.faults.clear()
        async with restarted(tmp_path, bench) as later:
            healed = await later.card(lambda it: "undo" in buttons(it))
            assert healed["ts"] == card["ts"]
            await later.slack.wait_for(lambda: replies(later, "healthy again"))
            await later.idle()
            assert len(replies(later, "healthy again")) == 1


async def test_a_reply_that_slack_took_before_the_kill_is_not_said_twice(tmp_path: Path) -> None:
    async with SlackWorkspace.open() as slack:
        async with open_bench(tmp_path, slack=slack) as bench:
            card = await bench.report()
            await bench.idle()
            gate = slack.faults.hold("chat.postMessage")
            await bench.press(card, APPROVE)
            await bench.card(lambda it: "undo" in buttons(it))
            # The reply is on its way: Slack takes it, but the bot does not live to hear that.
            await slack.wait_for(lambda: slack.faults.quiet)
            posts = len([it for it in slack.calls if it.method == "chat.postMessage"])
            await killed(bench)
            gate.set()
            await slack.wait_for(
                lambda: len([it for it in slack.calls if it.method == "chat.postMessage"]) > posts
            )
        async with restarted(tmp_path, bench) as later:
            await later.slack.wait_for(
                lambda: any(it.method == "conversations.replies" for it in slack.calls)
            )
            await later.idle()
            assert len(replies(later, "healthy again")) == 1


async def test_where_it_may_not_look_it_says_it_rather_twice_than_never(tmp_path: Path) -> None:
    async with open_bench(tmp_path) as bench:
        card = await bench.report()
        await bench.idle()
        bench.slack.faults.drop_answer("chat.postMessage")
        bench.slack.faults.fail("conversations.replies", "missing_scope", times=9)
        await bench.press(card, APPROVE)
        await bench.card(lambda it: "undo" in buttons(it))
        await bench.slack.wait_for(lambda: len(replies(bench, "healthy again")) == 2)


async def test_a_diagnosis_that_was_killed_does_not_look_for_ever(tmp_path: Path) -> None:
    async with SlackWorkspace.open() as slack:
        async with open_bench(tmp_path, slack=slack) as bench:
            bench.azure.reading.clear()
            await bench.slack.post(ADA, INCIDENTS, "502 from gateway agw-test")
            await bench.card(lambda it: "Reading the gateway" in shown(it))
            # A kill leaves no time for last words, nor for letting go of what it held.
            slack.faults.hang("chat.update", times=99)
            _frozen(bench)
        slack.faults.clear()
        # Some seconds later: nobody has kept what the dead process held.
        await bench.database.execute("UPDATE leases SET ends = 0")
        async with restarted(tmp_path, bench) as later:
            stopped = await later.card(lambda it: "I was restarted" in shown(it))
            assert buttons(stopped) == ["diagnose_again"]


async def test_a_diagnosis_that_another_replica_took_over_says_so_on_its_card_alone(
    bench: Bench,
) -> None:
    bench.azure.reading.clear()
    await bench.slack.post(ADA, INCIDENTS, "502 from gateway agw-test")
    await bench.card(lambda it: "Reading the gateway" in shown(it))
    await bench.database.execute(
        "UPDATE leases SET holder = 'another', fence = fence + 1, ends = ends + 9999"
        " WHERE key LIKE 'examine:%'"
    )
    stopped = await bench.card(lambda it: "cut off from my database" in shown(it))
    assert buttons(stopped) == ["diagnose_again"]
    await bench.idle()
    assert bench.slack.ephemerals(ADA, INCIDENTS) == []


async def test_where_there_can_be_no_card_only_who_asked_is_told(bench: Bench) -> None:
    bench.slack.leave(INCIDENTS, "U0AGW")
    await bench.slack.command(BEN, INCIDENTS, "/agw diagnose agw-test")
    await bench.told(BEN, "not a member")
    await bench.idle()
    # Longer than the promise waits for a diagnosis.
    await asyncio.sleep(20)
    await bench.idle()
    assert bench.cards() == []
    assert bench.slack.messages(f"D{BEN}") == []
    assert await bench.unsaid() == []


async def test_an_answer_to_one_person_waits_for_slack(bench: Bench) -> None:
    card = await bench.report()
    await bench.idle()
    bench.slack.faults.fail_with_status("response_url", 503, times=9)
    bench.slack.faults.fail_with_status("chat.postEphemeral", 503, times=3)
    await bench.click(card, APPROVE, BEN)
    await bench.told(BEN, "Ask an approver")
    await bench.idle()
    assert len(bench.slack.ephemerals(BEN, INCIDENTS)) == 1
    assert await bench.unsaid() == []


async def test_an_answer_that_cannot_be_given_there_is_given_directly(bench: Bench) -> None:
    card = await bench.report()
    await bench.idle()
    bench.slack.faults.fail_with_status("response_url", 404, times=9)
    bench.slack.leave(INCIDENTS, "U0AGW")
    await bench.click(card, APPROVE, BEN)
    await bench.slack.wait_for(lambda: bench.slack.messages(f"D{BEN}"))
    (told,) = bench.slack.messages(f"D{BEN}")
    assert "Ask an approver" in told["text"]


async def test_while_slack_is_away_a_diagnosis_goes_on_and_its_card_comes_later(
    bench: Bench,
) -> None:
    bench.slack.faults.fail_with_status("chat.postMessage", 503, times=3)
    await bench.slack.post(ADA, INCIDENTS, "502 from gateway agw-test")
    card = await bench.card(lambda it: APPROVE in buttons(it))
    await bench.idle()
    assert len(bench.cards()) == 1
    assert "healthy again" in (await bench.approve(card))["text"]


async def test_a_card_that_was_deleted_is_posted_anew_with_its_buttons(bench: Bench) -> None:
    card = await bench.report()
    await bench.idle()
    await bench.app.client.chat_delete(channel=INCIDENTS, ts=card["ts"])
    await bench.press(card, APPROVE, stale=True)
    healed = await bench.card(lambda it: "undo" in buttons(it))
    await bench.slack.wait_for(lambda: bench.thread(healed))
    assert "healthy again" in bench.thread(healed)[0]["text"]
    await bench.click(healed, "undo")
    undone = await bench.card(lambda it: "undone" in it["text"])
    assert undone["ts"] == healed["ts"]
    assert len(bench.cards()) == 1


async def test_if_the_channel_is_archived_those_who_wait_are_told_directly(
    tmp_path: Path,
) -> None:
    async with open_bench(tmp_path, approvers=(ADA,)) as bench:
        card = await bench.report(person=BEN)
        await bench.idle()
        bench.slack.archive(INCIDENTS)
        await bench.press(card, APPROVE, stale=True)
        await bench.slack.wait_for(lambda: bench.slack.messages(f"D{BEN}"))
        await bench.idle()
        for person in (ADA, BEN):
            (told,) = bench.slack.messages(f"D{person}")
            assert "healthy again" in told["text"]
            assert f"<#{INCIDENTS}>" in shown(told)
        assert await bench.unsaid() == []


async def test_what_reaches_nobody_is_in_the_audit_log(tmp_path: Path) -> None:
    async with open_bench(tmp_path) as bench:
        card = await bench.report()
        await bench.idle()
        bench.slack.archive(INCIDENTS)
        bench.slack.faults.fail("chat.postMessage", "restricted_action", times=99)
        await bench.press(card, APPROVE, stale=True)
        await bench.slack.wait_for(lambda: bench.azure.puts)
        await bench.idle()
        lines = [it async for it in entries_of(bench.store) if it.action == "not_said"]
        assert any("healthy again" in it.details["said"] for it in lines)
        assert await bench.unsaid() == []


async def test_a_revoked_token_loses_nothing(bench: Bench) -> None:
    card = await bench.report()
    await bench.idle()
    bench.azure.operating.clear()
    await bench.press(card, APPROVE)
    await bench.card(lambda it: "Waiting for Azure" in shown(it))
    bench.slack.refuse_token("token_revoked")
    bench.azure.operating.set()
    calls = len(bench.slack.calls)
    await bench.slack.wait_for(lambda: len(bench.slack.calls) > calls + 5, timeout=600)
    bench.slack.refuse_token(None)
    await bench.slack.wait_for(lambda: "undo" in buttons(bench.cards()[-1]), timeout=600)


async def test_a_word_of_a_later_version_is_left_to_its_replicas(bench: Bench) -> None:
    """During an update, and for an hour after it was taken back; what it says is not known here."""
    await bench.approve(await bench.report())
    await bench.idle()
    (done,) = [it for it in await bench.store.changes() if it.state == "healthy"]
    said, kind = bench.slack.transcript(), cast("WordKind", "poll")
    await bench.shell.outbox.say(Word("later", "poll:1", kind, done.id))
    await asyncio.sleep(30)
    assert [it.kind for it in await bench.unsaid()] == [kind]
    await bench.database.execute("UPDATE outbox SET tries = $1 WHERE key = 'later'", "720")
    await bench.idle()
    await asyncio.sleep(30)
    (line,) = [it async for it in entries_of(bench.store) if it.action == "not_said"]
    assert line.details == {"said": "later", "because": "unknown_kind", "key": "later"}
    assert bench.slack.transcript() == said


async def test_a_place_that_is_slow_holds_up_no_other(tmp_path: Path) -> None:
    async with open_bench(
        tmp_path, gateway(), gateway("agw-two"), report_channels=frozenset({INCIDENTS, GENERAL})
    ) as bench:
        first = await bench.report()
        await bench.idle()
        gate = bench.slack.faults.hold("chat.update")
        await bench.click(first, "reject")
        await bench.slack.wait_for(lambda: bench.slack.faults.quiet)
        second = await bench.report("502 from gateway agw-two")
        assert APPROVE in buttons(second)
        assert "reject" in buttons(bench.cards()[0])
        gate.set()
        await bench.slack.wait_for(lambda: "*Rejected*" in shown(bench.cards()[0]))


async def test_two_replicas_say_it_once(tmp_path: Path) -> None:
    async with open_bench(tmp_path) as bench, restarted(tmp_path, bench) as other:
        card = await bench.report()
        await bench.approve(card)
        await bench.slack.wait_for(lambda: replies(bench, "healthy again"))
        await asyncio.sleep(60)
        assert len(replies(other, "healthy again")) == 1
        assert len([it for it in bench.slack.messages(INCIDENTS) if "Evidence" in it["text"]]) == 1


def _frozen(bench: Bench) -> None:
    """Nothing that this process does reaches the store any more."""

    async def nothing(*_: Any, **__: Any) -> None:
        raise Problem("killed", "This process is dead.")

    for name in ("alter_incident", "let_go", "keep"):
        setattr(bench.store, name, nothing)


class Recorder:
    """Stands for Slack: says what it is told to, after the errors that a test lines up."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.said: list[str] = []

    async def __call__(self, unsaid: Unsaid) -> str:
        if self.errors:
            raise self.errors.pop(0)
        self.said.append(unsaid.word.key)
        return "1.1"


async def delivered(bench: Bench, recorder: Recorder, *words: Word) -> tuple[Store, float]:
    """Deliver by a recorder instead of the bench's own outbox; and how long that took."""
    await bench.shell.outbox.idle()
    await bench.shell.jobs.stop(0.0)
    loop = asyncio.get_running_loop()
    began = loop.time()
    outbox = Outbox(bench.store, recorder, lambda: _at(loop.time()), "life", most_failures=4)
    task = asyncio.create_task(outbox.run())
    await outbox.say(*words)
    await outbox.idle()
    for _ in range(20):
        if await bench.unsaid():
            await asyncio.sleep(2)
    assert await bench.unsaid() == []
    task.cancel()
    await asyncio.wait({task})
    return bench.store, loop.time() - began


def _at(seconds: float) -> datetime:
    return make.NOW + timedelta(seconds=seconds)


def word(key: str, place: str = "p") -> Word:
    return Word(key, place, "card", "x")


async def test_words_of_one_place_keep_their_order_whatever_fails(bench: Bench) -> None:
    errors = (SlackProblem("ratelimited", wait=7), RuntimeError("once"), NotYet(3), TimeoutError())
    recorder = Recorder(*errors)
    _, seconds = await delivered(bench, recorder, *(word(f"{it}") for it in range(5)))
    assert recorder.said == ["0", "1", "2", "3", "4"]
    assert seconds >= 7 + 3


FAILURES = st.sampled_from(
    ("ratelimited", "unreachable", "token_revoked", "bug", "not yet", "timeout", "kill")
)


@given(st.lists(st.tuples(st.sampled_from("pqr"), st.lists(FAILURES, max_size=3)), max_size=6))
@examples(12, HealthCheck.function_scoped_fixture)
async def test_whatever_fails_each_word_is_said_once_and_in_the_order_of_its_place(
    bench: Bench, plan: list[tuple[str, list[str]]]
) -> None:
    if bench.shell.jobs.tasks:  # In the first example.
        await bench.shell.outbox.idle()
        await bench.shell.jobs.stop(0.0)
    run = secrets.token_hex(4)
    words = [word(f"{run}:{at}", f"{run}:{place}") for at, (place, _) in enumerate(plan)]
    coming = {it.key: list(failures) for it, (_, failures) in zip(words, plan, strict=True)}
    said: list[Word] = []

    async def speak(unsaid: Unsaid) -> str:
        failure = coming[unsaid.word.key].pop(0) if coming[unsaid.word.key] else ""
        match failure:
            case "":
                # As the voice does: what may have been said before a kill is looked for first.
                again = unsaid.begun or unsaid.tries > 0
                if not (again and unsaid.word in said):
                    said.append(unsaid.word)
                return "1.1"
            case "bug":
                raise RuntimeError("a bug")
            case "not yet":
                raise NotYet(1)
            case "timeout":
                raise TimeoutError
            case "kill":
                outboxes[-1].cancel()
                raise asyncio.CancelledError
        raise SlackProblem(failure)

    loop = asyncio.get_running_loop()
    outboxes: list[asyncio.Task[None]] = []
    await bench.store.say(*words)
    while await bench.unsaid():
        if not outboxes or outboxes[-1].done():
            outbox = Outbox(bench.store, speak, lambda: _at(loop.time()), f"life {len(outboxes)}")
            outboxes.append(asyncio.create_task(outbox.run()))
        await asyncio.wait(outboxes[-1:], timeout=1)
    for task in outboxes:
        task.cancel()
    await asyncio.gather(*outboxes, return_exceptions=True)
    assert sorted(it.key for it in said) == sorted(it.key for it in words)
    for place in {it.place for it in words}:
        assert [it for it in said if it.place == place] == [it for it in words if it.place == place]


async def test_the_wait_that_slack_asks_for_is_respected(bench: Bench) -> None:
    recorder = Recorder(SlackProblem("ratelimited", wait=20))
    _, seconds = await delivered(bench, recorder, word("a"))
    assert seconds >= 20


async def test_a_word_that_is_stored_twice_is_said_once(bench: Bench) -> None:
    recorder = Recorder()
    await delivered(bench, recorder, word("a"), word("a"), word("b"), word("a"))
    assert recorder.said == ["a", "b"]


async def test_what_cannot_be_said_makes_room_for_the_next(bench: Bench) -> None:
    recorder = Recorder(Unsayable("It is healthy again.", "is_archived", "/gw"))
    store, _ = await delivered(bench, recorder, word("a"), word("b"))
    assert recorder.said == ["b"]
    (line,) = [it async for it in entries_of(store) if it.action == "not_said"]
    assert line.details == {"said": "It is healthy again.", "because": "is_archived", "key": "a"}


async def test_an_error_of_our_own_is_not_tried_for_ever(bench: Bench) -> None:
    recorder = Recorder(*[RuntimeError("always")] * 100)
    await delivered(bench, recorder, word("a"))
    assert recorder.said == []
    assert len(recorder.errors) > 90


NO_ROOM: dict[Kind, tuple[str, str]] = {
    "sqlite": (
        "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END",
        "DROP TRIGGER full",
    ),
    "postgresql": (
        "ALTER TABLE audit ADD CONSTRAINT full_up CHECK (false) NOT VALID",
        "ALTER TABLE audit DROP CONSTRAINT full_up",
    ),
}
"""How the audit log takes no line, and how it takes them again."""


async def test_an_approval_that_cannot_be_stored_whole_is_not_stored_at_all(
    bench: Bench,
) -> None:
    """State, line of the audit log and hand-over stand in one transaction: approved is what begins, or nothing is."""
    card = await bench.report()
    await bench.idle()
    full, room = NO_ROOM[bench.database.kind]
    await bench.database.execute(full)
    await bench.press(card, APPROVE)
    await bench.slack.wait_for(lambda: bench.slack.ephemerals(ADA, INCIDENTS))
    assert {it.state for it in await bench.store.changes()} == {"offered"}
    assert bench.azure.puts == []
    await bench.database.execute(room)
    assert "healthy again" in (await bench.approve(card))["text"]


async def test_two_replicas_make_one_offer_of_two_presses_on_undo(tmp_path: Path) -> None:
    policy = replace(QUICK, require_second_person=True)
    rules: dict[str, Any] = {"policy": policy, "approvers": (ADA, BEN)}
    async with (
        open_bench(tmp_path, **rules) as bench,
        restarted(tmp_path, bench, **rules) as other,
    ):
        healed = await bench.approve(await bench.report(person=ADA), BEN)
        undo = button(healed, "undo")["value"]
        bench.azure.reading.clear()
        acts = [Interaction(f"k{it}", Person("T0LAB", it), INCIDENTS) for it in (ADA, BEN)]
        presses = [
            asyncio.create_task(Changing(it.shell).undo(act, undo))
            for it, act in zip((bench, other), acts, strict=True)
        ]
        await bench.slack.wait_for(
            lambda: any(
                "Somebody else has just asked" in shown(bench.slack.ephemerals(it, INCIDENTS))
                for it in (ADA, BEN)
            )
        )
        bench.azure.reading.set()
        await asyncio.gather(*presses)
        assert len([it for it in await bench.store.changes() if it.undoes]) == 1
