import pytest

from bot.core.model.observation import NoResponse, Outcome
from bot.core.rules.probe_answer_broken import RULE
from tests.core.answers import SILENCE, replied, reply
from tests.core.asking import left_open, matches, quiet
from tests.core.make import NOT_SEEN, blind

CLOSED = NoResponse("closed", "it closed the connection without an answer")


def test_matches_and_says_how_it_broke_off() -> None:
    (summary,) = matches(RULE, replied(CLOSED))
    assert summary.endswith("no HTTP answer: it closed the connection without an answer.")
    assert matches(RULE, replied(NoResponse("malformed", "its answer is not HTTP")))


def test_is_quiet_on_silence_on_an_answer_and_when_the_gateway_gets_one() -> None:
    assert quiet(RULE, replied(SILENCE))
    assert quiet(RULE, replied(reply(500)))
    assert quiet(RULE, replied(NoResponse("client_certificate", "it wants one")))
    assert quiet(RULE, replied(CLOSED, state="healthy"))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_answer_is_left_open(outcome: Outcome) -> None:
    assert "probe_status_unexpected" in left_open(RULE, blind(None, outcome))
