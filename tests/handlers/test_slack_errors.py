"""What Slack's errors mean: each its own sentence, and whether waiting or another place may help."""

import pytest
from slack_sdk.errors import SlackApiError

from bot.lab.slack import SlackWorkspace
from handlers.blocks.kit import note
from handlers.slack import Slack
from handlers.slack_clients import make_client
from handlers.slack_errors import BAD_TOKEN, GONE, SlackProblem, answer_of
from tests.handlers.bench import INCIDENTS

MOVING = ("team_added_to_org", "org_login_required")
OWN = (
    *sorted(BAD_TOKEN),
    "not_in_channel",
    "is_archived",
    "restricted_action",
    "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
    "ratelimited",
    "unreachable",
    "missing_scope",
)


def test_each_has_its_own_sentence_and_what_to_do() -> None:
    told = {SlackProblem(it).message for it in OWN}
    assert len(told) == len(OWN)
    assert all(SlackProblem(it).hint for it in OWN)
    assert "(" not in "".join(told - {SlackProblem("missing_scope").message})


def test_whatever_is_out_of_reach_is_told_in_words() -> None:
    told = [SlackProblem(it) for it in (*GONE, *BAD_TOKEN, *MOVING)]
    assert not any("Slack refused" in it.message for it in told)
    assert all(it.hint not in ("", "Try again.") for it in told)


@pytest.mark.parametrize("code", MOVING)
def test_a_move_into_an_org_is_waited_for(code: str) -> None:
    assert SlackProblem(code).passes


async def test_a_rate_limit_has_two_names() -> None:
    async def call() -> None:
        raise SlackApiError("x", {"ok": False, "error": "rate_limited"})  # type: ignore[no-untyped-call]

    with pytest.raises(SlackProblem) as told:
        await answer_of(call())
    assert told.value.passes
    assert told.value.message == SlackProblem("ratelimited").message


def test_a_direct_message_is_no_channel_to_be_invited_to() -> None:
    assert "direct message" in SlackProblem("channel_not_found", "D012").message
    assert "/invite" in SlackProblem("channel_not_found", "C012").hint


def test_nothing_is_both_out_of_reach_and_worth_waiting_for() -> None:
    assert not any(SlackProblem(it).passes for it in GONE | BAD_TOKEN)
    assert all(SlackProblem(it).out_of_reach for it in GONE)


async def test_the_wait_that_slack_asks_for_is_kept() -> None:
    async with SlackWorkspace.open() as world:
        slack = Slack(make_client(world.bot_token, world.api_url))
        world.faults.rate_limit("chat.postMessage", retry_after=7, times=9)
        with pytest.raises(SlackProblem) as told:
            await slack.post(INCIDENTS, note("x"))
    assert (told.value.code, told.value.wait, told.value.passes) == ("ratelimited", 7.0, True)


@pytest.mark.parametrize("answer", ["", [], {"ok": False}, {"error": 7}, None])
async def test_what_is_not_slacks_is_an_outage(answer: object) -> None:
    async def call() -> None:
        raise SlackApiError("x", answer)  # type: ignore[no-untyped-call]

    with pytest.raises(SlackProblem) as told:
        await answer_of(call())
    assert told.value.code == "unreachable"
