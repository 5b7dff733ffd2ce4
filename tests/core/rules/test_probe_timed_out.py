from bot.core.case.finding import Match
from bot.core.model.health import SimulatedHealth
from bot.core.model.observation import NoResponse, NotTried
from bot.core.rules.probe_timed_out import RULE
from tests.core.answers import SILENCE, SLOW, replied, reply
from tests.core.asking import doubts, matches, quiet
from tests.core.make import case, document, probe


def test_matches_when_the_answer_takes_longer_than_the_probe_waits() -> None:
    quick = document(probes=[probe(timeout=5, path="/health")])
    (summary,) = matches(RULE, replied(reply(200), quick, seconds=5.5))
    assert summary == "10.1.5.11 does not answer the health probe (path /health) within 5 s."
    assert quiet(RULE, replied(reply(200), quick, seconds=4.5))


def test_matches_silence_as_long_as_the_probe_waits() -> None:
    assert matches(RULE, replied(SILENCE, seconds=30.0, health=SimulatedHealth()))


def test_matches_a_connection_that_is_closed_later_than_the_probe_waits() -> None:
    closed = NoResponse("closed", "it closed the connection without a response")
    quick = document(probes=[probe(timeout=5, path="/health")])
    assert matches(RULE, replied(closed, quick, seconds=30.0))
    assert quiet(RULE, replied(closed, quick, seconds=4.0))


def test_matches_a_shorter_silence_when_the_gateway_says_the_same() -> None:
    (seen,) = RULE.check(replied(SILENCE, seconds=10.0, message=SLOW))
    assert isinstance(seen, Match)
    assert seen.confidence == "high"
    assert SLOW in seen.evidence[-1].text


def test_is_less_sure_when_only_the_gateway_waits_in_vain() -> None:
    (seen,) = RULE.check(replied(reply(200), message=SLOW))
    assert isinstance(seen, Match)
    assert seen.confidence == "medium"
    assert "only 0.1 s" in seen.evidence[0].text


def test_is_undecided_when_we_waited_less_than_the_probe_does() -> None:
    (because,) = doubts(RULE, replied(SILENCE, seconds=10.0, state="unknown"))
    assert "the health probe waits 30 s" in because


def test_is_quiet_when_the_gateway_gets_its_answer_or_says_something_else() -> None:
    assert quiet(RULE, replied(SILENCE, seconds=40.0, state="healthy"))
    assert quiet(RULE, replied(reply(200), seconds=40.0, state="healthy"))
    assert quiet(RULE, replied(SILENCE, message="Status code of the backend did not match"))


def test_leaves_to_others_what_was_not_seen_or_is_wrong_in_another_way() -> None:
    assert quiet(RULE, case(None, NotTried("outside"), message=SLOW))
    assert quiet(RULE, replied(reply(503), message=SLOW))
