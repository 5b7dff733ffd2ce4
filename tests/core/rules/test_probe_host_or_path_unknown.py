import pytest

from bot.core.case.finding import Match
from bot.core.model.marked import plain
from bot.core.model.observation import Outcome
from bot.core.rules.probe_host_or_path_unknown import RULE
from tests.core.answers import NO_PROBE, replied, reply
from tests.core.asking import left_open, matches, quiet
from tests.core.make import HOST, NOT_SEEN, blind


@pytest.mark.parametrize("status", [400, 404, 410, 421])
def test_matches_and_names_host_and_path(status: int) -> None:
    (summary,) = matches(RULE, replied(reply(status)))
    assert summary == (
        f"10.1.5.11 answers the health probe (Host {HOST}, path /) with {status}: it does not know the"
        f" host {HOST} or the path."
    )


def test_names_the_host_that_works() -> None:
    (seen,) = RULE.check(replied(reply(404), under={"other.example": 200}))
    assert isinstance(seen, Match)
    assert "for other.example it answers" in plain(seen.summary)
    command = seen.evidence[2].command
    assert command is not None
    assert "https://other.example:443/" in command


def test_matches_the_default_probe_when_a_name_fails_as_well() -> None:
    assert matches(RULE, replied(reply(404), NO_PROBE, under={HOST: 404}))


def test_is_less_sure_when_the_gateway_is_content() -> None:
    (seen,) = RULE.check(replied(reply(404), state="healthy"))
    assert isinstance(seen, Match)
    assert seen.confidence == "medium"


def test_is_quiet_when_the_default_probe_is_to_blame_or_the_status_is_another() -> None:
    assert quiet(RULE, replied(reply(404), NO_PROBE))
    assert quiet(RULE, replied(reply(405)))
    assert quiet(RULE, replied(reply(200)))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_answer_is_left_open(outcome: Outcome) -> None:
    assert "probe_status_unexpected" in left_open(RULE, blind(None, outcome))
