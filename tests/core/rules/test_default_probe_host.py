import pytest

from bot.core.case.finding import Match
from bot.core.model.marked import plain
from bot.core.model.observation import Outcome
from bot.core.rules.default_probe_host import RULE
from tests.core.answers import NO_PROBE, replied, reply
from tests.core.asking import left_open, matches, quiet
from tests.core.make import HOST, NOT_SEEN, blind, document, probe


def test_matches_when_another_name_is_answered_healthily() -> None:
    (seen,) = RULE.check(replied(reply(404), NO_PROBE, under={HOST: 200}))
    assert isinstance(seen, Match)
    assert seen.confidence == "high"
    assert plain(seen.summary) == (
        "10.1.5.11 answers the health probe with 404: the probe asks for Host 127.0.0.1; for"
        f" {HOST} it answers as expected."
    )


def test_any_bad_status_is_explained_by_a_name_that_works() -> None:
    assert matches(RULE, replied(reply(503), NO_PROBE, under={HOST: 302}))


def test_is_less_sure_when_no_name_was_tried() -> None:
    (seen,) = RULE.check(replied(reply(400), NO_PROBE))
    assert isinstance(seen, Match)
    assert seen.confidence == "medium"
    assert "which it does not know" in plain(seen.summary)


def test_a_custom_probe_without_a_host_asks_for_the_same() -> None:
    assert matches(RULE, replied(reply(404), document(probes=[probe(host=None)])))


def test_is_quiet_when_a_name_fails_as_well_or_the_status_says_nothing_of_a_host() -> None:
    assert quiet(RULE, replied(reply(404), NO_PROBE, under={HOST: 404}))
    assert quiet(RULE, replied(reply(500), NO_PROBE))
    # An IP as Host is no name: it proves nothing either way.
    assert quiet(RULE, replied(reply(500), NO_PROBE, under={"10.1.5.11": 200}))


def test_is_quiet_for_a_named_probe_and_for_a_healthy_answer() -> None:
    assert quiet(RULE, replied(reply(404), under={"other.example": 200}))
    assert quiet(RULE, replied(reply(200), NO_PROBE))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_answer_is_left_open(outcome: Outcome) -> None:
    assert "probe_status_unexpected" in left_open(RULE, blind(NO_PROBE, outcome))
